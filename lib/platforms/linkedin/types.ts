// What LinkedIn answers, as far as we read it (facts 5.2, 5.3, 5.6, 5.7), and what we remember of an upload.
import { z } from 'zod';

const urn = z.string().regex(/^urn:li:/);
const webAddress = z.url({ protocol: /^https?$/ });

export const userInfoSchema = z.object({ sub: z.string().min(1) });

export const initializedVideoSchema = z.object({
	value: z.object({
		video: urn,
		uploadUrlsExpireAt: z.number(),
		uploadToken: z.string().default(''),
		uploadInstructions: z
			.array(z.object({ uploadUrl: webAddress, firstByte: z.int(), lastByte: z.int() }))
			.min(1),
	}),
});

export const initializedImageSchema = z.object({
	value: z.object({ image: urn, uploadUrl: webAddress, uploadUrlExpiresAt: z.number() }),
});

export const assetSchema = z.object({
	status: z.enum(['WAITING_UPLOAD', 'PROCESSING', 'AVAILABLE', 'PROCESSING_FAILED']),
	processingFailureReason: z.string().optional(),
});

export type AssetState = z.infer<typeof assetSchema>;

export const postSchema = z.object({
	id: urn,
	author: urn,
	commentary: z.string().default(''),
	lifecycleState: z.string().default('PUBLISHED'),
	createdAt: z.number().optional(),
	content: z
		.object({
			media: z.object({ id: z.string() }).optional(),
			article: z.object({ source: z.string().optional() }).optional(),
		})
		.optional(),
});

export type LinkedInPost = z.infer<typeof postSchema>;

export const postsSchema = z.object({ elements: z.array(z.unknown()).default([]) });

const count = z.number().nonnegative().optional();

export const shareStatisticsSchema = z.object({
	elements: z
		.array(
			z.object({
				share: z.string().optional(),
				ugcPost: z.string().optional(),
				totalShareStatistics: z.object({
					impressionCount: count,
					uniqueImpressionsCount: count,
					clickCount: count,
					likeCount: count,
					commentCount: count,
					shareCount: count,
				}),
			}),
		)
		.default([]),
});

/** Facts 5.7: one implementation of LinkedIn says `value` where the others say `count`. */
export const memberAnalyticsSchema = z.object({
	elements: z.array(z.object({ count, value: count })).default([]),
});

export const errorBodySchema = z.object({
	message: z.string().optional(),
	code: z.string().optional(),
	serviceErrorCode: z.number().optional(),
	errorDetails: z
		.object({
			inputErrors: z
				.array(z.object({ code: z.string().optional(), description: z.string().optional() }))
				.optional(),
		})
		.optional(),
});

const mediaHandleSchema = z.object({
	urn,
	kind: z.enum(['video', 'image']),
	sizeBytes: z.int().positive(),
	uploadToken: z.string(),
	expiresAt: z.iso.datetime(),
	/** Addresses that let anyone write: they belong into no log. Emptied once the bytes are there. */
	instructions: z.array(z.object({ uploadUrl: webAddress, firstByte: z.int(), lastByte: z.int() })),
	/** In the order of the instructions; what is missing at the end is still to be sent. */
	etags: z.array(z.string()),
	isFinalized: z.boolean(),
});

export type MediaHandle = z.infer<typeof mediaHandleSchema>;

export const linkedInHandleSchema = z.object({
	/** Where a reader begins to look for this post. */
	preparedAt: z.iso.datetime(),
	/** A person's or a page's urn; asked for once, because LinkedIn throttles that question by the day. */
	author: urn,
	media: mediaHandleSchema.nullable(),
});

export type LinkedInHandle = z.infer<typeof linkedInHandleSchema>;

export const organizationUrnPrefix = 'urn:li:organization:';
