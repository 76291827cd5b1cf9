// What LinkedIn accepts, checked before a byte is sent (facts 5.3, 5.4).
import { z } from 'zod';
import type { MediaFacts, MediaItem, Violation } from '../../publishing/adapter';
import type { PostContent } from '../../publishing/post';
import { durationViolations, optionViolations, sizeViolations, violation } from '../violations';
import { linkedInRules } from './limits';
import { toLittleText } from './little-text';

export const linkedInOptionsSchema = z.strictObject({
	/** Missing means the connected member. */
	author: z
		.string()
		.regex(/^urn:li:(person|organization):[\w-]+$/, 'urn:li:organization:123 or urn:li:person:AbC')
		.optional(),
	/** Missing means everyone. */
	visibility: z.enum(['PUBLIC', 'CONNECTIONS', 'LOGGED_IN']).optional(),
	/** A link with a card: LinkedIn does not look for links in the text. */
	articleUrl: z.url({ protocol: /^https?$/, error: 'a web address' }).optional(),
	disableReshare: z.boolean().optional(),
});

export function commentaryOf(content: PostContent): string {
	return toLittleText((content.text ?? '').normalize('NFC').trim());
}

export function validateForLinkedIn(content: PostContent, media: readonly MediaItem[]): Violation[] {
	const isArticle = content.options?.['articleUrl'] !== undefined;
	return [
		...textViolations(content, isArticle || media.length > 0),
		...optionViolations(linkedInOptionsSchema, content.options),
		...(isArticle ? articleViolations(content, media) : mixtureViolations(media)),
		...media.flatMap(({ facts }) => mediaViolations(facts)),
	];
}

function textViolations(content: PostContent, hasMore: boolean): Violation[] {
	const commentary = commentaryOf(content);
	if (commentary === '' && !hasMore) {
		return [violation('text', 'empty', 'text, media or an article', 'Write a text, or give the node media.')];
	}
	const { maxCommentaryChars } = linkedInRules;
	if (commentary.length <= maxCommentaryChars) return [];
	const allowed = `at most ${maxCommentaryChars} (each of \\ | { } @ [ ] ( ) < > # * _ ~ counts twice)`;
	return [violation('text.length', commentary.length, allowed, 'Shorten the text.')];
}

function articleViolations({ title }: PostContent, media: readonly MediaItem[]): Violation[] {
	const hasOther = media.length > 1 || media.some(({ facts }) => !isPicture(facts));
	return [
		...(hasOther
			? [
					violation(
						'article',
						`an article and ${countsOf(media)}`,
						'an article with at most one picture, its thumbnail',
						'Remove the media or the article link.',
					),
				]
			: []),
		...(title?.trim()
			? []
			: [violation('title', 'empty', 'a title for the article', 'Write the title that the link shows.')]),
	];
}

function mixtureViolations(media: readonly MediaItem[]): Violation[] {
	const { maxImages } = linkedInRules;
	if (media.length <= 1) return [];
	const allowed = `one video, one document, or up to ${maxImages} pictures`;
	if (!media.every(({ facts }) => isPicture(facts))) {
		return [violation('media.mixture', countsOf(media), allowed, 'Make a post for each of them.')];
	}
	if (media.length <= maxImages) return [];
	return [violation('media.count', media.length, allowed, 'Make a second post for the rest.')];
}

function isPicture({ kind }: MediaFacts): boolean {
	return kind === 'image' || kind === 'gif';
}

function countsOf(media: readonly MediaItem[]): string {
	const pictures = media.filter(({ facts }) => isPicture(facts)).length;
	const others = media.flatMap(({ facts }) => (isPicture(facts) ? [] : [facts.kind]));
	return [
		...(pictures > 0 ? [`${pictures} ${pictures === 1 ? 'picture' : 'pictures'}`] : []),
		...others,
	].join(', ');
}

const pictureTypes = ['image/jpeg', 'image/png', 'image/gif'];
const office = 'application/vnd.openxmlformats-officedocument';
const mimeTypes: Readonly<Record<MediaFacts['kind'], readonly string[]>> = {
	video: ['video/mp4'],
	image: pictureTypes,
	gif: pictureTypes,
	document: [
		'application/pdf',
		'application/msword',
		'application/vnd.ms-powerpoint',
		`${office}.wordprocessingml.document`,
		`${office}.presentationml.presentation`,
	],
};
const typeNames: Readonly<Record<MediaFacts['kind'], string>> = {
	video: 'MP4',
	image: 'JPEG, PNG or GIF',
	gif: 'JPEG, PNG or GIF',
	document: 'PDF, PPT, PPTX, DOC or DOCX',
};
const maxBytes: Readonly<Record<MediaFacts['kind'], number>> = {
	video: linkedInRules.maxVideoBytes,
	image: linkedInRules.maxImageBytes,
	gif: linkedInRules.maxImageBytes,
	document: linkedInRules.maxDocumentBytes,
};

function mediaViolations(media: MediaFacts): Violation[] {
	const { kind, mimeType } = media;
	return [
		...(mimeTypes[kind].includes(mimeType)
			? []
			: [violation('media.type', mimeType, typeNames[kind], 'Convert the media to one of these.')]),
		...sizeViolations(media, maxBytes[kind]),
		...(kind === 'video' ? videoViolations(media) : []),
		...(isPicture(media) ? pixelViolations(media) : []),
	];
}

function videoViolations(media: MediaFacts): Violation[] {
	const { sizeBytes, widthPx = 0, heightPx = 0, framesPerSec = 0 } = media;
	const { minVideoBytes, minVideoSec, maxVideoSec, maxAspect, maxFramesPerSec, maxSidePx } = linkedInRules;
	const size = `${widthPx}×${heightPx}`;
	const aspect = widthPx > 0 && heightPx > 0 ? Math.max(widthPx / heightPx, heightPx / widthPx) : 1;
	const found = durationViolations(media, { minSec: minVideoSec, maxSec: maxVideoSec });
	const add = (rule: string, is: string | number, allowed: string, fix: string): void => {
		found.push(violation(rule, is, allowed, fix));
	};
	if (sizeBytes > 0 && sizeBytes < minVideoBytes) {
		add('media.size', `${sizeBytes} bytes`, `at least ${minVideoBytes} bytes`, 'Render it larger.');
	}
	if (aspect > maxAspect) {
		add('media.aspect', size, `between 1:${maxAspect} and ${maxAspect}:1`, 'Crop it, for example to 9:16.');
	}
	if (Math.max(widthPx, heightPx) > maxSidePx) {
		add('media.size-px', size, `sides of at most ${maxSidePx}`, 'Render smaller.');
	}
	if (framesPerSec > maxFramesPerSec) {
		add('media.frame-rate', framesPerSec, `at most ${maxFramesPerSec}`, 'Render at 30 frames.');
	}
	return found;
}

function pixelViolations({ widthPx = 0, heightPx = 0 }: MediaFacts): Violation[] {
	const { maxImagePixels } = linkedInRules;
	if (widthPx * heightPx <= maxImagePixels) return [];
	return [
		violation('media.pixels', widthPx * heightPx, `at most ${maxImagePixels}`, 'Scale the picture down.'),
	];
}
