import { invalidParameter } from './errors';

const MAX_TEXT = 500;
const MAX_LINKS = 5;

/** Facts 7.3: characters, and an emoji counts as many as it has bytes in UTF-8. */
export function countText(text: string): number {
	let count = 0;
	for (const character of text) {
		const isEmoji = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\u200d\ufe0f]/u.test(
			character,
		);
		count += isEmoji && !/[\u00a9\u00ae]/.test(character) ? Buffer.byteLength(character) : 1;
	}
	return count;
}

export function checkText(text: string, linkAttachment: string | undefined): void {
	if (countText(text) > MAX_TEXT) throw invalidParameter(`text must be at most ${MAX_TEXT} characters long`);
	const links = new Set([
		...(text.match(/https?:\/\/\S+/g) ?? []),
		...(linkAttachment === undefined ? [] : [linkAttachment]),
	]);
	if (links.size > MAX_LINKS) throw invalidParameter('THREADS_API__LINK_LIMIT_EXCEEDED');
}
