// What Instagram answers, as far as we read it (facts 3.2, 3.4, 3.6), and what we remember of an upload.
import { z } from 'zod';

const id = z.string().min(1);

export const meSchema = z.object({ user_id: id });

export const createdContainerSchema = z.object({ id, uri: z.url().optional() });

export const publishedSchema = z.object({ id });

export const publishingLimitSchema = z.object({
	data: z
		.array(
			z.object({
				quota_usage: z.number().nonnegative().optional(),
				config: z.object({ quota_total: z.number().nonnegative().optional() }).optional(),
			}),
		)
		.default([]),
});

const bytes = z.coerce.number().int().nonnegative().optional();

export const containerSchema = z.object({
	status_code: z.enum(['IN_PROGRESS', 'FINISHED', 'PUBLISHED', 'ERROR', 'EXPIRED']),
	status: z.string().default(''),
	video_status: z
		.object({
			/** The docs spell the field in two ways (facts 6.2). */
			uploading_phase: z.object({ bytes_transferred: bytes, bytes_transfered: bytes }).optional(),
		})
		.optional(),
});

export type ContainerStatus = z.infer<typeof containerSchema>;

const count = z.number().nonnegative().optional();

/** Loose: what is unknown today is kept in the raw numbers for tomorrow. */
export const mediaSchema = z.looseObject({
	id,
	caption: z.string().default(''),
	timestamp: z.string().optional(),
	permalink: z.url().optional(),
	media_product_type: z.string().optional(),
	like_count: count,
	comments_count: count,
	saved_count: count,
	shares_count: count,
});

export type InstagramMedia = z.infer<typeof mediaSchema>;

export const mediaListSchema = z.object({
	data: z.array(mediaSchema).default([]),
	paging: z
		.object({ cursors: z.object({ after: z.string().optional() }).optional(), next: z.string().optional() })
		.optional(),
});

export const insightsSchema = z.object({
	data: z
		.array(z.object({ name: z.string(), values: z.array(z.object({ value: z.unknown() })).default([]) }))
		.default([]),
});

export const instagramHandleSchema = z.object({
	/** Where a reader begins to look for this post. */
	preparedAt: z.iso.datetime(),
	userId: id,
	containerId: id,
	/** Null when Instagram fetched the media by itself. */
	upload: z.object({ uri: z.url(), sizeBytes: z.number().int().positive(), isSent: z.boolean() }).nullable(),
});

export type InstagramHandle = z.infer<typeof instagramHandleSchema>;
export type UploadHandle = NonNullable<InstagramHandle['upload']>;
