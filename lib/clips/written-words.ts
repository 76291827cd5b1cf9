// From written text to single words and back: the only place that knows where words stand without a space.

const entities: Readonly<Record<string, string>> = {
	amp: '&',
	lt: '<',
	gt: '>',
	quot: '"',
	apos: "'",
	nbsp: ' ',
	// They only say in which direction to read, which the letters say themselves.
	lrm: '',
	rlm: '',
};

/** Spoken words only: no markup, no sound descriptions such as [Music], no speaker dashes. */
export function spokenWords(markedUp: string): string[] {
	return closeUp(withoutMarkup(markedUp).replace(/\[[^\]]*\]|\([A-Z\s]+\)|♪/g, ' '))
		.split(/\s+/)
		.flatMap(splitUnspaced)
		.filter((word) => /[\p{L}\p{N}]/u.test(word));
}

// What French and others put behind a space, with the ends of quotes and brackets that follow at once. No faces :)
const APART = /(?:\s+(?![;:]\p{Pe})[?!;:%‰»›][?!;:%‰»›«‹”’“‘"'\p{Pe}.,…]*)+(?=\s|$)/gu;
const CURRENCY_APART = /(?<=\p{N})\s+(?=\p{Sc}[\p{P}]*(?:\s+[^\s\p{N}]|\s*$))/gu;
// Not where Germans end theirs with it: »Ja« sagte er.
const OPENING_APART = /(?<![^\s\p{Ps}\p{Pi}"'])([«‹])\s+/gu;

/** Every sign beside the word that it belongs to; alone it would be taken for a word, or lost. */
export const closeUp = (text: string): string =>
	text
		.replace(CURRENCY_APART, '')
		.replace(APART, (signs) => signs.replace(/\s+/g, ''))
		.replace(OPENING_APART, '$1');

// What begins like a name or a time; "5 < 6 and 7 > 6" is said.
const TAG = /<\/?[a-z][^<>]*>|<\/?>|<\d[\d:.,]*>/gi;
// Positions and styles of ASS, and the letters that older programs put in braces: {b}, {/i}, {y:i}.
const BRACED = /\{\\[^}]*\}|\{\/?[biu]\}|\{[cfpsy]:[^}]*\}/gi;
const ENTITY = /&(?:#(\d{1,6})|#x([\da-f]{1,5})|([a-z]{2,4}));/gi;

export const withoutMarkup = (text: string): string =>
	text
		.replace(TAG, '')
		.replace(BRACED, '')
		.replace(ENTITY, (entity, decimal?: string, hex?: string, name?: string) => {
			if (name !== undefined) return entities[name.toLowerCase()] ?? entity;
			return letterOf(decimal === undefined ? parseInt(hex ?? '', 16) : Number(decimal));
		});

/** Nothing where neither letter nor space has that number: a database would refuse a zero or half a letter, and lose all the text. */
function letterOf(number: number): string {
	const letter = String.fromCodePoint(number);
	return /(?!\s)[\p{Cc}\p{Cs}\p{Cn}]/u.test(letter) ? '' : letter;
}

// Chinese, Japanese, Thai, Lao, Khmer and Burmese, with the signs of their own and of full width.
const SIGN = String.raw`[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}\uFF01-\uFF60]`;
const UNSPACED = new RegExp(`(?=\\p{L})${SIGN}`, 'u');
const EACH_UNSPACED = new RegExp(SIGN, 'gu');
const ENDS_UNSPACED = new RegExp(`${SIGN}[\\p{P}\\p{S}]*$`, 'u');
const BEGINS_UNSPACED = new RegExp(`^[\\p{P}\\p{S}]*${SIGN}`, 'u');
const HAS_LETTER = /[\p{L}\p{N}]/u;
const OPENS = /^[\p{Ps}\p{Pi}]/u;
const ENDS_OPEN = /[\p{Ps}\p{Pi}]$/u;
// More than any word has of signs at its edge.
const EDGE_LETTERS = 20;
// Its dictionaries go by the script and not by this language.
const segmenter = new Intl.Segmenter('en', { granularity: 'word' });

export const isUnspaced = (text: string): boolean => UNSPACED.test(text);

/** The words of writing that has no spaces, each with its signs; any other writing as it is. */
export function splitUnspaced(text: string): string[] {
	return isUnspaced(text) ? text.trim().split(/\s+/).flatMap(splitWriting) : [text];
}

/** The words of any text, in their order. */
export const wordsOf = (text: string): string[] => text.split(' ').flatMap(splitUnspaced);

function splitWriting(text: string): string[] {
	const words: string[] = [];
	for (const { segment } of segmenter.segment(text)) {
		const before = words[words.length - 1];
		if (before === undefined || beginsWord(before, segment)) words.push(segment);
		else words[words.length - 1] = before + segment;
	}
	const last = words[words.length - 1] ?? '';
	if (words.length < 2 || HAS_LETTER.test(last)) return words;
	return [...words.slice(0, -2), (words[words.length - 2] ?? '') + last];
}

function beginsWord(before: string, segment: string): boolean {
	const isStart = HAS_LETTER.test(segment) || OPENS.test(segment);
	return isStart && HAS_LETTER.test(before) && !ENDS_OPEN.test(before) && joint(before, segment) === '';
}

/** What stands between two words that follow each other. */
export function joint(before: string, after: string): '' | ' ' {
	const isTogether =
		ENDS_UNSPACED.test(before.slice(-EDGE_LETTERS)) && BEGINS_UNSPACED.test(after.slice(0, EDGE_LETTERS));
	return isTogether ? '' : ' ';
}

/** Words as a text; where something else is shown in their places, such as a word with its colour, that. */
export function joinWords(words: readonly string[], shown: readonly string[] = words): string {
	return shown
		.map((text, index) => (index === 0 ? text : joint(words[index - 1] ?? '', words[index] ?? '') + text))
		.join('');
}

/** What two spellings of one sentence share: words, and single letters where words have no spaces between them. */
export function comparableParts(text: string): string[] {
	return text
		.toLowerCase()
		.replace(EACH_UNSPACED, ' $& ')
		.split(/\s+/)
		.map((part) => part.replace(/[^\p{L}\p{N}]/gu, ''))
		.filter(Boolean);
}

/** How much room writing takes, in letters of the Latin kind. */
export function widthInLetters(text: string, wide: number): number {
	let width = 0;
	for (const letter of text) width += WIDE.test(letter) ? wide : MARK.test(letter) ? 0 : 1;
	return width;
}
const WIDE = /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\uFF01-\uFF60]/u;
const MARK = /\p{Mn}/u;
