// What YouTube accepts, checked before a byte is sent (facts 1.4), and the metadata made from it (1.2).
import { z } from 'zod';
import type { MediaFacts, Violation } from '../../publishing/adapter';
import type { PostContent } from '../../publishing/post';
import { durationViolations, optionViolations, sizeViolations, violation } from '../violations';
import { youtubeRules } from './limits';

export const youtubeOptionsSchema = z.strictObject({
	privacyStatus: z.enum(['public', 'unlisted', 'private']).default('private'),
	categoryId: z.string().regex(/^\d+$/).default('22'),
	madeForKids: z.boolean().default(false),
	containsSyntheticMedia: z.boolean().optional(),
	publishAt: z.iso.datetime({ offset: true }).optional(),
	notifySubscribers: z.boolean().default(true),
});

export type YouTubeOptions = z.infer<typeof youtubeOptionsSchema>;

export function validateForYouTube(content: PostContent, media: MediaFacts | null): Violation[] {
	return [
		...titleViolations(content.title ?? ''),
		...descriptionViolations(content.description ?? ''),
		...tagViolations(content.tags ?? []),
		...hashtagViolations(`${content.title ?? ''} ${content.description ?? ''}`),
		...optionViolations(youtubeOptionsSchema, content.options),
		...scheduleViolations(content),
		...mediaViolations(media),
	];
}

function titleViolations(title: string): Violation[] {
	const length = [...title].length;
	const { maxTitleChars } = youtubeRules;
	if (title.trim() === '')
		return [violation('title', 'empty', '1 to 100 characters', 'Give the video a title.')];
	return [
		...(length > maxTitleChars
			? [violation('title.length', length, `at most ${maxTitleChars} characters`, 'Shorten the title.')]
			: []),
		...bracketViolations('title', title),
	];
}

function descriptionViolations(description: string): Violation[] {
	const sizeBytes = Buffer.byteLength(description, 'utf8');
	const allowed = `at most ${youtubeRules.maxDescriptionBytes} bytes (an emoji is 4 or more)`;
	return [
		...(sizeBytes > youtubeRules.maxDescriptionBytes
			? [violation('description.bytes', sizeBytes, allowed, 'Shorten the description.')]
			: []),
		...bracketViolations('description', description),
	];
}

function bracketViolations(field: string, text: string): Violation[] {
	if (!/[<>]/.test(text)) return [];
	return [
		violation(`${field}.characters`, '< or >', 'no angle brackets', `Remove < and > from the ${field}.`),
	];
}

/** The commas between tags count, and a tag with a space is counted with two quotes around it. */
export function countTagChars(tags: readonly string[]): number {
	const counted = tags.map((tag) => [...tag].length + (tag.includes(' ') ? 2 : 0));
	return counted.reduce((sum, chars) => sum + chars, Math.max(0, tags.length - 1));
}

function tagViolations(tags: readonly string[]): Violation[] {
	const chars = countTagChars(tags);
	const allowed = `at most ${youtubeRules.maxTagChars} characters in all`;
	return [
		...(chars > youtubeRules.maxTagChars
			? [violation('tags.length', chars, allowed, 'Use fewer tags.')]
			: []),
		...(tags.some((tag) => tag.trim() === '')
			? [violation('tags', 'an empty tag', 'no empty tags', 'Remove the empty tag.')]
			: []),
		...bracketViolations('tags', tags.join(' ')),
	];
}

function hashtagViolations(text: string): Violation[] {
	const count = text.match(/#[\p{L}\p{N}_]+/gu)?.length ?? 0;
	if (count <= youtubeRules.maxHashtags) return [];
	const allowed = `at most ${youtubeRules.maxHashtags}; beyond that YouTube ignores all of them`;
	return [violation('hashtags', count, allowed, 'Use fewer hashtags.')];
}

function scheduleViolations(content: PostContent): Violation[] {
	const options = youtubeOptionsSchema.safeParse(content.options ?? {});
	if (!options.success || !options.data.publishAt || options.data.privacyStatus === 'private') return [];
	const fix = 'Set the privacy to private; YouTube makes the video public at that time.';
	return [violation('publishAt', `with ${options.data.privacyStatus}`, 'only with private', fix)];
}

function mediaViolations(media: MediaFacts | null): Violation[] {
	if (!media) return [violation('media', 'none', 'one video', 'Give the node a video file.')];
	const isVideo = media.mimeType.startsWith('video/') || media.mimeType === 'application/octet-stream';
	return [
		...(isVideo ? [] : [violation('media.type', media.mimeType, 'a video', 'Give the node a video file.')]),
		...sizeViolations(media, youtubeRules.maxFileBytes),
		...durationViolations(media, {
			minSec: youtubeRules.minDurationSec,
			maxSec: youtubeRules.maxDurationSec,
		}),
	];
}

/**
 * The body that opens the upload. The privacy is always said: since 2026-11-02 a missing one means public
 * (facts 1.2), and a video that nobody meant to show cannot be unseen.
 */
export function videoMetadata(content: PostContent): { body: unknown; notifySubscribers: boolean } {
	const options = youtubeOptionsSchema.parse(content.options ?? {});
	const body = {
		snippet: {
			title: content.title,
			description: content.description ?? '',
			...(content.tags?.length && { tags: content.tags }),
			categoryId: options.categoryId,
		},
		status: {
			privacyStatus: options.privacyStatus,
			selfDeclaredMadeForKids: options.madeForKids,
			...(options.containsSyntheticMedia !== undefined && {
				containsSyntheticMedia: options.containsSyntheticMedia,
			}),
			...(options.publishAt && { publishAt: options.publishAt }),
		},
	};
	return { body, notifySubscribers: options.notifySubscribers };
}
