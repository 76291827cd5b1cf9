// What LinkedIn accepts, checked before a byte is sent (facts 5.3, 5.4), and the body of a post.
import { z } from 'zod';
import type { MediaFacts, Violation } from '../../publishing/adapter';
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
	altText: z.string().optional(),
	disableReshare: z.boolean().optional(),
});

export function commentaryOf(content: PostContent): string {
	return toLittleText((content.text ?? '').normalize('NFC').trim());
}

export function validateForLinkedIn(content: PostContent, media: MediaFacts | null): Violation[] {
	return [
		...textViolations(content, media !== null),
		...optionViolations(linkedInOptionsSchema, content.options),
		...articleViolations(content, media !== null),
		...(media ? mediaViolations(media) : []),
	];
}

function textViolations(content: PostContent, hasMedia: boolean): Violation[] {
	const commentary = commentaryOf(content);
	const hasContent = hasMedia || content.options?.['articleUrl'] !== undefined;
	if (commentary === '' && !hasContent) {
		return [violation('text', 'empty', 'text, media or an article', 'Write a text, or give the node media.')];
	}
	const { maxCommentaryChars } = linkedInRules;
	if (commentary.length <= maxCommentaryChars) return [];
	const allowed = `at most ${maxCommentaryChars} (each of \\ | { } @ [ ] ( ) < > # * _ ~ counts twice)`;
	return [violation('text.length', commentary.length, allowed, 'Shorten the text.')];
}

function articleViolations({ title, options }: PostContent, hasMedia: boolean): Violation[] {
	if (options?.['articleUrl'] === undefined) return [];
	return [
		...(hasMedia
			? [violation('article', 'an article and media', 'one of them', 'Remove the media or the article link.')]
			: []),
		...(title?.trim()
			? []
			: [violation('title', 'empty', 'a title for the article', 'Write the title that the link shows.')]),
	];
}

function mediaViolations(media: MediaFacts): Violation[] {
	const isVideo = media.kind === 'video';
	const types = isVideo ? ['video/mp4'] : ['image/jpeg', 'image/png', 'image/gif'];
	const { maxVideoBytes, maxImageBytes } = linkedInRules;
	return [
		...(types.includes(media.mimeType)
			? []
			: [violation('media.type', media.mimeType, types.join(', '), 'Convert the media to one of these.')]),
		...sizeViolations(media, isVideo ? maxVideoBytes : maxImageBytes),
		...(isVideo ? videoViolations(media) : pixelViolations(media)),
	];
}

function videoViolations(media: MediaFacts): Violation[] {
	const { sizeBytes, widthPx = 0, heightPx = 0, framesPerSec = 0 } = media;
	const { minVideoBytes, minVideoSec, maxVideoSec, maxAspect, maxFramesPerSec, maxSidePx } = linkedInRules;
	const size = `${widthPx}×${heightPx}`;
	const aspect = widthPx > 0 && heightPx > 0 ? Math.max(widthPx / heightPx, heightPx / widthPx) : 1;
	const allowedAspect = `between 1:${maxAspect} and ${maxAspect}:1`;
	return [
		...(sizeBytes > 0 && sizeBytes < minVideoBytes
			? [
					violation(
						'media.size',
						`${sizeBytes} bytes`,
						`at least ${minVideoBytes} bytes`,
						'Render it larger.',
					),
				]
			: []),
		...durationViolations(media, { minSec: minVideoSec, maxSec: maxVideoSec }),
		...(aspect > maxAspect
			? [violation('media.aspect', size, allowedAspect, 'Crop the video, for example to 9:16.')]
			: []),
		...(Math.max(widthPx, heightPx) > maxSidePx
			? [violation('media.size-px', size, `sides of at most ${maxSidePx}`, 'Render smaller.')]
			: []),
		...(framesPerSec > maxFramesPerSec
			? [violation('media.frame-rate', framesPerSec, `at most ${maxFramesPerSec}`, 'Render at 30 frames.')]
			: []),
	];
}

function pixelViolations({ widthPx = 0, heightPx = 0 }: MediaFacts): Violation[] {
	const { maxImagePixels } = linkedInRules;
	if (widthPx * heightPx <= maxImagePixels) return [];
	return [
		violation('media.pixels', widthPx * heightPx, `at most ${maxImagePixels}`, 'Scale the picture down.'),
	];
}

/** The body of the publishing call. The same content gives the same body: LinkedIn knows a repeat by it. */
export function postBody(
	content: PostContent,
	{ author, mediaUrn }: { readonly author: string; readonly mediaUrn: string | null },
): Record<string, unknown> {
	const options = linkedInOptionsSchema.parse(content.options ?? {});
	const attached = attachment(content, options, mediaUrn);
	return {
		author,
		commentary: commentaryOf(content),
		visibility: options.visibility ?? 'PUBLIC',
		distribution: { feedDistribution: 'MAIN_FEED', targetEntities: [], thirdPartyDistributionChannels: [] },
		...(attached && { content: attached }),
		lifecycleState: 'PUBLISHED',
		isReshareDisabledByAuthor: options.disableReshare ?? false,
	};
}

function attachment(
	content: PostContent,
	{ altText, articleUrl }: z.infer<typeof linkedInOptionsSchema>,
	mediaUrn: string | null,
): Record<string, unknown> | null {
	const title = content.title?.trim();
	const description = content.description?.trim();
	if (mediaUrn !== null)
		return { media: { id: mediaUrn, ...(title && { title }), ...(altText && { altText }) } };
	if (articleUrl === undefined) return null;
	return { article: { source: articleUrl, title, ...(description && { description }) } };
}
