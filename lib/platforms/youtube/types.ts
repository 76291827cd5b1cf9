// What YouTube answers, as far as we read it (facts 1.2, 1.3, 1.6, 1.7), and what we remember of an upload.
import { z } from 'zod';

/** Counts come as strings; a hidden count is missing. */
const countSchema = z
	.union([z.string().regex(/^\d+$/), z.number().int().nonnegative()])
	.transform(Number)
	.optional();

export const videoSchema = z.object({
	id: z.string().min(1),
	snippet: z.object({ title: z.string().optional(), publishedAt: z.string().optional() }).optional(),
	status: z
		.object({
			uploadStatus: z.string().optional(),
			failureReason: z.string().optional(),
			rejectionReason: z.string().optional(),
			privacyStatus: z.string().optional(),
		})
		.optional(),
	statistics: z
		.object({ viewCount: countSchema, likeCount: countSchema, commentCount: countSchema })
		.optional(),
	processingDetails: z.object({ processingFailureReason: z.string().optional() }).optional(),
	fileDetails: z.object({ fileSize: countSchema }).optional(),
});

export type Video = z.infer<typeof videoSchema>;

export const videoListSchema = z.object({ items: z.array(z.unknown()).default([]) });

export const channelListSchema = z.object({
	items: z
		.array(z.object({ contentDetails: z.object({ relatedPlaylists: z.object({ uploads: z.string() }) }) }))
		.default([]),
});

export const playlistItemsSchema = z.object({
	items: z.array(z.object({ contentDetails: z.object({ videoId: z.string() }) })).default([]),
});

/** Whether a playlist holds a video; nothing of the entries is needed. */
export const entriesSchema = z.object({ items: z.array(z.unknown()).default([]) });

export const categoriesSchema = z.object({
	items: z
		.array(z.object({ id: z.string(), snippet: z.object({ title: z.string(), assignable: z.boolean() }) }))
		.default([]),
});

export const playlistsSchema = z.object({
	items: z.array(z.object({ id: z.string(), snippet: z.object({ title: z.string() }) })).default([]),
	nextPageToken: z.string().optional(),
});

export const reportSchema = z.object({
	columnHeaders: z.array(z.object({ name: z.string() })).default([]),
	/** Missing when there is nothing to tell. */
	rows: z.array(z.array(z.union([z.string(), z.number(), z.null()]))).default([]),
});

export const errorBodySchema = z.object({
	error: z.object({
		message: z.string().optional(),
		status: z.string().optional(),
		errors: z.array(z.object({ reason: z.string().optional(), domain: z.string().optional() })).optional(),
	}),
});

export const sessionHandleSchema = z.object({
	/** A secret: whoever knows it can go on with the upload. */
	sessionUri: z.url(),
	sizeBytes: z.number().int().positive(),
	/** What the far side confirmed last; a hint for people, never trusted without asking again. */
	nextByte: z.number().int().nonnegative(),
	openedAt: z.iso.datetime(),
});

export type SessionHandle = z.infer<typeof sessionHandleSchema>;
