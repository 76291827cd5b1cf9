import type { FollowUp } from '../../../lib/publishing/adapter';

/** Nothing in the item for a post that nothing hangs on. */
export function told(followUps: readonly FollowUp[]): { readonly followUps?: readonly FollowUp[] } {
	return followUps.length > 0 ? { followUps } : {};
}
