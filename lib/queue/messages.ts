// Every message on the wire, in one place. Small by rule: references travel, media never does.
import { z } from 'zod';
import { platformSchema } from '../publishing/platform';

/** The streams and what they hold. Names are public: systems outside publish to them. */
export const streams = {
	extract: { name: 'CONTENT_EXTRACT', subjects: ['content.extract.>'] },
	publish: { name: 'CONTENT_PUBLISH', subjects: ['content.publish.>'] },
	dead: { name: 'CONTENT_DEAD', subjects: ['content.dead.>'] },
} as const;

/** A subject token: NATS separates tokens by dots and gives `*` and `>` a meaning. */
const subjectTokenSchema = z.string().regex(/^[A-Za-z0-9_-]+$/, 'letters, digits, _ and - only');

export const accountIdSchema = subjectTokenSchema.max(64);

/** Where one clip should go, and when. */
export const targetSchema = z.object({
	platform: platformSchema,
	accountId: accountIdSchema,
	/** The network's own extras (privacy, category…), passed to its adapter. */
	options: z.record(z.string(), z.unknown()).optional(),
});

/** `content.extract.<anything>`: make clips of this video and queue them for these accounts. */
export const extractRequestSchema = z.object({
	version: z.literal(1),
	/** The same id twice is the same request: it leads to the same clips and the same posts. */
	requestId: z.string().min(1).max(128),
	sourcePath: z.string().min(1),
	title: z.string().max(200).optional(),
	language: z.string().max(16).optional(),
	wantedClips: z.number().int().min(1).max(30).optional(),
	minClipSec: z.number().positive().optional(),
	maxClipSec: z.number().positive().optional(),
	targets: z.array(targetSchema).min(1),
	/** The first clip's time; now when absent. */
	startAt: z.iso.datetime({ offset: true }).optional(),
	/** Minutes between two clips on the same account. */
	spacingMinutes: z
		.number()
		.min(0)
		.max(7 * 24 * 60)
		.optional(),
	/** A clip goes to an account once per slot; another slot posts it again on purpose. */
	slot: z.string().max(64).optional(),
});

export type ExtractRequest = z.infer<typeof extractRequestSchema>;

/** `content.publish.<platform>.<accountId>`: this post is due. What it is stands in PostgreSQL. */
export const publishRequestSchema = z.object({
	version: z.literal(1),
	postId: z.uuid(),
	platform: platformSchema,
	accountId: accountIdSchema,
});

export type PublishRequest = z.infer<typeof publishRequestSchema>;

/** `content.dead.<origin>`: what could not be done, with all that is needed to do it again. */
export const deadLetterSchema = z.object({
	version: z.literal(1),
	/** The subject it was first sent to; a redrive sends it there again. */
	subject: z.string(),
	/** As it came, cut at 64 KiB: what is not JSON must be kept too. */
	payload: z.string(),
	/** Present when the payload is not UTF-8 text: `payload` is base64 then. */
	encoding: z.literal('base64').optional(),
	/** Present when the payload was cut: its real size. Such a letter cannot be redriven. */
	cutFromBytes: z.number().int().positive().optional(),
	headers: z.record(z.string(), z.string()),
	errorClass: z.string(),
	reason: z.string(),
	attempts: z.number().int().min(0),
	failedAt: z.iso.datetime(),
	postId: z.uuid().optional(),
});

export type DeadLetter = z.infer<typeof deadLetterSchema>;

export function publishSubject(request: Pick<PublishRequest, 'platform' | 'accountId'>): string {
	return `content.publish.${request.platform}.${request.accountId}`;
}
