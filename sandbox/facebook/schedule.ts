import { z } from 'zod';
import { invalidParameter } from '../graph/errors';
import type { Facebook } from './model';

const MINUTE_MS = 60_000;
/** Facts 6.2: from 10 minutes to 75 days (30 in another place). */
const AHEAD_MS = { min: 10 * MINUTE_MS, max: 75 * 24 * 60 * MINUTE_MS };

/** For posts of the feed and videos; drafts exist too, and nothing of ours sends them. */
export const heldBack = {
	published: z.boolean().optional(),
	scheduled_publish_time: z.int().optional(),
};

export function publishAtMsOf(
	{ frame }: Facebook,
	isScheduled: boolean,
	scheduledSec: number | undefined,
): number | undefined {
	if (isScheduled !== (scheduledSec !== undefined)) {
		throw invalidParameter('scheduled_publish_time is for unpublished posts, and unpublished posts need it.');
	}
	if (scheduledSec === undefined) return undefined;
	const aheadMs = scheduledSec * 1000 - frame.clock.nowMs();
	// The time itself has no fraction of a second.
	if (aheadMs < AHEAD_MS.min - 1000 || aheadMs > AHEAD_MS.max) {
		throw invalidParameter('The specified scheduled publish time is invalid.');
	}
	return scheduledSec * 1000;
}
