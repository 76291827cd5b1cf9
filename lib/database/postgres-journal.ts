// The journal behind a claim. Every write names the epoch and needs a claim that was not given back; a write
// that changes no row means that another worker has the post, and the writer must stop at once.
import type { Pool } from 'pg';
import { LostClaimError, PublishError } from '../publishing/errors';
import type { JsonObject } from '../publishing/platform';
import type { PublishJournal, StoredDecision } from '../publishing/ports';
import type { CommitIntent, LivePost, Progress } from '../publishing/post';
import { defaultLeaseMs } from './claim';
import { giveBackClaim } from './give-back';
import { toJsonb } from './json';
import { parsePostRow, progressOf } from './post-row';
import { inTransaction } from './pool';

export interface PostgresJournalOptions {
	readonly pool: Pool;
	readonly postId: string;
	/** The epoch that the claim gave. */
	readonly epoch: number;
	readonly leaseMs?: number;
}

const uniqueViolation = '23505';

export class PostgresJournal implements PublishJournal {
	private readonly pool: Pool;
	private readonly postId: string;
	private readonly epoch: number;
	private readonly leaseMs: number;

	constructor({ pool, postId, epoch, leaseMs = defaultLeaseMs }: PostgresJournalOptions) {
		this.pool = pool;
		this.postId = postId;
		this.epoch = epoch;
		this.leaseMs = leaseMs;
	}

	async load(): Promise<Progress> {
		const { rows } = await this.pool.query(
			'select * from stackkraft.posts where post_id = $1 and epoch = $2',
			[this.postId, this.epoch],
		);
		if (rows.length === 0) throw this.lost();
		return progressOf(parsePostRow(rows[0]));
	}

	async saveHandle(handle: JsonObject): Promise<void> {
		await this.write('handle = $3::jsonb', [toJsonb(handle)]);
	}

	async markUploaded(handle: JsonObject): Promise<void> {
		await this.write('handle = $3::jsonb, is_uploaded = true', [toJsonb(handle)]);
	}

	/**
	 * The last look before the irreversible call: only with a lease that is not over (by the server's clock)
	 * and without an older call whose outcome nobody knows.
	 */
	async armCommit(intent: CommitIntent): Promise<void> {
		await this.write(
			`commit_armed_at = $3::timestamptz, commit_checks = $4::int, ${extendLease('$5')}`,
			[intent.armedAt, intent.checks, this.leaseMs],
			`state = 'publishing' and commit_armed_at is null and lease_expires_at > now()`,
		);
	}

	async disarmCommit(): Promise<void> {
		await this.write(`commit_armed_at = null, commit_checks = 0, state = 'publishing'`, []);
	}

	async countCheck(): Promise<number> {
		const row = await this.write('commit_checks = commit_checks + 1', []);
		return row.commit_checks;
	}

	async dropHandle(): Promise<void> {
		await this.write('handle = null, is_uploaded = false', []);
	}

	async recordLive(live: LivePost): Promise<void> {
		try {
			await this.write(
				`state = 'posted', platform_post_id = $3, platform_url = $4, published_at = now(),
				 lease_expires_at = null, commit_armed_at = null, last_error = null`,
				[live.platformPostId, live.url],
			);
		} catch (error) {
			throw isTakenId(error) ? takenId(live, await this.holderOf(live), error) : error;
		}
	}

	async note(event: string, details: JsonObject): Promise<void> {
		const { rowCount } = await this.pool.query(
			`insert into stackkraft.post_events (post_id, event, epoch, details)
			 select post_id, $3, epoch, $4::jsonb from stackkraft.posts where post_id = $1 and epoch = $2`,
			[this.postId, this.epoch, event, toJsonb(details)],
		);
		if (rowCount === 0) throw this.lost();
	}

	async recordDecision(decision: StoredDecision): Promise<void> {
		const given = await inTransaction(this.pool, (client) =>
			giveBackClaim(client, { postId: this.postId, epoch: this.epoch, decision }),
		);
		if (!given) throw this.lost();
	}

	async keepAlive(): Promise<void> {
		await this.write(extendLease('$3'), [this.leaseMs]);
	}

	/** @returns null when it is gone by now. */
	private async holderOf({ platformPostId }: LivePost): Promise<string | null> {
		const { rows } = await this.pool.query<{ post_id: string }>(
			`select holder.post_id from stackkraft.posts ours
			 join stackkraft.posts holder using (platform, account_id)
			 where ours.post_id = $1 and holder.platform_post_id = $2`,
			[this.postId, platformPostId],
		);
		return rows[0]?.post_id ?? null;
	}

	/** @param assignments use the parameters from `$3` on. */
	private async write(
		assignments: string,
		values: readonly unknown[],
		condition = 'true',
	): Promise<ReturnType<typeof parsePostRow>> {
		const { rows } = await this.pool.query(
			`update stackkraft.posts set ${assignments}
			 where post_id = $1 and epoch = $2 and state in ('publishing', 'unknown')
				and lease_expires_at is not null and (${condition})
			 returning *`,
			[this.postId, this.epoch, ...values],
		);
		if (rows.length === 0) throw this.lost();
		return parsePostRow(rows[0]);
	}

	private lost(): LostClaimError {
		return new LostClaimError(this.postId, this.epoch);
	}
}

function extendLease(parameter: string): string {
	return `lease_expires_at = now() + make_interval(secs => ${parameter}::float8 / 1000)`;
}

function isTakenId(error: unknown): boolean {
	const { code, constraint } = (error ?? {}) as { code?: unknown; constraint?: unknown };
	return code === uniqueViolation && constraint === 'posts_live_once';
}

/**
 * The network shows one post for two of ours, mostly because it takes the same words only once. No further look can
 * tell whose it is, so a person is asked at once.
 */
function takenId(live: LivePost, holder: string | null, cause: unknown): PublishError {
	const owner = holder === null ? 'another post' : `the post ${holder}`;
	return new PublishError(
		'unknown',
		`What was found for this post, ${live.url}, already belongs to ${owner}.`,
		{
			code: 'post-id-taken',
			remedy:
				'Look at the account. If both posts are there, nothing is left to do. If only one is, the network may have refused the same words twice: create this post again with other words.',
			needsPerson: true,
			cause,
		},
	);
}
