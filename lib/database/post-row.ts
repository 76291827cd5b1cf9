// The border between rows and posts: what comes out of PostgreSQL is checked once, here.
import { z } from 'zod';
import { platformSchema } from '../publishing/platform';
import {
	mediaRefSchema,
	postContentSchema,
	postStateSchema,
	type ClaimedPost,
	type LivePost,
	type PostState,
	type Progress,
} from '../publishing/post';
import type { StoredError } from '../publishing/errors';

export const storedErrorSchema = z.looseObject({ class: z.string(), message: z.string() });

const jsonObjectSchema = z.record(z.string(), z.unknown());

const postRowSchema = z.object({
	post_id: z.uuid(),
	clip_id: z.string().nullable(),
	platform: platformSchema,
	account_id: z.string(),
	slot: z.string(),
	content: postContentSchema,
	media: z.array(mediaRefSchema),
	idempotency_key: z.string(),
	state: postStateSchema,
	state_changed_at: z.date(),
	epoch: z.number().int(),
	lease_expires_at: z.date().nullable(),
	handle: jsonObjectSchema.nullable(),
	is_uploaded: z.boolean(),
	commit_armed_at: z.date().nullable(),
	commit_checks: z.number().int(),
	platform_post_id: z.string().nullable(),
	platform_url: z.string().nullable(),
	retry_count: z.number().int(),
	next_attempt_at: z.date(),
	last_error: storedErrorSchema.nullable(),
	scheduled_at: z.date(),
	published_at: z.date().nullable(),
	created_at: z.date(),
	updated_at: z.date(),
});

/** Everything that is known of a post, except the handle: it can hold a session URI, which is a secret. */
export interface Post {
	readonly postId: string;
	readonly clipId: string | null;
	readonly platform: ClaimedPost['platform'];
	readonly accountId: string;
	readonly slot: string;
	readonly content: ClaimedPost['content'];
	readonly media: ClaimedPost['media'];
	readonly idempotencyKey: string;
	readonly state: PostState;
	readonly stateChangedAt: Date;
	readonly epoch: number;
	readonly leaseExpiresAt: Date | null;
	/** True while the irreversible call may have gone out without an answer. */
	readonly isOutcomeOpen: boolean;
	readonly commitChecks: number;
	readonly live: LivePost | null;
	readonly retryCount: number;
	readonly nextAttemptAt: Date;
	readonly lastError: StoredError | null;
	readonly scheduledAt: Date;
	readonly publishedAt: Date | null;
	readonly createdAt: Date;
	readonly updatedAt: Date;
}

export type PostRow = z.infer<typeof postRowSchema>;

export function parsePostRow(row: unknown): PostRow {
	return postRowSchema.parse(row);
}

export function toPost(row: unknown): Post {
	const parsed = parsePostRow(row);
	return {
		postId: parsed.post_id,
		clipId: parsed.clip_id,
		platform: parsed.platform,
		accountId: parsed.account_id,
		slot: parsed.slot,
		content: parsed.content,
		media: parsed.media,
		idempotencyKey: parsed.idempotency_key,
		state: parsed.state,
		stateChangedAt: parsed.state_changed_at,
		epoch: parsed.epoch,
		leaseExpiresAt: parsed.lease_expires_at,
		isOutcomeOpen: parsed.commit_armed_at !== null,
		commitChecks: parsed.commit_checks,
		live: liveOf(parsed),
		retryCount: parsed.retry_count,
		nextAttemptAt: parsed.next_attempt_at,
		lastError: parsed.last_error as StoredError | null,
		scheduledAt: parsed.scheduled_at,
		publishedAt: parsed.published_at,
		createdAt: parsed.created_at,
		updatedAt: parsed.updated_at,
	};
}

export function progressOf(row: PostRow): Progress {
	return {
		handle: row.handle,
		isUploaded: row.is_uploaded,
		commitIntent: row.commit_armed_at ? { armedAt: row.commit_armed_at, checks: row.commit_checks } : null,
		live: liveOf(row),
	};
}

export function toClaimedPost(row: PostRow): ClaimedPost {
	return {
		postId: row.post_id,
		platform: row.platform,
		accountId: row.account_id,
		content: row.content,
		media: row.media,
		epoch: row.epoch,
		retryCount: row.retry_count,
		progress: progressOf(row),
	};
}

function liveOf(row: PostRow): LivePost | null {
	if (row.platform_post_id === null || row.platform_url === null) return null;
	return { platformPostId: row.platform_post_id, url: row.platform_url };
}
