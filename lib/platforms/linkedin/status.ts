// How a post is doing. The record of a page's post can be read; of a member's there are only the counts under it.
import type { AdapterContext, PostStatus } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import { ifThere, linkedInRead } from './call';
import { linkedInPaths, postUrl } from './constants';
import { postSchema, socialActionsSchema, type LinkedInPost } from './types';

export async function linkedInStatus(context: AdapterContext, postUrn: string): Promise<PostStatus> {
	const base = { platformPostId: postUrn, url: postUrl(postUrn, context.apiBaseUrl), reason: null };
	const post = await readPagePost(context, checkedUrn(postUrn));
	if (post) return { ...base, ...stateOf(post), raw: post };
	// A member's post has no readable record; its counts are there as long as it is (facts 5.7).
	const counts = await ifThere(readSocialActions(context, postUrn), [404]);
	return counts === null ? { ...base, state: 'deleted', raw: null } : { ...base, state: 'live', raw: counts };
}

function stateOf({ lifecycleState }: LinkedInPost): Pick<PostStatus, 'state' | 'reason'> {
	if (lifecycleState === 'PUBLISHED') return { state: 'live', reason: null };
	if (lifecycleState === 'PUBLISH_FAILED')
		return { state: 'failed', reason: 'LinkedIn could not publish it.' };
	return { state: 'processing', reason: null };
}

/** Null for everything that is not a readable post of a page: a member's, or one that is not there. */
export async function readPagePost(context: AdapterContext, postUrn: string): Promise<LinkedInPost | null> {
	return await ifThere(
		linkedInRead(context, postSchema, { path: linkedInPaths.post(postUrn), doing: 'Reading the post' }),
		[403, 404],
	);
}

async function readSocialActions(context: AdapterContext, postUrn: string) {
	return await linkedInRead(context, socialActionsSchema, {
		path: linkedInPaths.socialActions(postUrn),
		doing: 'Reading the post',
	});
}

interface LiveCounts {
	readonly likes: number | null;
	readonly comments: number | null;
	readonly raw: unknown;
}

/** Null when the connection may not read them, or nothing is there. */
export async function readLiveCounts(context: AdapterContext, postUrn: string): Promise<LiveCounts | null> {
	const raw = await ifThere(readSocialActions(context, postUrn), [403, 404]);
	if (!raw) return null;
	return {
		likes: raw.likesSummary?.totalLikes ?? null,
		comments: raw.commentsSummary?.totalFirstLevelComments ?? null,
		raw,
	};
}

export function checkedUrn(postUrn: string): string {
	if (/^urn:li:(share|ugcPost):\d+$/.test(postUrn)) return postUrn;
	throw new PublishError('validation', `"${postUrn}" is no LinkedIn post.`, {
		platform: 'linkedin',
		code: 'post-id',
		remedy: 'Give the ID as LinkedIn says it: urn:li:share:123 or urn:li:ugcPost:123.',
	});
}
