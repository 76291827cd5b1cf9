// What the network says about a window (headers, quota endpoints) tightens what we count; it never loosens it,
// because an answer that is late or of another window would let calls out that the network refuses.
import { z } from 'zod';
import type { Queryable } from '../database/pool';
import type { LimitSighting } from '../publishing/adapter';
import type { Platform } from '../publishing/platform';
import type { CountedWindow, Scope } from './window';
import { toWire } from './wire';

export interface SeenLimit extends Scope, LimitSighting {
	readonly platform: Platform;
	readonly window: CountedWindow;
	/** How long ago the answer came; what was reserved since is not in `limitRemaining`. */
	readonly ageMs?: number | undefined;
}

const seenSchema = z.object({
	limitTotal: z.number().min(0).optional(),
	limitRemaining: z.number(),
	ageMs: z.number().min(0).default(0),
});

/** @returns whether it was news: false for an answer that is older, or says no less, than what is known. */
export async function learn(client: Queryable, seen: SeenLimit): Promise<{ learned: boolean }> {
	const { limitTotal, limitRemaining, ageMs } = seenSchema.parse(seen);
	const { resetAt } = seen;
	const { rows } = await client.query<{ learned: boolean }>(
		'select stackkraft.learn_limit($1, $2::jsonb, $3::jsonb) as learned',
		[
			seen.platform,
			JSON.stringify(toWire(seen.window, seen).row),
			JSON.stringify({
				total: limitTotal === undefined ? null : Math.floor(limitTotal),
				remaining: Math.max(0, Math.floor(limitRemaining)),
				reset_at: resetAt instanceof Date ? resetAt.toISOString() : null,
				reset_after_sec: resetAt instanceof Date ? null : resetAt.afterSec,
				age_sec: ageMs / 1_000,
			}),
		],
	);
	return { learned: rows[0]?.learned ?? false };
}
