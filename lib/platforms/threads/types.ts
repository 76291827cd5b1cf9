// What Threads answers, as far as we read it (facts 7.2, 7.5), and what we remember of a container.
import { z } from 'zod';

const id = z.string().min(1);

export const idSchema = z.object({ id });

export const containerSchema = z.object({
	id,
	status: z.enum(['IN_PROGRESS', 'FINISHED', 'PUBLISHED', 'ERROR', 'EXPIRED']),
	error_message: z.string().optional(),
});

export type Container = z.infer<typeof containerSchema>;

export const threadSchema = z.object({
	id,
	permalink: z.string().min(1),
	text: z.string().default(''),
	timestamp: z.string().optional(),
	media_type: z.string().optional(),
});

export type Thread = z.infer<typeof threadSchema>;

export const threadListSchema = z.object({
	/** A repost has no text and no media of its own; one that cannot be read is surely not ours. */
	data: z.array(z.unknown()).default([]),
	paging: z.object({ cursors: z.object({ after: z.string().optional() }).optional() }).optional(),
});

export const insightsSchema = z.object({
	data: z
		.array(
			z.object({
				name: z.string(),
				values: z.array(z.object({ value: z.number().nonnegative().optional() })).default([]),
			}),
		)
		.default([]),
});

const quotaSchema = z.object({ quota_total: z.number().nonnegative().optional() });

export const publishingLimitSchema = z.object({
	data: z
		.array(
			z.object({
				quota_usage: z.number().nonnegative().optional(),
				config: quotaSchema.optional(),
				reply_quota_usage: z.number().nonnegative().optional(),
				reply_config: quotaSchema.optional(),
			}),
		)
		.default([]),
});

export const threadsHandleSchema = z.object({
	userId: id,
	/** Where a reader begins to look for this post. */
	preparedAt: z.iso.datetime(),
	/** All media in their order: those of another file must never end under this post, not even after an edit. */
	mediaBytes: z.array(z.number().int().nonnegative()).catch([]),
	/** The items of a carousel in the order of the media; the rest is not made yet. */
	children: z.array(id).default([]),
	/** What is published; null until Threads has made one. */
	containerId: id.nullable(),
});

export type ThreadsHandle = z.infer<typeof threadsHandleSchema>;
