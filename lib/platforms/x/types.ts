// What X answers, as far as we read it (facts 4.2, 4.3, 4.8, 4.9), and what we remember of an upload.
import { z } from 'zod';

export const processingSchema = z.object({
	state: z.enum(['pending', 'in_progress', 'succeeded', 'failed']),
	check_after_secs: z.number().nonnegative().optional(),
	error: z
		.object({ code: z.number().optional(), name: z.string().optional(), message: z.string().optional() })
		.optional(),
});

export type Processing = z.infer<typeof processingSchema>;

export const mediaAnswerSchema = z.object({
	data: z.object({
		id: z.string().min(1),
		media_key: z.string().min(1),
		expires_after_secs: z.number().positive().optional(),
		/** Missing means that the media is ready. */
		processing_info: processingSchema.optional(),
	}),
});

export type UploadedMedia = z.infer<typeof mediaAnswerSchema>['data'];

export const createdPostSchema = z.object({ data: z.object({ id: z.string().min(1) }) });

export const meSchema = z.object({ data: z.object({ id: z.string().min(1) }) });

const count = z.number().nonnegative().optional();

export const postSchema = z.object({
	id: z.string().min(1),
	text: z.string().default(''),
	created_at: z.string().optional(),
	attachments: z.object({ media_keys: z.array(z.string()).optional() }).optional(),
	referenced_tweets: z.array(z.object({ type: z.string(), id: z.string() })).optional(),
	entities: z
		.object({
			urls: z
				.array(
					z.object({
						url: z.string(),
						expanded_url: z.string().optional(),
						media_key: z.string().optional(),
					}),
				)
				.optional(),
		})
		.optional(),
	public_metrics: z
		.object({
			/** The schema says one name, the wire the other (facts 4.9). */
			retweet_count: count,
			repost_count: count,
			reply_count: count,
			like_count: count,
			quote_count: count,
			bookmark_count: count,
			impression_count: count,
		})
		.optional(),
	non_public_metrics: z.object({ impression_count: count, url_link_clicks: count }).optional(),
	organic_metrics: z.object({ impression_count: count, url_link_clicks: count }).optional(),
});

export type XPost = z.infer<typeof postSchema>;

export const timelineSchema = z.object({
	data: z.array(postSchema).default([]),
	meta: z.object({ next_token: z.string().optional() }).optional(),
});

export const postsSchema = z.object({
	data: z.array(z.unknown()).default([]),
	includes: z
		.object({
			media: z
				.array(
					z.looseObject({
						media_key: z.string(),
						public_metrics: z.looseObject({ view_count: count }).optional(),
					}),
				)
				.optional(),
		})
		.optional(),
});

/** Nothing of it is needed but that it came. */
export const describedSchema = z.object({ data: z.object({ id: z.string().min(1) }) });

/** Two shapes: problem+json, and the older list of codes (facts 4.8). */
export const errorBodySchema = z.object({
	type: z.string().optional(),
	title: z.string().optional(),
	detail: z.string().optional(),
	errors: z.array(z.object({ code: z.number().optional(), message: z.string().optional() })).optional(),
});

const mediaHandleSchema = z.object({
	mediaId: z.string().min(1),
	mediaKey: z.string().min(1),
	nextSegment: z.number().int().nonnegative(),
	isFinalized: z.boolean(),
	/** X has worked on it: a post may name it. */
	isReady: z.boolean(),
	isDescribed: z.boolean(),
	expiresAt: z.iso.datetime(),
});

export type MediaHandle = z.infer<typeof mediaHandleSchema>;

export const xHandleSchema = z.object({
	/** Where a reader begins to look for this post. */
	preparedAt: z.iso.datetime(),
	/** Sizes of all media of the post in their order: bytes of another file are never mixed in. */
	mediaBytes: z.array(z.number().int().positive()),
	/** Those whose upload has begun, in the same order. */
	media: z.array(mediaHandleSchema),
});

export type XHandle = z.infer<typeof xHandleSchema>;
