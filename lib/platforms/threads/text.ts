// What Threads accepts, checked before anything is asked of it (facts 7.2, 7.3).
import { z } from 'zod';
import type { MediaFacts, Violation } from '../../publishing/adapter';
import type { PostContent } from '../../publishing/post';
import { durationViolations, optionViolations, sizeViolations, violation } from '../violations';
import { threadsRules as rules } from './limits';

export const threadsOptionsSchema = z.strictObject({
	/** Missing means everyone. */
	replyControl: z
		.enum(['everyone', 'accounts_you_follow', 'mentioned_only', 'parent_post_author_only', 'followers_only'])
		.optional(),
	topicTag: z
		.string()
		.regex(/^[^.&]+$/u, 'without a dot and without &')
		.max(rules.maxTopicTagChars, `at most ${rules.maxTopicTagChars} characters`)
		.optional(),
	altText: z.string().max(rules.maxAltTextChars, `at most ${rules.maxAltTextChars} characters`).optional(),
	/** The card under a post without media. */
	linkAttachment: z.url({ protocol: /^https?$/, error: 'a web address' }).optional(),
	isSpoilerMedia: z.boolean().optional(),
});

export type ThreadsOptions = z.infer<typeof threadsOptionsSchema>;

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

export function validateForThreads(content: PostContent, media: MediaFacts | null): Violation[] {
	const broken = optionViolations(threadsOptionsSchema, content.options);
	const options = threadsOptionsSchema.safeParse(content.options ?? {}).data ?? {};
	return [
		...textViolations(textOf(content), options, media),
		...broken,
		...(media ? mediaViolations(media) : []),
	];
}

function textViolations(text: string, options: ThreadsOptions, media: MediaFacts | null): Violation[] {
	const { linkAttachment, altText } = options;
	const links = new Set([...linksIn(text), ...(linkAttachment ? [linkAttachment] : [])]).size;
	const length = countText(text);
	const allowed = `at most ${rules.maxText} (an emoji counts as its bytes)`;
	return [
		...(text === '' && !media
			? [violation('text', 'empty', 'text or media', 'Write a text, or give the node media.')]
			: []),
		...(length > rules.maxText ? [violation('text.length', length, allowed, 'Shorten the text.')] : []),
		...(links > rules.maxLinks
			? [violation('text.links', links, `at most ${rules.maxLinks}`, 'Remove links.')]
			: []),
		...(linkAttachment && media
			? [
					violation(
						'linkAttachment',
						'a link with media',
						'only without media',
						'Put the link into the text, or post without media.',
					),
				]
			: []),
		...(altText && !media
			? [violation('altText', 'no media', 'only with media', 'Remove the alternative text.')]
			: []),
	];
}

const mimeTypes: Readonly<Record<MediaFacts['kind'], readonly string[]>> = {
	video: ['video/mp4', 'video/quicktime'],
	image: ['image/jpeg', 'image/png'],
	gif: [],
	document: [],
};

function mediaViolations(media: MediaFacts): Violation[] {
	const types = mimeTypes[media.kind];
	const allowed = types.join(', ') || 'MP4, MOV, JPEG or PNG';
	return [
		...(types.includes(media.mimeType)
			? []
			: [violation('media.type', media.mimeType, allowed, 'Convert the media to one of these.')]),
		...sizeViolations(media, media.kind === 'video' ? rules.maxVideoBytes : rules.maxImageBytes),
		...(media.kind === 'video' ? videoViolations(media) : []),
		...(media.kind === 'image' ? imageViolations(media) : []),
	];
}

function videoViolations(media: MediaFacts): Violation[] {
	const { widthPx, heightPx, framesPerSec } = media;
	const fps = { min: rules.minFramesPerSec, max: rules.maxFramesPerSec };
	// ffprobe's 23.976 is what the docs call 23.
	const isOddRate = framesPerSec !== undefined && (framesPerSec < fps.min || framesPerSec > fps.max);
	const aspect = widthPx && heightPx ? widthPx / heightPx : null;
	return [
		...durationViolations(media, { minSec: 0, maxSec: rules.maxVideoSec }),
		...(isOddRate
			? [
					violation(
						'media.frame-rate',
						framesPerSec,
						`${fps.min} to ${fps.max}`,
						'Render at 30 frames per second.',
					),
				]
			: []),
		...(widthPx !== undefined && widthPx > rules.maxVideoWidthPx
			? [violation('media.width', `${widthPx} px`, `at most ${rules.maxVideoWidthPx} px`, 'Render smaller.')]
			: []),
		...(aspect !== null && (aspect > rules.maxAspect || aspect < rules.minVideoAspect)
			? [violation('media.aspect', `${widthPx}×${heightPx}`, '0.01:1 to 10:1', 'Crop the video.')]
			: []),
	];
}

/** A width outside of 320 to 1440 is scaled by Threads itself; only the shape is refused. */
function imageViolations({ widthPx, heightPx }: MediaFacts): Violation[] {
	const aspect = widthPx && heightPx ? Math.max(widthPx / heightPx, heightPx / widthPx) : 1;
	if (aspect <= rules.maxAspect) return [];
	return [violation('media.aspect', `${widthPx}×${heightPx}`, 'at most 10:1', 'Crop the image.')];
}

/** The form that makes a container. Nothing is passed through: Threads ignores what it does not know. */
export function containerForm(
	content: PostContent,
	media: { readonly mimeType: string; readonly url: string } | null,
): Record<string, string> {
	const options = threadsOptionsSchema.parse(content.options ?? {});
	const text = textOf(content);
	return {
		...mediaFields(media),
		...(text !== '' && { text }),
		...(options.replyControl && { reply_control: options.replyControl }),
		...(options.topicTag && { topic_tag: options.topicTag }),
		...(options.altText && media && { alt_text: options.altText }),
		...(options.linkAttachment && !media && { link_attachment: options.linkAttachment }),
		...(options.isSpoilerMedia && media && { is_spoiler_media: 'true' }),
	};
}

function mediaFields(media: { mimeType: string; url: string } | null): Record<string, string> {
	if (!media) return { media_type: 'TEXT' };
	return media.mimeType.startsWith('image/')
		? { media_type: 'IMAGE', image_url: media.url }
		: { media_type: 'VIDEO', video_url: media.url };
}
