// Comments under a post. The fact sheet does not describe this edge; it is read from Meta's reference of
// `/{media}/comments` and its permission instagram_business_manage_comments.
import { z } from 'zod';
import type { Answer, Exchange } from '../core/answer';
import { invalidParameter } from '../graph/errors';
import { pick, readFields, readParameters } from '../graph/parameters';
import { ownMedia } from './media';
import type { Instagram } from './model';
import { COMMENTS, enter } from './oauth';
import { pageOf } from './paging';

const commentSchema = z.strictObject({ message: z.string().trim().min(1) });

export async function createComment(instagram: Instagram, exchange: Exchange): Promise<Answer> {
	const user = enter(instagram, exchange, COMMENTS);
	const media = ownMedia(instagram, user, exchange.params['id'] ?? '');
	const { message } = await readParameters(exchange, commentSchema);
	if (media.productType === 'STORY') throw invalidParameter('A story has no comments');
	const { ids, clock } = instagram.frame;
	const id = ids.snowflake(clock.nowMs());
	instagram.comments.set(id, {
		id,
		mediaId: media.id,
		username: user.account,
		text: message,
		createdAtMs: clock.nowMs(),
	});
	return { status: 200, body: { id } };
}

export function listComments(instagram: Instagram, exchange: Exchange): Answer {
	const user = enter(instagram, exchange, COMMENTS);
	const media = ownMedia(instagram, user, exchange.params['id'] ?? '');
	const fields = readFields(exchange, ['id', 'text', 'timestamp', 'username']);
	const all = instagram.comments.values().filter(({ mediaId }) => mediaId === media.id);
	const { page, paging } = pageOf(exchange, all);
	const data = page.map(({ createdAtMs, ...comment }) =>
		pick({ ...comment, timestamp: new Date(createdAtMs).toISOString() }, fields),
	);
	return { status: 200, body: { data, paging } };
}
