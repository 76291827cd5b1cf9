import { z } from 'zod';
import { invalidParameter } from './errors';
import type { MediaKind } from './model';

const MIB = 1024 * 1024;
export const MAX_SEGMENT_BYTES = 5 * MIB;
export const MAX_SEGMENTS = 1000;

export const MEDIA_TYPES = [
	'video/mp4',
	'video/webm',
	'video/mp2t',
	'video/quicktime',
	'text/srt',
	'text/vtt',
	'image/jpeg',
	'image/gif',
	'image/bmp',
	'image/png',
	'image/webp',
	'image/pjpeg',
	'image/tiff',
	'model/gltf-binary',
	'model/vnd.usdz+zip',
] as const;
export const MEDIA_CATEGORIES = [
	'amplify_video',
	'tweet_gif',
	'tweet_image',
	'tweet_video',
	'dm_gif',
	'dm_image',
	'dm_video',
	'subtitles',
] as const;

export const initializeSchema = z.strictObject({
	media_type: z.enum(MEDIA_TYPES),
	total_bytes: z.int().positive().max(17_179_869_184),
	media_category: z.enum(MEDIA_CATEGORIES).optional(),
	additional_owners: z.array(z.string().regex(/^\d+$/)).optional(),
	shared: z.boolean().optional(),
});

/** Facts 4.5. */
const MAX_BYTES: Readonly<Record<MediaKind, number>> = {
	video: 512 * MIB,
	animated_gif: 15 * MIB,
	photo: 5 * MIB,
	other: 5 * MIB,
};

function kindOfType(mediaType: string): MediaKind {
	if (mediaType.startsWith('video/')) return 'video';
	if (mediaType === 'image/gif') return 'animated_gif';
	return mediaType.startsWith('image/') ? 'photo' : 'other';
}

function kindOfCategory(category: string): MediaKind {
	if (category.endsWith('_video')) return 'video';
	if (category.endsWith('_gif')) return 'animated_gif';
	return category.endsWith('_image') ? 'photo' : 'other';
}

/** A category that does not fit the type is refused; so is a file above its kind's size. */
export function checkMedia(mediaType: string, category: string | undefined, sizeBytes: number): MediaKind {
	const byType = kindOfType(mediaType);
	const kind = category === undefined ? byType : kindOfCategory(category);
	// A GIF may be sent as a still image.
	const isStillGif = kind === 'photo' && mediaType === 'image/gif';
	if (kind !== byType && !isStillGif) {
		throw invalidParameter('media_category', category, `media_category does not fit ${mediaType}.`);
	}
	const maxBytes = category === 'amplify_video' ? 16 * 1024 * MIB : MAX_BYTES[kind];
	if (sizeBytes > maxBytes) {
		throw invalidParameter('total_bytes', sizeBytes, `File size exceeds ${maxBytes} bytes.`);
	}
	return kind;
}

/** What the first bytes say: the one-shot upload is not told the type. */
export function sniffImageType(head: Buffer): string | undefined {
	if (head.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return 'image/jpeg';
	if (head.subarray(1, 4).toString('latin1') === 'PNG') return 'image/png';
	if (head.subarray(0, 4).toString('latin1') === 'GIF8') return 'image/gif';
	if (head.subarray(8, 12).toString('latin1') === 'WEBP') return 'image/webp';
	return undefined;
}
