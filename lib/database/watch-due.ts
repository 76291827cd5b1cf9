// Leaving on time without a tick: a cheap look at the oldest unsent row, a timer to its time, and a run of the
// relay when it is due. Nothing is remembered between looks, so a look that is missed, late, doubled or cut off
// by an outage of hours changes nothing: what is due stands in rows.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { z } from 'zod';
import { backoffMs } from '../publishing/decide';
import type { Queryable } from './pool';
import { wakeStranded } from './reaper';

export interface OldestUnsent {
	readonly outboxId: string;
	readonly availableAt: Date;
	/** Until it is due, by the clock of the database; negative when it is late. */
	readonly waitMs: number;
}

export interface WatchDueOptions {
	readonly pool: Pool;
	/** Sends what is due. Resolves with whether that went well; never rejects. */
	readonly dispatch: (oldest: OldestUnsent) => Promise<boolean>;
	/** The database cannot be asked; the watch goes on. */
	readonly onTrouble?: (error: unknown) => void;
	readonly onRepaired?: () => void;
	readonly signal: AbortSignal;
	readonly timing?: Partial<WatchTiming>;
}

interface WatchTiming {
	/** A row that was written after a look, due at once, waits for at most so long. */
	readonly lookMs: number;
	/** How often stranded posts are searched for. */
	readonly reapMs: number;
	/** Between runs that did not get on: a courier that is away must not be rung every second. */
	readonly firstPauseMs: number;
	readonly maxPauseMs: number;
}

export const watchDefaults = {
	lookMs: 1_000,
	reapMs: 10_000,
	firstPauseMs: 500,
	maxPauseMs: 30_000,
} as const satisfies WatchTiming;

const oldestSchema = z.object({ outbox_id: z.uuid(), available_at: z.date(), wait_ms: z.number() });

/** One row of an index: fit to be asked every second. */
export async function findOldestUnsent(client: Queryable): Promise<OldestUnsent | null> {
	const { rows } = await client.query(
		`select outbox_id, available_at, extract(epoch from available_at - now())::float8 * 1000 as wait_ms
		 from stackkraft.outbox where sent_at is null order by available_at limit 1`,
	);
	if (rows.length === 0) return null;
	const { outbox_id: outboxId, available_at: availableAt, wait_ms: waitMs } = oldestSchema.parse(rows[0]);
	return { outboxId, availableAt, waitMs };
}

/** Resolves when `signal` aborts, and never rejects. */
export async function watchDue(options: WatchDueOptions): Promise<void> {
	const { signal, onTrouble, onRepaired } = options;
	const timing = { ...watchDefaults, ...options.timing };
	const state: WatchState = { reapedAtMs: -Infinity, failures: 0, lastFront: '' };
	let isTroubled = false;
	while (!signal.aborted) {
		let waitMs: number;
		try {
			waitMs = await lookOnce(options, timing, state);
			if (isTroubled) onRepaired?.();
			isTroubled = false;
		} catch (error) {
			if (!isTroubled) onTrouble?.(error);
			isTroubled = true;
			waitMs = timing.lookMs;
		}
		await sleep(waitMs, undefined, { signal }).catch(() => undefined);
	}
}

interface WatchState {
	reapedAtMs: number;
	/** Runs in a row that did not get on. */
	failures: number;
	/** The row of the last run, with its time: a row that could not be sent gets another time. */
	lastFront: string;
}

/** @returns how long to wait before the next look. */
async function lookOnce(
	{ pool, dispatch }: WatchDueOptions,
	timing: WatchTiming,
	state: WatchState,
): Promise<number> {
	if (performance.now() - state.reapedAtMs >= timing.reapMs) {
		await wakeStranded({ pool });
		state.reapedAtMs = performance.now();
	}
	const oldest = await findOldestUnsent(pool);
	if (!oldest || oldest.waitMs > 0) {
		// One millisecond more: a timer may fire a little early, and would then look twice.
		return Math.min(timing.lookMs, Math.ceil(oldest?.waitMs ?? Infinity) + 1);
	}
	const front = `${oldest.outboxId} ${oldest.availableAt.toISOString()}`;
	const isSent = await dispatch(oldest);
	// The same row still in front: the last run was a success that sent nothing.
	const gotOn = isSent && front !== state.lastFront;
	state.lastFront = front;
	state.failures = gotOn ? 0 : state.failures + 1;
	if (gotOn) return 0;
	return backoffMs(state.failures - 1, { firstMs: timing.firstPauseMs, maxMs: timing.maxPauseMs }, 1);
}
