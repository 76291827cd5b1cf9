// Snapshots of what the networks say about posts, and which posts are due for the next one.
import { z } from 'zod';
import type { Metrics } from '../publishing/adapter';
import { platformSchema, type Platform } from '../publishing/platform';
import { PostActionError } from './errors';
import { toJsonb } from './json';
import { isDueForMetrics, metricsMaxAgeMs } from './metrics-schedule';
import type { Queryable } from './pool';

export interface DueBatch {
	readonly platform: Platform;
	readonly accountId: string;
	/** In the same order as `platformPostIds`. */
	readonly postIds: readonly string[];
	readonly platformPostIds: readonly string[];
}

export interface DueOptions {
	/** How many ids one metrics call of this network takes. */
	readonly batchSizeOf: (platform: Platform) => number;
	readonly platforms?: readonly Platform[];
	readonly limit?: number;
}

const candidateSchema = z.object({
	post_id: z.uuid(),
	platform: platformSchema,
	account_id: z.string(),
	platform_post_id: z.string(),
	published_at: z.date(),
	last_fetched_at: z.date().nullable(),
	server_now: z.date(),
});

const candidatesSql = `
	select p.post_id, p.platform, p.account_id, p.platform_post_id, p.published_at, now() as server_now,
		(select max(a.fetched_at) from stackkraft.analytics a where a.post_id = p.post_id) as last_fetched_at
	from stackkraft.posts p
	where p.state = 'posted' and p.published_at > now() - make_interval(secs => $1::float8 / 1000)
		and ($2::text[] is null or p.platform = any($2))
	order by p.platform, p.account_id, p.published_at`;

export async function postsDueForMetrics(
	client: Queryable,
	{ batchSizeOf, platforms, limit = 5_000 }: DueOptions,
): Promise<readonly DueBatch[]> {
	const { rows } = await client.query(candidatesSql, [metricsMaxAgeMs, platforms?.length ? platforms : null]);
	const due = rows
		.map((row) => candidateSchema.parse(row))
		.filter((row) =>
			isDueForMetrics({
				publishedAt: row.published_at,
				lastFetchedAt: row.last_fetched_at,
				now: row.server_now,
			}),
		)
		.slice(0, limit);
	return inBatches(due, batchSizeOf);
}

/** Rows come sorted by network and account, so a batch ends where one of them changes or it is full. */
function inBatches(
	rows: readonly z.infer<typeof candidateSchema>[],
	batchSizeOf: DueOptions['batchSizeOf'],
): readonly DueBatch[] {
	const batches: { platform: Platform; accountId: string; postIds: string[]; platformPostIds: string[] }[] =
		[];
	for (const row of rows) {
		let batch = batches[batches.length - 1];
		const isSame = batch?.platform === row.platform && batch.accountId === row.account_id;
		if (!batch || !isSame || batch.postIds.length >= batchSizeOf(row.platform)) {
			batch = { platform: row.platform, accountId: row.account_id, postIds: [], platformPostIds: [] };
			batches.push(batch);
		}
		batch.postIds.push(row.post_id);
		batch.platformPostIds.push(row.platform_post_id);
	}
	return batches;
}

export interface NewSnapshot {
	/** Either our id, or the network's together with the network. */
	readonly post:
		| { readonly postId: string }
		| { readonly platform: Platform; readonly platformPostId: string; readonly accountId?: string };
	readonly metrics: Metrics;
	readonly raw: unknown;
	/** Now when absent. */
	readonly fetchedAt?: Date;
}

const snapshotRowSchema = z.object({
	post_id: z.uuid(),
	platform: platformSchema,
	platform_post_id: z.string(),
	hour_slot: z.date(),
	fetched_at: z.date(),
	age_seconds: z.number().int(),
	views: z.coerce.number().nullable(),
	likes: z.coerce.number().nullable(),
	comments: z.coerce.number().nullable(),
	shares: z.coerce.number().nullable(),
	saves: z.coerce.number().nullable(),
	clicks: z.coerce.number().nullable(),
	watch_time_seconds: z.coerce.number().nullable(),
	reach: z.coerce.number().nullable(),
	impressions: z.coerce.number().nullable(),
	engagement_rate: z.coerce.number().nullable(),
});

export interface Snapshot {
	readonly postId: string;
	readonly platform: Platform;
	readonly platformPostId: string;
	readonly hourSlot: Date;
	readonly fetchedAt: Date;
	readonly ageSeconds: number;
	readonly metrics: Metrics;
	readonly engagementRate: number | null;
}

