// Whose post it is, and whether there is room for it. Nothing is made yet.
import type { AdapterContext, Draft } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import { threadsRead } from './call';
import { threadsPaths } from './constants';
import { addressed } from './container';
import { isReply } from './options';
import { idSchema, publishingLimitSchema, type ThreadsHandle } from './types';

const hourMs = 3_600_000;

export async function preparePost(context: AdapterContext, draft: Draft): Promise<ThreadsHandle> {
	const preparedAt = context.clock.now().toISOString();
	// Asked for before anything is sent: without an address the post cannot become one.
	for (const media of draft.media) await addressed(media);
	const { id: userId } = await threadsRead(context, idSchema, {
		path: threadsPaths.me,
		query: { fields: 'id' },
		doing: 'Asking for the profile',
	});
	await refuseFullDay(context, { userId, isReply: isReply(draft.content) });
	return { userId, preparedAt, mediaBytes: sizesOf(draft), children: [], containerId: null };
}

export function sizesOf({ media }: Draft): number[] {
	return media.map(({ source }) => source.sizeBytes);
}

/** Asked before twenty media are fetched for a post that is refused at the end (facts 7.3). */
async function refuseFullDay(
	context: AdapterContext,
	{ userId, isReply: isAboutReplies }: { userId: string; isReply: boolean },
): Promise<void> {
	const { data } = await threadsRead(context, publishingLimitSchema, {
		path: threadsPaths.publishingLimit(userId),
		query: { fields: isAboutReplies ? 'reply_quota_usage,reply_config' : 'quota_usage,config' },
		doing: 'Asking how many posts are left',
	});
	const limit = data[0];
	const used = isAboutReplies ? limit?.reply_quota_usage : limit?.quota_usage;
	const total = (isAboutReplies ? limit?.reply_config : limit?.config)?.quota_total;
	if (used === undefined || total === undefined || used < total) return;
	const what = isAboutReplies ? 'replies' : 'posts';
	throw new PublishError('quota', `The profile has used its ${total} ${what} of 24 hours.`, {
		platform: 'threads',
		code: 'threads_publishing_limit',
		scope: 'account',
		// The day rolls and nothing says when its first post leaves it.
		retryAt: new Date(context.clock.now().getTime() + hourMs),
		remedy: 'The post goes out when there is room again.',
	});
}
