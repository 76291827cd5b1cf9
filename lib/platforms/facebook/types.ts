// What Facebook answers, as far as we read it (facts 6.1–6.3, 6.6, 6.7), and what we remember of an upload.
import { z } from 'zod';

export const pagesSchema = z.object({
	data: z.array(z.object({ id: z.string().min(1), name: z.string().optional(), access_token: z.string() })),
	paging: z
		.object({ cursors: z.object({ after: z.string() }).optional(), next: z.string().optional() })
		.optional(),
});

export type Page = z.infer<typeof pagesSchema>['data'][number];

const count = z.coerce.number().int().nonnegative();

export const openedReelSchema = z.object({ video_id: z.string().min(1), upload_url: z.url() });

/** Equal offsets mean that everything is there. */
export const rangeSchema = z.object({ start_offset: count, end_offset: count });

export const openedVideoSchema = rangeSchema.extend({
	video_id: z.string().min(1),
	upload_session_id: z.string().min(1),
});

export const createdSchema = z.object({ id: z.string().min(1) });

export const finishedSchema = z.object({ success: z.literal(true) });

export const storySchema = finishedSchema.extend({ post_id: z.coerce.string().min(1) });

const problemSchema = z.object({ message: z.string().optional(), code: z.number().optional() });

const phaseSchema = z.object({
	status: z.string().optional(),
	error: problemSchema.optional(),
	errors: z.array(problemSchema).optional(),
	publish_status: z.string().optional(),
	/** The docs spell it both ways (facts 6.2). */
	bytes_transferred: count.optional(),
	bytes_transfered: count.optional(),
});

export const videoSchema = z.object({
	permalink_url: z.string().optional(),
	status: z
		.object({
			video_status: z.string().optional(),
			uploading_phase: phaseSchema.optional(),
			processing_phase: phaseSchema.optional(),
			publishing_phase: phaseSchema.optional(),
		})
		.optional(),
});

export type Video = z.infer<typeof videoSchema>;

const target = z.object({ id: z.string().optional(), url: z.string().optional() }).optional();

const attachmentSchema = z.object({
	media_type: z.string().optional(),
	target,
	/** The photos of an album. */
	subattachments: z.object({ data: z.array(z.object({ target })).default([]) }).optional(),
});

const summarySchema = z.object({ summary: z.object({ total_count: count }).optional() }).optional();

export const postSchema = z.object({
	id: z.string().min(1),
	message: z.string().optional(),
	created_time: z.string().optional(),
	permalink_url: z.string().optional(),
	is_published: z.boolean().optional(),
	attachments: z.object({ data: z.array(attachmentSchema) }).optional(),
	shares: z.object({ count }).optional(),
	reactions: summarySchema,
	comments: summarySchema,
});

export type Post = z.infer<typeof postSchema>;

export const postsSchema = z.object({
	data: z.array(postSchema).default([]),
	paging: z
		.object({ cursors: z.object({ after: z.string() }).optional(), next: z.string().optional() })
		.optional(),
});

export const insightsSchema = z.object({
	data: z
		.array(z.object({ name: z.string(), values: z.array(z.object({ value: z.unknown() })).default([]) }))
		.default([]),
});

const base = {
	pageId: z.string().min(1),
	/** Where a reader begins to look for this post. */
	preparedAt: z.iso.datetime(),
	/** Of all media in their order: bytes of another file must never get into an upload. */
	sizesBytes: z.array(z.int().positive()),
};
const ofReel = { ...base, videoId: z.string().min(1), uploadUrl: z.url() };
/** Uploaded so far, in the order of the post's media; nobody sees them yet. */
const ofPhotos = { ...base, photoIds: z.array(z.string().min(1)) };

/** No token stands in here: it is asked for anew with every run. */
export const facebookHandleSchema = z.discriminatedUnion('kind', [
	z.object({ kind: z.literal('reel'), ...ofReel }),
	z.object({ kind: z.literal('video-story'), ...ofReel }),
	z.object({
		kind: z.literal('video'),
		...base,
		videoId: z.string().min(1),
		sessionId: z.string().min(1),
		/** The range that Facebook asks for next. */
		startByte: z.number().int().nonnegative(),
		endByte: z.number().int().nonnegative(),
	}),
	/** Words and links too: a post of the feed with any number of photos, or none. */
	z.object({ kind: z.literal('feed'), ...ofPhotos }),
	z.object({ kind: z.literal('photo-story'), ...ofPhotos }),
]);

export type FacebookHandle = z.infer<typeof facebookHandleSchema>;
export type HandleOf<Kind extends FacebookHandle['kind']> = Extract<FacebookHandle, { kind: Kind }>;