const saveMetricsSql = `
	with target as (
		select post_id, platform, platform_post_id, published_at from stackkraft.posts
		where state = 'posted' and (
			post_id = $1::uuid or (platform = $2 and platform_post_id = $3 and ($4::text is null or account_id = $4))
		)
		limit 1
	), saved as (
		insert into stackkraft.analytics (
			post_id, hour_slot, fetched_at, age_seconds, views, likes, comments, shares, saves, clicks,
			watch_time_seconds, reach, impressions, engagement_rate, raw
		)
		select post_id, date_trunc('hour', at, 'UTC'), at, greatest(0, extract(epoch from at - published_at))::int,
			$6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16::jsonb
		from target, coalesce($5::timestamptz, now()) as at
		on conflict (post_id, hour_slot) do update set
			fetched_at = excluded.fetched_at, age_seconds = excluded.age_seconds, views = excluded.views,
			likes = excluded.likes, comments = excluded.comments, shares = excluded.shares,
			saves = excluded.saves, clicks = excluded.clicks,
			watch_time_seconds = excluded.watch_time_seconds, reach = excluded.reach,
			impressions = excluded.impressions, engagement_rate = excluded.engagement_rate, raw = excluded.raw
		returning *
	)
	select saved.*, target.platform, target.platform_post_id from saved join target using (post_id)`;

export async function saveMetrics(client: Queryable, snapshot: NewSnapshot): Promise<Snapshot> {
	const { post, metrics } = snapshot;
	const key =
		'postId' in post
			? [post.postId, null, null, null]
			: [null, post.platform, post.platformPostId, post.accountId ?? null];
	const { rows } = await client.query(saveMetricsSql, [
		...key,
		snapshot.fetchedAt ?? null,
		...whole([metrics.views, metrics.likes, metrics.comments, metrics.shares, metrics.saves]),
		...whole([metrics.clicks, metrics.watchTimeSeconds, metrics.reach, metrics.impressions]),
		engagementRate(metrics),
		toJsonb(snapshot.raw ?? {}),
	]);
	if (rows.length === 0) {
		throw new PostActionError(
			'unknown-post',
			`No posted post is known as ${'postId' in post ? post.postId : `${post.platform} ${post.platformPostId}`}.`,
			'Metrics are kept for posts that went out through the queue: pass their Post ID.',
		);
	}
	return toSnapshot(rows[0]);
}

export async function listSnapshots(
	client: Queryable,
	{ postId, limit = 100 }: { readonly postId?: string; readonly limit?: number },
): Promise<readonly Snapshot[]> {
	const { rows } = await client.query(
		`select a.*, p.platform, p.platform_post_id from stackkraft.analytics a
		 join stackkraft.posts p using (post_id)
		 where $1::uuid is null or a.post_id = $1
		 order by a.fetched_at desc, a.snapshot_id desc limit $2`,
		[postId ?? null, limit],
	);
	return rows.map(toSnapshot);
}

/** Interactions per view, or per whatever comes nearest to a view. Null where there is nothing to divide by. */
export function engagementRate(metrics: Metrics): number | null {
	const seen = metrics.views ?? metrics.impressions ?? metrics.reach;
	const counted = [metrics.likes, metrics.comments, metrics.shares, metrics.saves].filter((n) => n !== null);
	if (!seen || counted.length === 0) return null;
	// Likes can outnumber counted views for a while (networks count views late): the column holds up to 999.
	return Math.min(999, Math.round((counted.reduce((sum, n) => sum + n, 0) / seen) * 1e6) / 1e6);
}

function whole(values: readonly (number | null)[]): readonly (number | null)[] {
	return values.map((value) => (value === null ? null : Math.round(value)));
}

function toSnapshot(row: unknown): Snapshot {
	const parsed = snapshotRowSchema.parse(row);
	return {
		postId: parsed.post_id,
		platform: parsed.platform,
		platformPostId: parsed.platform_post_id,
		hourSlot: parsed.hour_slot,
		fetchedAt: parsed.fetched_at,
		ageSeconds: parsed.age_seconds,
		metrics: {
			views: parsed.views,
			likes: parsed.likes,
			comments: parsed.comments,
			shares: parsed.shares,
			saves: parsed.saves,
			clicks: parsed.clicks,
			watchTimeSeconds: parsed.watch_time_seconds,
			reach: parsed.reach,
			impressions: parsed.impressions,
		},
		engagementRate: parsed.engagement_rate,
	};
}
