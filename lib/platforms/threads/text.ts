// What Threads accepts, checked before anything is asked of it (facts 7.2, 7.3).
import type { MediaItem, Violation } from '../../publishing/adapter';
import type { PostContent } from '../../publishing/post';
import { violation } from '../violations';
import { threadsRules as rules } from './rules';
import { threadsMediaViolations } from './media-rules';
import { threadsOptionsSchema, threadsOptionViolations } from './options';

export function textOf(content: PostContent): string {
	return (content.text ?? '').normalize('NFC').trim();
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Characters, and every emoji as many as it has bytes in UTF-8 (facts 7.3): a family of three is 18. */
export function countText(text: string): number {
	let count = 0;
	for (const { segment } of segmenter.segment(text)) {
		count += isEmoji(segment) ? Buffer.byteLength(segment) : [...segment].length;
	}
	return count;
}

/** Digits and `#` can begin an emoji as well, and © is a picture only when it is asked to be one. */
function isEmoji(grapheme: string): boolean {
	if (/\p{Emoji_Presentation}|\u20e3/u.test(grapheme)) return true;
	return /\p{Extended_Pictographic}/u.test(grapheme) && !/^[\u00a9\u00ae\u2122](?!\ufe0f)/u.test(grapheme);
}

export function linksIn(text: string): readonly string[] {
	return [...new Set(text.match(/https?:\/\/[^\s<>"]+/gi) ?? [])];
}

export function validateForThreads(content: PostContent, media: readonly MediaItem[]): Violation[] {
	return [
		...textViolations(content, media.length > 0),
		...threadsOptionViolations(content, media.length > 0),
		...threadsMediaViolations(media),
	];
}

function textViolations(content: PostContent, hasMedia: boolean): Violation[] {
	const text = textOf(content);
	const { linkAttachment } = threadsOptionsSchema.safeParse(content.options ?? {}).data ?? {};
	const links = new Set([...linksIn(text), ...(linkAttachment ? [linkAttachment] : [])]).size;
	const length = countText(text);
	const allowed = `at most ${rules.maxText} (an emoji counts as its bytes)`;
	return [
		...(text === '' && !hasMedia
			? [violation('text', 'empty', 'text or media', 'Write a text, or give the node media.')]
			: []),
		...(length > rules.maxText ? [violation('text.length', length, allowed, 'Shorten the text.')] : []),
		...(links > rules.maxLinks
			? [violation('text.links', links, `at most ${rules.maxLinks}`, 'Remove links.')]
			: []),
	];
}
