// What Instagram accepts, checked before a byte is sent (facts 3.2, 3.3).
import type { MediaItem, Violation } from '../../publishing/adapter';
import type { PostContent } from '../../publishing/post';
import { violation } from '../violations';
import { instagramRules } from './limits';
import { instagramMediaViolations } from './media-rules';
import { instagramOptionViolations, postKind } from './options';

export function captionOf(content: PostContent): string {
	return (content.text ?? '').normalize('NFC').trim();
}

export function validateForInstagram(content: PostContent, media: readonly MediaItem[]): Violation[] {
	const kind = postKind(content, media);
	const caption = captionOf(content);
	return [
		...(kind === 'story' ? storyCaptionViolations(caption) : captionViolations(caption)),
		...instagramOptionViolations(content, media),
		...instagramMediaViolations(kind, media),
	];
}

function storyCaptionViolations(caption: string): Violation[] {
	if (caption === '') return [];
	return [
		violation(
			'caption.story',
			`${[...caption].length} characters`,
			'none in a story',
			'Remove the caption, or write the words into the picture or video.',
		),
	];
}

function captionViolations(caption: string): Violation[] {
	const { maxCaptionChars, maxMentions, maxHashtags } = instagramRules;
	const chars = [...caption].length;
	const mentions = (caption.match(/(?<![\p{L}\p{N}_.])@[A-Za-z0-9_.]+/gu) ?? []).length;
	const hashtags = (caption.match(/#[\p{L}\p{N}_]+/gu) ?? []).length;
	return [
		...(chars > maxCaptionChars
			? [violation('caption.length', chars, `at most ${maxCaptionChars} characters`, 'Shorten the caption.')]
			: []),
		...(mentions > maxMentions
			? [violation('caption.mentions', mentions, `at most ${maxMentions}`, 'Mention fewer accounts.')]
			: []),
		...(hashtags > maxHashtags
			? [
					violation(
						'caption.hashtags',
						hashtags,
						`at most ${maxHashtags} (Instagram's own cap since December 2025)`,
						'Keep the best five hashtags.',
					),
				]
			: []),
	];
}
