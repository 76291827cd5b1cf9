// What may follow what. PostgreSQL holds the same table as a trigger (a test compares the two), so that no bug
// in code can invent a second success.
import type { PostState } from './post';

const next: Record<PostState, readonly PostState[]> = {
	pending: ['queued', 'publishing', 'cancelled', 'failed'],
	queued: ['publishing', 'pending', 'cancelled', 'failed'],
	// publishing → publishing is a takeover: the lease ran out and a new worker claims with a higher epoch.
	publishing: ['publishing', 'posted', 'unknown', 'pending', 'failed'],
	// From unknown only a reader leads on: it found the post (posted), proved that the call had no effect
	// (publishing), or gave up and called a person (failed).
	unknown: ['publishing', 'posted', 'unknown', 'failed'],
	// A person may redrive what failed; nothing ever leaves posted.
	failed: ['pending', 'cancelled'],
	posted: [],
	cancelled: [],
};

export function canTransition(from: PostState, to: PostState): boolean {
	return next[from].includes(to);
}
