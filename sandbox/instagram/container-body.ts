// What a new container may say, by its kind (facts 3.2, 3.3).
import { z } from 'zod';
import type { Exchange } from '../core/answer';
import { invalidParameter } from '../graph/errors';
import { readParameters } from '../graph/parameters';
import type { MediaType, ProductType } from './model';

const MB = 1_000_000;
const MAX_IMAGE_BYTES = 8 * MB;
const MAX_VIDEO_BYTES = 300 * MB;
const MAX_STORY_VIDEO_BYTES = 100 * MB;

const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);
const list = z.union([z.array(z.string()), z.string().transform((text) => text.split(','))]);

function json<T>(schema: z.ZodType<T>): z.ZodType<T> {
	return z.preprocess((value) => {
		if (typeof value !== 'string') return value;
		try {
			return JSON.parse(value) as unknown;
		} catch {
			return value;
		}
	}, schema);
}

const place = z.number().min(0).max(1);

/** Facts 3.2, as far as Instagram Login takes it; what needs Facebook Login is refused like any unknown name. */
const containerSchema = z.strictObject({
	media_type: z.enum(['REELS', 'STORIES', 'CAROUSEL', 'VIDEO']).optional(),
	image_url: z.string().optional(),
	video_url: z.string().optional(),
	upload_type: z.literal('resumable').optional(),
	is_carousel_item: flag.optional(),
	children: list.optional(),
	caption: z.string().optional(),
	alt_text: z.string().max(1000).optional(),
	cover_url: z.string().optional(),
	thumb_offset: z.coerce.number().int().nonnegative().optional(),
	share_to_feed: flag.optional(),
	audio_name: z.string().optional(),
	collaborators: list.optional(),
	user_tags: json(
		z.array(z.strictObject({ username: z.string().min(1), x: place.optional(), y: place.optional() })),
	).optional(),
	trial_params: json(
		z.strictObject({ graduation_strategy: z.enum(['MANUAL', 'SS_PERFORMANCE']) }),
	).optional(),
	is_ai_generated: flag.optional(),
});
export type ContainerBody = z.output<typeof containerSchema>;

export async function readContainerBody(exchange: Exchange): Promise<ContainerBody> {
	const body = await readParameters(exchange, containerSchema);
	checkSource(body);
	checkExtras(body);
	return body;
}

/** One source, and the media type that goes with it. A reel cannot be an item of a carousel. */
function checkSource(body: ContainerBody): void {
	const { image_url: image, video_url: video, upload_type: uploadType, children } = body;
	const { media_type: mediaType, is_carousel_item: isItem = false } = body;
	const given = [image, video, uploadType, children].filter((one) => one !== undefined);
	if (given.length !== 1) {
		throw invalidParameter('Give one of image_url, video_url, upload_type, children');
	}
	const allowed = allowedTypes(body, isItem);
	if (allowed.includes(mediaType)) return;
	const names = allowed.map((type) => type ?? 'no media_type').join(' or ');
	throw invalidParameter(`This needs ${names}`, 2207023);
}

function allowedTypes(
	{ image_url: image, children }: ContainerBody,
	isItem: boolean,
): ReadonlyArray<ContainerBody['media_type']> {
	if (children !== undefined) return isItem ? [] : ['CAROUSEL'];
	if (isItem) return [image === undefined ? 'VIDEO' : undefined];
	return image === undefined ? ['REELS', 'STORIES'] : [undefined, 'STORIES'];
}

const REEL_ONLY = ['cover_url', 'thumb_offset', 'share_to_feed', 'audio_name', 'trial_params'] as const;
const NOT_ON_STORIES_AND_ITEMS = ['caption', 'collaborators'] as const;

function checkExtras(body: ContainerBody): void {
	const { media_type: mediaType, image_url: image, user_tags: tags = [] } = body;
	const refused = [
		...(mediaType === 'REELS' ? [] : REEL_ONLY),
		...(mediaType === 'STORIES' || body.is_carousel_item ? NOT_ON_STORIES_AND_ITEMS : []),
		...(image === undefined || mediaType === 'STORIES' ? (['alt_text'] as const) : []),
		...(mediaType === 'CAROUSEL' ? (['user_tags'] as const) : []),
	].find((name) => body[name] !== undefined);
	if (refused !== undefined) throw invalidParameter(`${refused} does not go with this media`);
	if (image !== undefined && tags.some(({ x, y }) => x === undefined || y === undefined)) {
		throw invalidParameter('A tag in a picture has x and y', 2207040);
	}
}

export function checkText({ caption = '', collaborators = [], user_tags: tags = [] }: ContainerBody): void {
	if ([...caption].length > 2200) throw invalidParameter('The caption is too long', 2207010);
	const mentions = (caption.match(/(^|\s)@\w/g) ?? []).length;
	if (mentions > 20 || tags.length > 20) throw invalidParameter('Too many tags', 2207040);
	// Facts 3.3: 30 is the API's hard error; the platform rule of 5 is not said here.
	if ((caption.match(/#[\p{L}\p{N}_]/gu) ?? []).length > 30) {
		throw invalidParameter('The caption has too many hashtags', 2207040);
	}
	if (collaborators.length > 3) throw invalidParameter('At most 3 collaborators');
}

export function productTypeOf({ media_type: mediaType }: ContainerBody): ProductType {
	if (mediaType === 'REELS') return 'REELS';
	return mediaType === 'STORIES' ? 'STORY' : 'FEED';
}

export function mediaTypeOf({ media_type: mediaType, image_url: image }: ContainerBody): MediaType {
	if (mediaType === 'CAROUSEL') return 'CAROUSEL_ALBUM';
	return image === undefined ? 'VIDEO' : 'IMAGE';
}

export function maxBytesOf(body: ContainerBody): number {
	return body.image_url === undefined ? maxUploadBytes(productTypeOf(body)) : MAX_IMAGE_BYTES;
}

export function maxUploadBytes(productType: ProductType): number {
	return productType === 'STORY' ? MAX_STORY_VIDEO_BYTES : MAX_VIDEO_BYTES;
}
