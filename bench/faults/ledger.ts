// The seed's database as the supervisor sees it, and the one way to let time pass in it: everything that waits for
// a moment is told that the moment was just now.
import { createPool, listPostEvents } from '../../lib/database';
import type { Pool } from 'pg';
import { z } from 'zod';
import type { RecordedPost } from './verdict';

const rowSchema = z.object({
	post_id: z.string(),
	state: z.string(),
	platform_post_id: z.string().nullable(),
	platform_url: z.string().nullable(),
	error_class: z.string().nullable(),
	error_code: z.string().nullable(),
	is_told: z.boolean(),
	next_attempt_at: z.date(),
});

const timePasses = [
	`update stackkraft.posts set lease_expires_at = now() - interval '1 second' where lease_expires_at is not null`,
	`update stackkraft.posts set next_attempt_at = now() - interval '1 second'
	 where state in ('pending', 'queued', 'unknown') and next_attempt_at > now()`,
	`update stackkraft.posts set state_changed_at = state_changed_at - interval '10 minutes' where state = 'queued'`,
	`update stackkraft.outbox set sent_at = sent_at - interval '10 hours' where sent_at is not null`,
	`update stackkraft.outbox set available_at = now() where sent_at is null and available_at > now()`,
	// Windows go by the database's own clock, which does not jump: what was counted is over instead. The pretend
	// networks count for themselves, on their own clock.
	'delete from stackkraft.rate_reservations',
	'delete from stackkraft.rate_limits',
];

const patience = { looks: 900, pauseMs: 100 } as const;

export interface LedgerPost extends RecordedPost {
	readonly nextAttemptAt: Date;
}

export class Ledger {
	readonly pool: Pool;

	constructor(url: string) {
		this.pool = createPool(url, { maxConnections: 2, connectTimeoutMs: 2_000 });
	}

	async posts(): Promise<readonly LedgerPost[]> {
		const { rows } = await this.patiently(() =>
			this.pool.query(
				`select p.post_id, p.state, p.platform_post_id, p.platform_url, p.next_attempt_at,
					p.last_error->>'class' as error_class, p.last_error->>'code' as error_code,
					exists (
						select 1 from stackkraft.dead_letters d where d.post_id = p.post_id and d.resolved_at is null
					) as is_told
				 from stackkraft.posts p`,
			),
		);
		return rows.map((row) => {
			const parsed = rowSchema.parse(row);
			return {
				postId: parsed.post_id,
				state: parsed.state,
				platformPostId: parsed.platform_post_id,
				url: parsed.platform_url,
				errorClass: parsed.error_class,
				errorCode: parsed.error_code,
				isTold: parsed.is_told,
				nextAttemptAt: parsed.next_attempt_at,
			};
		});
	}

	/** @param killsIdle ends sessions that stand still inside a transaction, as PostgreSQL does by itself in time. */
	async letTimePass(killsIdle: boolean): Promise<void> {
		if (killsIdle) {
			await this.patiently(() =>
				this.pool.query(
					`select pg_terminate_backend(pid) from pg_stat_activity
					 where datname = current_database() and state like 'idle in transaction%'`,
				),
			);
		}
		for (const sql of timePasses) await this.patiently(() => this.pool.query(sql));
	}

	async story(postId: string): Promise<readonly string[]> {
		const events = await this.patiently(() => listPostEvents(this.pool, postId));
		return events.map(
			({ at, event, fromState, toState, epoch, details }) =>
				`${at.toISOString()} epoch ${epoch} ${event} ${fromState ?? ''} → ${toState ?? ''} ${JSON.stringify(details)}`,
		);
	}

	/** The server may be dying or coming back: that is what is being tested. */
	async patiently<T>(work: () => Promise<T>): Promise<T> {
		for (let look = 1; ; look++) {
			try {
				return await work();
			} catch (error) {
				if (look >= patience.looks) throw error;
				await new Promise((resolve) => setTimeout(resolve, patience.pauseMs));
			}
		}
	}

	async close(): Promise<void> {
		await this.pool.end();
	}
}
