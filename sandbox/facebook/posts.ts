import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Answer, Exchange } from '../core/answer';
import { readMultipart } from '../core/multipart';
import { enterAsPage, enterToPublish, type PageCaller } from './callers';
import { invalidParameter, refuseGraph } from '../graph/errors';
import { readParameters } from '../graph/parameters';
import { noPermission } from './errors';
import type { Facebook, Photo, Post } from './model';
import { splitFields } from './fields';
import { postNode, readPostFields } from './post-node';
import { heldBack, publishAtMsOf } from './schedule';
import { postIdOf, publishedAtMs, stageOf } from './video-state';

/** Facts 6.3. */
const MAX_MESSAGE_CHARS = 63_206;
/** Facts 6.5, code 1366046. */
const MAX_PHOTO_BYTES = 4_000_000;

const feedSchema = z.strictObject({
	message: z.string().optional(),
	link: z.url().optional(),
	attached_media: z
		.array(z.strictObject({ media_fbid: z.string() }))
		.min(1)
		.optional(),
	...heldBack,
});
const photoSchema = z.strictObject({ published: z.literal('false') });

/** `POST /{page}/feed` (6.3): public at once, and without any handle before the answer. */
export async function createPost(facebook: Facebook, exchange: Exchange): Promise<Answer> {
	const caller = enterToPublish(facebook, exchange);
	const params = await readParameters(exchange, feedSchema);
	const { message = '', link = '', attached_media = [], published = true } = params;
	const photos = attached_media.map(({ media_fbid }) => ownPhoto(facebook, media_fbid, caller));
	if (message === '' && link === '' && photos.length === 0) {
		throw invalidParameter('You must provide a message, a link or media.');
	}
	if (message.length > MAX_MESSAGE_CHARS) throw invalidParameter('The message is too long.');
	const draft = { pageId: caller.pageId, message, link, photoIds: photos.map(({ id }) => id) };
	const publishAtMs = publishAtMsOf(facebook, !published, params.scheduled_publish_time);
	refuseDuplicate(facebook, draft);
	const post = {
		...draft,
		account: caller.user.account,
		...(publishAtMs === undefined ? {} : { publishAtMs }),
	};
	return { status: 200, body: { id: keepPost(facebook, post, photos) } };
}

/** @returns the id under which it is seen from its time on. */
export function keepPost(
	facebook: Facebook,
	post: Omit<Post, 'id' | 'createdAtMs'>,
	media: readonly Pick<Photo, 'sha256' | 'sizeBytes'>[],
): string {
	const { clock, ids, store, journal, baseUrl } = facebook.frame;
	const createdAtMs = clock.nowMs();
	const id = `${post.pageId}_${ids.snowflake(createdAtMs)}`;
	store.batch(() => {
		facebook.posts.set(id, { ...post, id, createdAtMs });
		journal.addPost({
			network: 'facebook',
			account: post.account,
			accountId: post.pageId,
			platformPostId: id,
			url: `${baseUrl()}/${id}`,
			createdAt: new Date(post.publishAtMs ?? createdAtMs).toISOString(),
			title: post.isStory === true ? 'Story' : post.link,
			text: post.message,
			visibility: post.publishAtMs === undefined ? 'public' : 'scheduled',
			media: media.map(({ sha256, sizeBytes }) => ({ sha256, sizeBytes })),
		});
	});
	return id;
}

export function ownPhoto(facebook: Facebook, id: string, { pageId }: PageCaller): Photo {
	const photo = facebook.photos.get(id);
	if (photo === undefined || photo.pageId !== pageId) throw invalidParameter('Invalid attached_media.');
	return photo;
}

/** Facts 6.5, 6.7: the same again soon after is refused. */
function refuseDuplicate(facebook: Facebook, draft: Omit<Post, 'id' | 'account' | 'createdAtMs'>): void {
	const sinceMs = facebook.frame.clock.nowMs() - facebook.settings.duplicateWindowMs;
	const isSame = (post: Post): boolean =>
		post.createdAtMs > sinceMs &&
		post.pageId === draft.pageId &&
		post.message === draft.message &&
		post.link === draft.link &&
		post.photoIds.join() === draft.photoIds.join();
	if (facebook.posts.values().some(isSame)) {
		throw refuseGraph({ code: 506, message: '(#506) Duplicate status message' });
	}
}

/** `POST /{page}/photos` with `published:false` (6.3): nobody sees it before a post attaches it. */
export async function uploadPhoto(facebook: Facebook, exchange: Exchange): Promise<Answer> {
	const { user, pageId } = enterToPublish(facebook, exchange);
	const hash = createHash('sha256');
	let sizeBytes = 0;
	const fields = await readMultipart(exchange, {
		streamed: new Set(['source']),
		write: (piece) => {
			hash.update(piece);
			sizeBytes += piece.length;
		},
	});
	if (fields === undefined || sizeBytes === 0) throw invalidParameter('source is required.');
	if (!photoSchema.safeParse(fields).success) throw invalidParameter('published must be false');
	if (sizeBytes > MAX_PHOTO_BYTES) {
		throw invalidParameter('Your photos should be less than 4 MB.', 1366046);
	}
	const id = facebook.frame.ids.snowflake(facebook.frame.clock.nowMs());
	facebook.photos.set(id, { id, account: user.account, pageId, sha256: hash.digest('hex'), sizeBytes });
	return { status: 200, body: { id } };
}

/** Newest first, videos among the posts; where a lost answer is looked up (6.7). */
export function publishedPosts(facebook: Facebook, exchange: Exchange): Answer {
	const { pageId } = enterAsPage(facebook, exchange, ['pages_read_engagement']);
	if (exchange.params['id'] !== pageId) throw noPermission(10, 'the token of this page');
	const query = exchange.url.searchParams;
	const fields = splitFields(query.get('fields') ?? 'id,message,created_time');
	const sinceMs = Number(query.get('since') ?? 0) * 1000;
	const limit = Math.min(Number(query.get('limit') ?? 25), facebook.settings.pageSize);
	if (!Number.isInteger(limit) || limit < 1 || Number.isNaN(sinceMs))
		throw invalidParameter('Invalid parameter');
	const all = [
		...facebook.posts
			.values()
			.filter(
				({ isStory, publishAtMs = 0 }) => isStory !== true && publishAtMs <= facebook.frame.clock.nowMs(),
			)
			.map(({ id, pageId: page, createdAtMs, publishAtMs }) => ({
				id,
				page,
				createdAtMs: publishAtMs ?? createdAtMs,
			})),
		...facebook.videos
			.values()
			.filter((video) => stageOf(facebook, video) === 'ready')
			.map((video) => ({
				id: postIdOf(video),
				page: video.pageId,
				createdAtMs: publishedAtMs(facebook, video),
			})),
	]
		.filter(({ page, createdAtMs }) => page === pageId && createdAtMs >= sinceMs)
		.sort((a, b) => b.createdAtMs - a.createdAtMs);
	const after = query.get('after');
	const start = after === null ? 0 : all.findIndex(({ id }) => id === after) + 1;
	const shown = all.slice(start, start + limit);
	const data = shown.flatMap(({ id }) => {
		const node = postNode(facebook, id);
		return node === undefined ? [] : [readPostFields(facebook, node, fields)];
	});
	const last = shown.at(-1);
	const next =
		start + shown.length < all.length ? { next: 'https://graph.facebook.com/?access_token=hidden' } : {};
	const paging = last === undefined ? {} : { paging: { cursors: { after: last.id }, ...next } };
	return { status: 200, body: { data, ...paging } };
}
