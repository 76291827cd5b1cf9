// What Facebook accepts, checked before a byte is sent (facts 6.2, 6.3).
import type { MediaFacts, MediaItem, Violation } from '../../publishing/adapter';
import type { PostContent } from '../../publishing/post';
import { durationViolations, optionViolations, sizeViolations, violation } from '../violations';
import { facebookRules } from './limits';
import { facebookOptionsSchema, kindOf, type PostKind } from './options';

export function textOf(content: PostContent): string {
	return (content.text ?? '').normalize('NFC').trim();
}

export function validateForFacebook(content: PostContent, media: readonly MediaItem[]): Violation[] {
	const options = facebookOptionsSchema.safeParse(content.options ?? {});
	if (!options.success) return optionViolations(facebookOptionsSchema, content.options);
	const { link, placement, scheduledPublishTime } = options.data;
	const kind = kindOf(options.data, media);
	const isStory = placement === 'story';
	return [
		...(isStory
			? storyViolations(content, { mediaCount: media.length, link, scheduledPublishTime })
			: textViolations(textOf(content), { hasMore: media.length > 0 || link !== undefined })),
		...(!isStory && link && media.length > 0 ? [linkWithMedia(link)] : []),
		...mixtureViolations(media, isStory),
		...media.flatMap(({ facts }) => mediaViolations(facts, kind)),
	];
}

function textViolations(text: string, { hasMore }: { hasMore: boolean }): Violation[] {
	if (text === '' && !hasMore) {
		return [violation('text', 'empty', 'text, a link or media', 'Write a text, or give the node media.')];
	}
	const { maxTextChars } = facebookRules;
	if (text.length <= maxTextChars) return [];
	return [violation('text.length', text.length, `at most ${maxTextChars} characters`, 'Shorten the text.')];
}

interface StoryExtras {
	readonly mediaCount: number;
	readonly link: string | undefined;
	readonly scheduledPublishTime: string | undefined;
}

/** Facts 6.2: the call that publishes a story takes the medium and nothing else. */
function storyViolations(
	content: PostContent,
	{ mediaCount, link, scheduledPublishTime }: StoryExtras,
): Violation[] {
	const found: Violation[] = [];
	const text = textOf(content) || content.title?.trim();
	const remove = (rule: string, is: string, fix: string): void => {
		found.push(violation(rule, is, 'nothing in a story', fix));
	};
	if (mediaCount === 0) {
		found.push(violation('media', 'none', 'one photo or one video', 'Give the node the media of the story.'));
	}
	if (text) remove('text', `${text.length} characters`, 'Remove the text, or write it into the picture.');
	if (link) remove('option:link', link, 'Remove the link.');
	if (scheduledPublishTime) {
		remove('option:scheduledPublishTime', scheduledPublishTime, 'Remove it, and plan the post in the queue.');
	}
	return found;
}

function linkWithMedia(link: string): Violation {
	const fix = 'Write the link into the text, or remove the media.';
	return violation('option:link', link, 'only in a post without media', fix);
}

function mixtureViolations(media: readonly MediaItem[], isStory: boolean): Violation[] {
	if (media.length <= 1) return [];
	if (isStory) {
		return [violation('media.count', media.length, 'one photo or video', 'Make a story for each of them.')];
	}
	const { maxPhotos } = facebookRules;
	const allowed = `one video, or up to ${maxPhotos} photos`;
	const videos = media.filter(({ facts }) => facts.kind === 'video').length;
	if (videos > 0) {
		const found = `${videos} of ${media.length} are videos`;
		return [violation('media.mixture', found, allowed, 'Make a post for each of them.')];
	}
	if (media.length <= maxPhotos) return [];
	return [violation('media.count', media.length, allowed, 'Make a second post for the rest.')];
}

const photoTypes = ['image/jpeg', 'image/png'];
const longVideoTypes = ['video/mp4', 'video/quicktime'];

function mediaViolations(media: MediaFacts, kind: PostKind): Violation[] {
	const isVideo = media.kind === 'video';
	const types = isVideo ? (kind === 'video' ? longVideoTypes : ['video/mp4']) : photoTypes;
	return [
		...(types.includes(media.mimeType)
			? []
			: [violation('media.type', media.mimeType, types.join(', '), 'Convert the media to one of these.')]),
		...sizeViolations(media, isVideo ? facebookRules.maxVideoBytes : facebookRules.maxPhotoBytes),
		...(isVideo ? videoViolations(media, kind) : []),
	];
}

/** Facts 6.2: a story is a reel of at most a minute. */
function videoViolations(media: MediaFacts, kind: PostKind): Violation[] {
	if (kind === 'video') return durationViolations(media, facebookRules.video);
	return [
		...durationViolations(media, kind === 'video-story' ? facebookRules.story : facebookRules.reel),
		...pictureViolations(media),
		...codecViolations(media),
	];
}

/** Encoders round to even numbers, so a picture may miss the exact ratio by a little. */
const aspectTolerance = 0.01;
const orVideo = 'Render the clip for it, or publish it in the feed with the type Video instead of Reel.';

function pictureViolations({ widthPx, heightPx, framesPerSec }: MediaFacts): Violation[] {
	const { minWidthPx, minHeightPx, aspect, minFramesPerSec, maxFramesPerSec } = facebookRules.reel;
	const found: Violation[] = [];
	if (widthPx !== undefined && heightPx !== undefined && heightPx > 0) {
		const size = `${widthPx}×${heightPx}`;
		if (Math.abs(widthPx / heightPx - aspect) > aspectTolerance) {
			found.push(violation('media.aspect', size, '9:16', orVideo));
		} else if (widthPx < minWidthPx || heightPx < minHeightPx) {
			found.push(violation('media.size-px', size, `${minWidthPx}×${minHeightPx} or more`, orVideo));
		}
	}
	if (
		framesPerSec !== undefined &&
		(framesPerSec < minFramesPerSec - 0.1 || framesPerSec > maxFramesPerSec)
	) {
		const allowed = `${minFramesPerSec} to ${maxFramesPerSec}`;
		found.push(violation('media.frame-rate', framesPerSec, allowed, orVideo));
	}
	return found;
}

const videoCodecs = ['h264', 'hevc', 'vp9', 'av1'];
const audioCodecs = ['aac'];

function codecViolations({ videoCodec, audioCodec }: MediaFacts): Violation[] {
	return [
		...(videoCodec === undefined || videoCodecs.includes(videoCodec)
			? []
			: [violation('media.video-codec', videoCodec, videoCodecs.join(', '), orVideo)]),
		...(audioCodec === undefined || audioCodecs.includes(audioCodec)
			? []
			: [violation('media.audio-codec', audioCodec, audioCodecs.join(', '), orVideo)]),
	];
}
