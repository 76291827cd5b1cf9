// From written text to single words.

const entities: Readonly<Record<string, string>> = {
	'&amp;': '&',
	'&lt;': '<',
	'&gt;': '>',
	'&quot;': '"',
	'&#39;': "'",
	'&nbsp;': ' ',
};

/** Spoken words only: no markup, no sound descriptions such as [Music], no speaker dashes. */
export function spokenWords(markedUp: string): string[] {
	return withoutMarkup(markedUp)
		.replace(/\[[^\]]*\]|\([A-Z\s]+\)|♪/g, ' ')
		.split(/\s+/)
		.filter((word) => /[\p{L}\p{N}]/u.test(word));
}

export const withoutMarkup = (text: string): string =>
	text
		.replace(/<[^>]*>|\{\\[^}]*\}/g, '')
		.replace(/&(?:amp|lt|gt|quot|#39|nbsp);/g, (entity) => entities[entity] ?? ' ');
