// What TikTok accepts, checked before anything is sent (facts 2.2, 2.5).
import type { MediaItem, Violation } from '../../publishing/adapter';
import type { PostContent } from '../../publishing/post';
import { optionViolations, violation } from '../violations';
import { tiktokRules } from './limits';
import { isPhotoPost, mediaViolations } from './media-rules';
import {
	captionOf,
	photosOnly,
	photoTitleOf,
	tiktokOptionsSchema,
	videoOnly,
	type TikTokOptions,
} from './options';

export function validateForTikTok(content: PostContent, media: readonly MediaItem[]): Violation[] {
	const options = tiktokOptionsSchema.safeParse(content.options ?? {});
	const isPhotos = isPhotoPost(media);
	return [
		...(isPhotos ? photoWordsViolations(content) : captionViolations(captionOf(content))),
		...optionViolations(tiktokOptionsSchema, content.options),
		...(options.success ? combinationViolations(options.data, isPhotos) : []),
		...(options.success && !isPhotos ? videoOptionViolations(options.data, content, media) : []),
		...(options.success && isPhotos ? coverIndexViolations(options.data, media.length) : []),
		...mediaViolations(media),
	];
}

function tooLong(rule: string, text: string, maxUnits: number): Violation[] {
	if (text.length <= maxUnits) return [];
	const allowed = `at most ${maxUnits} UTF-16 units (most emoji count 2)`;
	return [violation(rule, text.length, allowed, 'Shorten the text.')];
}

function captionViolations(caption: string): Violation[] {
	return tooLong('text.length', caption, tiktokRules.maxCaptionUnits);
}

function photoWordsViolations(content: PostContent): Violation[] {
	return [
		...tooLong('title.length', photoTitleOf(content), tiktokRules.maxPhotoTitleUnits),
		...tooLong('text.length', captionOf(content), tiktokRules.maxPhotoDescriptionUnits),
	];
}

function combinationViolations(options: TikTokOptions, isPhotos: boolean): Violation[] {
	const { brandContent, privacyLevel } = options;
	// An option that the other kind of post does not have would be lost silently; one that is off loses nothing.
	const misplaced = (isPhotos ? videoOnly : photosOnly).filter((name) => {
		const value = options[name];
		return value !== undefined && value !== false;
	});
	return [
		...(brandContent && privacyLevel === 'SELF_ONLY'
			? [
					violation(
						'option:brandContent',
						'with SELF_ONLY',
						'only where others can see it',
						'Choose another privacy, or switch off the paid partnership.',
					),
				]
			: []),
		...misplaced.map((name) =>
			violation(
				`option:${name}`,
				isPhotos ? 'with photos' : 'with a video',
				isPhotos ? 'only for videos' : 'only for photos',
				'Remove the option: TikTok has no place for it in this kind of post.',
			),
		),
	];
}

function videoOptionViolations(
	{ delivery, coverTimestampMs }: TikTokOptions,
	content: PostContent,
	[video]: readonly MediaItem[],
): Violation[] {
	const durationMs = (video?.facts.durationSec ?? Number.POSITIVE_INFINITY) * 1000;
	return [
		...(delivery === 'inbox' && captionOf(content) !== ''
			? [
					violation(
						'text.draft',
						'a caption',
						'none in a draft of a video',
						'Post directly, or leave the caption empty: the creator writes it in the TikTok app.',
					),
				]
			: []),
		...(coverTimestampMs !== undefined && coverTimestampMs > durationMs
			? [
					violation(
						'option:coverTimestampMs',
						coverTimestampMs,
						`at most ${Math.floor(durationMs)}`,
						'Choose a moment within the video.',
					),
				]
			: []),
	];
}

function coverIndexViolations({ coverIndex = 0 }: TikTokOptions, photos: number): Violation[] {
	if (coverIndex < photos) return [];
	const allowed = `0 to ${photos - 1}`;
	return [violation('option:coverIndex', coverIndex, allowed, 'Choose one of the photos, the first is 0.')];
}
