/**
 * Facts 5.3: what a reader sees of a commentary. A reserved character that is not escaped cuts the text there,
 * unless it begins a hashtag, a hashtag template or a mention.
 */
const TOKENS = [
	{ pattern: /\\([\\|{}@[\]()<>#*_~])/y, shown: (found: RegExpExecArray) => found[1] ?? '' },
	{
		pattern: /\{hashtag\|\\#\|((?:[^\\|{}@[\]()<>#*_~]|\\[\\|{}@[\]()<>#*_~])+)\}/y,
		shown: (found: RegExpExecArray) => `#${unescaped(found[1] ?? '')}`,
	},
	{ pattern: /#([\p{L}\p{N}]+)/uy, shown: (found: RegExpExecArray) => found[0] },
	{
		pattern: /@\[((?:[^\\\]]|\\.)+)\]\(urn:li:(?:organization|person):[\w-]+\)/y,
		shown: (found: RegExpExecArray) => unescaped(found[1] ?? ''),
	},
	{ pattern: /[^\\|{}@[\]()<>#*_~]+/y, shown: (found: RegExpExecArray) => found[0] },
] as const;

export function shownText(commentary: string): string {
	let shown = '';
	let position = 0;
	while (position < commentary.length) {
		const token = nextToken(commentary, position);
		if (token === undefined) return shown;
		shown += token.shown;
		position = token.end;
	}
	return shown;
}

function nextToken(text: string, position: number): { shown: string; end: number } | undefined {
	for (const { pattern, shown } of TOKENS) {
		pattern.lastIndex = position;
		const found = pattern.exec(text);
		if (found !== null) return { shown: shown(found), end: pattern.lastIndex };
	}
	return undefined;
}

function unescaped(text: string): string {
	return text.replace(/\\(.)/g, '$1');
}
