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

const wholeUpload = { uploadUrl: webAddress, uploadUrlExpiresAt: z.number() };

export const initializedImageSchema = z.object({ value: z.object({ image: urn, ...wholeUpload }) });

export const initializedDocumentSchema = z.object({ value: z.object({ document: urn, ...wholeUpload }) });

export const organizationsSchema = z.object({
	elements: z.array(z.object({ organization: urn })).default([]),
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
			multiImage: z.object({ images: z.array(z.object({ id: z.string() })) }).optional(),
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
			z.looseObject({
				share: z.string().optional(),
				ugcPost: z.string().optional(),
				totalShareStatistics: z.looseObject({
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
export const analyticsSchema = z.object({
	elements: z.array(z.looseObject({ count, value: count })).default([]),
});

export const socialActionsSchema = z.looseObject({
	likesSummary: z.looseObject({ totalLikes: count }).optional(),
	commentsSummary: z.looseObject({ totalFirstLevelComments: count }).optional(),
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
	kind: z.enum(['video', 'image', 'document']),
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
	/** Of all media in their order: bytes of another file must never get into an upload. */
	sizesBytes: z.array(z.int().positive()),
	/** In the order of the post's media; what is missing at the end is not opened yet. */
	media: z.array(mediaHandleSchema),
});

export type LinkedInHandle = z.infer<typeof linkedInHandleSchema>;

export const organizationUrnPrefix = 'urn:li:organization:';
