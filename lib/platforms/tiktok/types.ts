// What TikTok answers, as far as we read it (facts 2.2, 2.4, 2.8), and what we remember of an upload.
import { z } from 'zod';

/** Around everything. Only the word `ok` means success, whatever the HTTP status says. */
export const envelopeSchema = z.object({
	data: z.unknown().optional(),
	error: z.object({ code: z.string(), message: z.string().optional() }),
});

export const privacyLevelSchema = z.enum([
	'PUBLIC_TO_EVERYONE',
	'MUTUAL_FOLLOW_FRIENDS',
	'FOLLOWER_OF_CREATOR',
	'SELF_ONLY',
]);

export const creatorSchema = z.object({
	creator_username: z.string().min(1),
	creator_nickname: z.string().optional(),
	privacy_level_options: z.array(z.string()),
	comment_disabled: z.boolean().default(false),
	duet_disabled: z.boolean().default(false),
	stitch_disabled: z.boolean().default(false),
	max_video_post_duration_sec: z.number().positive().optional(),
});

export type Creator = z.infer<typeof creatorSchema>;

/** An address comes only where we send the bytes. */
export const pullInitSchema = z.object({ publish_id: z.string().min(1).max(64) });

export const initSchema = pullInitSchema.extend({ upload_url: z.url() });

/** Spelled by TikTok as it stands here. Large ones come as text out of `quoteLargeIntegers`. */
const postIdsSchema = z
	.array(z.union([z.string().regex(/^\d+$/), z.int().nonnegative()]).transform(String))
	.default([]);

export const publishStatusSchema = z.object({
	status: z.string(),
	fail_reason: z.string().optional(),
	publicaly_available_post_id: postIdsSchema,
	uploaded_bytes: z.number().nonnegative().optional(),
});

const count = z.number().nonnegative().optional();

export const videoSchema = z.object({
	id: z.union([z.string().min(1), z.int()]).transform(String),
	/** In seconds, UTC. */
	create_time: z.number().nonnegative().optional(),
	title: z.string().optional(),
	video_description: z.string().optional(),
	share_url: z.string().optional(),
	view_count: count,
	like_count: count,
	comment_count: count,
	share_count: count,
});

export type TikTokVideo = z.infer<typeof videoSchema>;

export const videoListSchema = z.object({
	videos: z.array(videoSchema).default([]),
	cursor: z.number().int().optional(),
	has_more: z.boolean().default(false),
});

export const videosSchema = z.object({ videos: z.array(z.unknown()).default([]) });

/** TikTok fetches what it is told the address of. */
const pullHandleSchema = z.object({
	transfer: z.literal('pull'),
	kind: z.enum(['video', 'photo']),
	/** Null until TikTok has answered the init, which is the call that publishes. */
	publishId: z.string().min(1).nullable(),
	username: z.string().min(1).nullable(),
	isPublic: z.boolean(),
	/** Sizes of all media in their order. */
	mediaBytes: z.array(z.number().int().positive()),
	/** As the creator's own settings were when the post was prepared. */
	postInfo: z.record(z.string(), z.unknown()).nullable(),
});

export type PullHandle = z.infer<typeof pullHandleSchema>;

const uploadHandleSchema = z.object({
	transfer: z.literal('upload').default('upload'),
	publishId: z.string().min(1),
	/** A secret: whoever knows it can finish the upload, and with it the post. */
	uploadUrl: z.url(),
	/** Null for a draft, which is nobody's post yet. */
	username: z.string().min(1).nullable(),
	isPublic: z.boolean(),
	sizeBytes: z.number().int().positive(),
	chunkBytes: z.number().int().positive(),
	chunks: z.number().int().positive(),
	nextByte: z.number().int().nonnegative(),
	openedAt: z.iso.datetime(),
});

export type UploadHandle = z.infer<typeof uploadHandleSchema>;

export const tiktokHandleSchema = z.union([pullHandleSchema, uploadHandleSchema]);
