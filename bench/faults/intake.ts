// The request that must not be lost: it counts from the moment in which this has answered. The same request again
// finds the same posts, so whoever got no answer asks again.
import type { Pool } from 'pg';
import { createPosts, openPost } from '../../lib/database';
import { newClipSchema } from '../../lib/database/clips';
import { isWordless } from './kinds';
import type { IntakePost } from './messages';

export const accountId = 'main';

export async function takeIn(pool: Pool, posts: readonly IntakePost[]): Promise<readonly string[]> {
	const ids: string[] = [];
	for (const post of posts) ids.push(await takeInOne(pool, post));
	return ids;
}

/** One medium comes as a clip, with its wake-up in the same transaction; the rest waits for the reaper. */
async function takeInOne(pool: Pool, { key, platform, content, media }: IntakePost): Promise<string> {
	const [first, ...more] = media;
	if (first === undefined || more.length > 0) {
		const opened = await openPost({
			pool,
			idempotencyKey: key,
			platform,
			accountId,
			content,
			media: media.map((ref) => ({ ref })),
		});
		return opened.post.postId;
	}
	const { title, text, description } = content;
	const clip = newClipSchema.parse({
		clipId: key,
		startSec: 0,
		endSec: 10,
		path: first,
		suggestions: { title, text, description },
	});
	const target = {
		platform,
		accountId,
		isWordless: isWordless({ platform, ...content }),
		...(content.options && { options: content.options }),
	};
	const { posts: created } = await createPosts({
		pool,
		requestId: key,
		clips: [clip],
		targets: [target],
		startAt: new Date(0),
	});
	const [only] = created;
	if (!only) throw new Error(`no post came of ${key}`);
	return only.post.postId;
}
