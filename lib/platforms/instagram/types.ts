// What Instagram answers, as far as we read it (facts 3.2, 3.4, 3.6), and what we remember of an upload.
import { z } from 'zod';

const id = z.string().min(1);

export const meSchema = z.object({ user_id: id });

export const usernameSchema = z.object({ username: z.string().min(1) });

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

const pagingSchema = z
	.object({ cursors: z.object({ after: z.string().optional() }).optional(), next: z.string().optional() })
	.optional();

export const mediaListSchema = z.object({
	data: z.array(mediaSchema).default([]),
	paging: pagingSchema,
});

export const commentListSchema = z.object({
	data: z.array(z.object({ id, text: z.string().default(''), username: z.string().optional() })).default([]),
	paging: pagingSchema,
});

export const insightsSchema = z.object({
	data: z
		.array(z.object({ name: z.string(), values: z.array(z.object({ value: z.unknown() })).default([]) }))
		.default([]),
});

export type Insights = z.infer<typeof insightsSchema>;

const uploadSchema = z.object({
	uri: z.url(),
	sizeBytes: z.number().int().positive(),
	isSent: z.boolean(),
});

export type UploadHandle = z.infer<typeof uploadSchema>;

const partSchema = z.object({
	containerId: id,
	/** Null when Instagram fetches the medium by itself. */
	upload: uploadSchema.nullable(),
});

export type Part = z.infer<typeof partSchema>;

export const instagramHandleSchema = z.object({
	/** Where a reader begins to look for this post. */
	preparedAt: z.iso.datetime(),
	userId: id,
	/** All media in their order: those of another file must never end up in this post, not even after an edit. */
	mediaBytes: z.array(z.number().int().nonnegative()).default([]),
	/** One container per medium, in the order of the media; the rest is not made yet. */
	parts: z.array(partSchema).default([]),
	/** What is published: the only part, or the carousel around all of them. Null until it is made. */
	containerId: id.nullable(),
});

export type InstagramHandle = z.infer<typeof instagramHandleSchema>;
