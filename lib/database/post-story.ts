// Everything that is known of one post, as lines in the order of time.
import { z } from 'zod';
import { listPostEvents, type PostEvent } from './post-events';
import { getPost } from './posts';
import type { Queryable } from './pool';
import type { Post } from './post-row';

export interface StoryLine {
	readonly at: Date;
	readonly kind: 'event' | 'message' | 'dead-letter' | 'alert' | 'numbers';
	readonly text: string;
	readonly details: Readonly<Record<string, unknown>>;
}

export interface PostStory {
	readonly post: Post;
	/** What the handle holds, by name: its values can be secrets. */
	readonly handleKeys: readonly string[];
	readonly lines: readonly StoryLine[];
}

export async function readPostStory(client: Queryable, postId: string): Promise<PostStory> {
	const post = await getPost(client, postId);
	const parts = [
		(await listPostEvents(client, postId)).map(ofEvent),
		await messageLines(client, postId),
		await letterLines(client, postId),
		await alertLines(client, postId),
		await numberLines(client, postId),
	];
	const lines = parts.flat().sort((left, right) => left.at.getTime() - right.at.getTime());
	return { post, handleKeys: await readHandleKeys(client, postId), lines };
}

async function readHandleKeys(client: Queryable, postId: string): Promise<readonly string[]> {
	const { rows } = await client.query<{ key: string }>(
		`select jsonb_object_keys(handle) as key from stackkraft.posts where post_id = $1 order by 1`,
		[postId],
	);
	return rows.map(({ key }) => key);
}

function ofEvent({ at, event, fromState, toState, epoch, details }: PostEvent): StoryLine {
	const change = toState ? ` ${fromState ? `${fromState} → ` : ''}${toState}` : '';
	return { at, kind: 'event', text: `${event}${change} (epoch ${epoch})`, details };
}

const messageSchema = z.object({
	kind: z.string(),
	subject: z.string(),
	available_at: z.date(),
	sent_at: z.date().nullable(),
	attempts: z.number(),
	last_error: z.string().nullable(),
});

async function messageLines(client: Queryable, postId: string): Promise<readonly StoryLine[]> {
	const { rows } = await client.query('select * from stackkraft.outbox where post_id = $1', [postId]);
	return rows.map((row) => {
		const {
			kind,
			subject,
			available_at: dueAt,
			sent_at: sentAt,
			attempts,
			last_error,
		} = messageSchema.parse(row);
		const text = sentAt ? `${kind} sent to ${subject}` : `${kind} waits to be sent to ${subject}`;
		const failures = attempts > 0 ? { failedAttempts: attempts, lastError: last_error } : {};
		return { at: sentAt ?? dueAt, kind: 'message' as const, text, details: { dueAt, ...failures } };
	});
}

const letterSchema = z.object({
	subject: z.string(),
	error_class: z.string(),
	reason: z.string(),
	attempts: z.number(),
	failed_at: z.date(),
	resolved_at: z.date().nullable(),
});

async function letterLines(client: Queryable, postId: string): Promise<readonly StoryLine[]> {
	const { rows } = await client.query('select * from stackkraft.dead_letters where post_id = $1', [postId]);
	return rows.map((row) => {
		const { subject, error_class, reason, attempts, failed_at: at, resolved_at } = letterSchema.parse(row);
		const text = `given up: ${error_class} after ${attempts} attempts: ${reason}`;
		return { at, kind: 'dead-letter' as const, text, details: { subject, resolvedAt: resolved_at } };
	});
}

const alertSchema = z.object({
	severity: z.string(),
	title: z.string(),
	message: z.string(),
	occurrences: z.number(),
	first_seen_at: z.date(),
	resolved_at: z.date().nullable(),
});

/** Alerts belong to troubles, not to posts; those that name this post are of its story. */
async function alertLines(client: Queryable, postId: string): Promise<readonly StoryLine[]> {
	const { rows } = await client.query(
		`select * from stackkraft.alerts
		 where strpos(details::text, $1) > 0 or strpos(message, $1) > 0 or strpos(dedup_key, $1) > 0`,
		[postId],
	);
	return rows.map((row) => {
		const alert = alertSchema.parse(row);
		const text = `${alert.severity} alert: ${alert.title}: ${alert.message}`;
		const details = { occurrences: alert.occurrences, resolvedAt: alert.resolved_at };
		return { at: alert.first_seen_at, kind: 'alert' as const, text, details };
	});
}

const countSchema = z.coerce.number().nullable();
const numbersSchema = z.object({
	fetched_at: z.date(),
	views: countSchema,
	likes: countSchema,
	comments: countSchema,
	shares: countSchema,
	saves: countSchema,
	clicks: countSchema,
	reach: countSchema,
	impressions: countSchema,
});

async function numberLines(client: Queryable, postId: string): Promise<readonly StoryLine[]> {
	const { rows } = await client.query('select * from stackkraft.analytics where post_id = $1', [postId]);
	return rows.map((row) => {
		const { fetched_at: at, ...counts } = numbersSchema.parse(row);
		const known = Object.entries(counts).filter(([, count]) => count !== null);
		const text = `numbers: ${known.map(([name, count]) => `${name} ${count}`).join(', ') || 'none given'}`;
		return { at, kind: 'numbers' as const, text, details: {} };
	});
}
