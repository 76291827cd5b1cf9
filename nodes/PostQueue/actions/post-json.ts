// How a post looks as an n8n item. One shape for all operations, so that expressions can be copied between them.
import type { IDataObject } from 'n8n-workflow';
import type { Post } from '../../../lib/database';
import type { ClaimedPost } from '../../../lib/publishing/post';
import { toItemJson } from '../../shared/postgres-operations';

export function postJson(post: Post): IDataObject {
	const { live, epoch, ...rest } = post;
	return toItemJson({
		...rest,
		claimEpoch: epoch,
		mediaPath: post.media[0]?.ref ?? null,
		platformPostId: live?.platformPostId ?? null,
		url: live?.url ?? null,
	});
}

/** What a publisher needs of a claimed post. The handle stays in the database: it can hold a session URI. */
export function claimedJson(post: ClaimedPost): IDataObject {
	return toItemJson({
		postId: post.postId,
		claimEpoch: post.epoch,
		platform: post.platform,
		accountId: post.accountId,
		content: post.content,
		media: post.media,
		mediaPath: post.media[0]?.ref ?? null,
		retryCount: post.retryCount,
		/** An earlier call may have worked: the publisher will look before it sends. */
		isOutcomeOpen: post.progress.commitIntent !== null,
	});
}
