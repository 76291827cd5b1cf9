// From clips and targets to posts, all in one transaction: either the whole request is planned or none of it,
// and the same request again finds what is there.
import type { Pool } from 'pg';
import { planClips } from '../publishing/plan';
import type { Platform } from '../publishing/platform';
import type { PostContent } from '../publishing/post';
import { ensureAccounts } from './accounts';
import { upsertClip, type NewClip } from './clips';
import { insertPost, refuseDisabled, type NewPost, type OpenedPost } from './open-post';
import { addWakeUp } from './outbox';
import { inTransaction } from './pool';

export interface PostTarget {
	readonly platform: Platform;
	readonly accountId: string;
	/** The network's own extras, passed on to its adapter. */
	readonly options?: Readonly<Record<string, unknown>> | undefined;
	/** The post shows no words, and the network refuses any: a story for example. */
	readonly isWordless?: boolean | undefined;
}

export interface CreatePostsRequest {
	readonly pool: Pool;
	/** Twice the same id is the same request: nothing new comes of it. */
	readonly requestId: string;
	/** In the order in which they go out. */
	readonly clips: readonly NewClip[];
	readonly targets: readonly PostTarget[];
	/** Now when absent. */
	readonly startAt?: Date | undefined;
	readonly spacingMinutes?: number | undefined;
	/** A clip goes to an account once per slot. Name another slot to post it again on purpose. */
	readonly slot?: string | undefined;
}

export interface CreatedPosts {
	readonly posts: readonly OpenedPost[];
	readonly created: number;
	/** Were there already, from this request or an earlier one. */
	readonly existing: number;
}

export async function createPosts(request: CreatePostsRequest): Promise<CreatedPosts> {
	const { pool, clips, targets, requestId } = request;
	const posts = await inTransaction(pool, async (client) => {
		refuseDisabled(await ensureAccounts(client, targets));
		// In the order of their keys: two requests that share clips must not wait for each other in a circle.
		for (const clip of byKey(clips, ({ clipId }) => clipId)) await upsertClip(client, clip, requestId);
		const opened: OpenedPost[] = [];
		for (const post of byKey(plannedPosts(request), ({ idempotencyKey }) => idempotencyKey)) {
			const result = await insertPost(client, post);
			if (result.isNew) await addWakeUp(client, result.post, result.post.scheduledAt);
			opened.push(result);
		}
		return opened;
	});
	const created = posts.filter(({ isNew }) => isNew).length;
	return { posts: inPlannedOrder(posts), created, existing: posts.length - created };
}

function plannedPosts({
	clips,
	targets,
	requestId,
	startAt = new Date(),
	spacingMinutes = 0,
	slot = '',
}: CreatePostsRequest): readonly NewPost[] {
	return planClips(clips, { startAt, spacingMinutes }).flatMap(({ clip, scheduledAt }) =>
		targets.map((target) => ({
			idempotencyKey: [requestId, clip.clipId, target.platform, target.accountId].join('/'),
			platform: target.platform,
			accountId: target.accountId,
			content: contentFor(clip, target),
			media: [{ ref: clip.path, hash: clip.sha256 }],
			clipId: clip.clipId,
			slot,
			scheduledAt,
		})),
	);
}

/** Every network gets all that there is to say and uses the fields it has. */
export function contentFor(clip: NewClip, target: Pick<PostTarget, 'options' | 'isWordless'>): PostContent {
	if (target.isWordless) return { ...(target.options && { options: target.options }) };
	const { title, description, text, hashtags } = clip.suggestions;
	return {
		title: title ?? clip.title,
		description: description ?? clip.hook,
		text: text ?? title ?? clip.title,
		tags: (hashtags ?? []).map((tag) => tag.replace(/^#/, '')),
		...(target.options && { options: target.options }),
	};
}

function byKey<T>(items: readonly T[], key: (item: T) => string): readonly T[] {
	return [...items].sort((left, right) => (key(left) < key(right) ? -1 : 1));
}

function inPlannedOrder(posts: readonly OpenedPost[]): readonly OpenedPost[] {
	return [...posts].sort((left, right) => left.post.scheduledAt.getTime() - right.post.scheduledAt.getTime());
}
