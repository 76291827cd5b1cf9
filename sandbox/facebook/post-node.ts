import { shareOf, viewsAt } from '../core/growth';
import { invalidParameter } from '../graph/errors';
import type { Facebook, Photo, Video } from './model';
import { permalinkOf, postIdOf, publishedAtMs, stageOf } from './video-state';

/** A post of the page, whatever it is made of. */
export interface PostNode {
	readonly id: string;
	readonly pageId: string;
	readonly message: string;
	readonly link: string;
	readonly createdAtMs: number;
	readonly photos: readonly Photo[];
	readonly video: Video | undefined;
	readonly isPublished: boolean;
}

/** Posts that are there, planned ones too; `{page}_{video}` is the post of a video (facts 6.6). */
export function postNode(facebook: Facebook, id: string): PostNode | undefined {
	const post = facebook.posts.get(id);
	if (post !== undefined) {
		const photos = post.photoIds.flatMap((photoId) => facebook.photos.get(photoId) ?? []);
		const { publishAtMs = 0 } = post;
		const isPublished = publishAtMs <= facebook.frame.clock.nowMs();
		return {
			...post,
			createdAtMs: Math.max(post.createdAtMs, publishAtMs),
			photos,
			video: undefined,
			isPublished,
		};
	}
	const video = facebook.videos.get(id.split('_')[1] ?? '');
	if (video === undefined || postIdOf(video) !== id || stageOf(facebook, video) !== 'ready') return undefined;
	return {
		id,
		pageId: video.pageId,
		message: video.finished?.description ?? '',
		link: '',
		createdAtMs: publishedAtMs(facebook, video),
		photos: [],
		video,
		isPublished: true,
	};
}

export interface Counts {
	readonly views: number;
	readonly reach: number;
	readonly reactions: number;
	readonly comments: number;
	readonly shares: number;
	readonly clicks: number;
}

export function countsOf(facebook: Facebook, { id, createdAtMs }: PostNode): Counts {
	const views = viewsAt(id, facebook.frame.clock.nowMs() - createdAtMs);
	return {
		views,
		reach: shareOf(views, id, 'reach', [600, 900]),
		reactions: shareOf(views, id, 'reactions', [20, 90]),
		comments: shareOf(views, id, 'comments', [1, 12]),
		shares: shareOf(views, id, 'shares', [2, 20]),
		clicks: shareOf(views, id, 'clicks', [5, 40]),
	};
}

/** Graph times have an offset without a colon. */
export function graphTime(atMs: number): string {
	return new Date(atMs).toISOString().replace(/\.\d+Z$/, '+0000');
}

type Reader = (facebook: Facebook, node: PostNode) => unknown;

const READERS: Readonly<Record<string, Reader>> = {
	id: (_facebook, { id }) => id,
	is_published: (_facebook, { isPublished }) => isPublished,
	message: (_facebook, { message }) => message || undefined,
	created_time: (_facebook, { createdAtMs }) => graphTime(createdAtMs),
	permalink_url: ({ frame }, { id, video }) =>
		frame.baseUrl() + (video === undefined ? `/${id}` : permalinkOf(video)),
	attachments: (_facebook, node) => {
		const data = attachmentsOf(node);
		return data.length === 0 ? undefined : { data };
	},
	// The Graph leaves out what nobody shared.
	shares: (facebook, node) => {
		const { shares } = countsOf(facebook, node);
		return shares === 0 ? undefined : { count: shares };
	},
	reactions: (facebook, node) => summaryOf(countsOf(facebook, node).reactions),
	comments: (facebook, node) => summaryOf(countsOf(facebook, node).comments),
};

function summaryOf(total: number): unknown {
	return { data: [], summary: { total_count: total } };
}

function attachmentsOf({ id: postId, photos, video, link }: PostNode): unknown[] {
	const shown = photos.map(({ id }) => ({ media_type: 'photo', target: { id } }));
	const album = { media_type: 'album', target: { id: `${postId}1` }, subattachments: { data: shown } };
	return [
		...(video === undefined ? [] : [{ media_type: 'video', target: { id: video.id } }]),
		...(shown.length > 1 ? [album] : shown),
		...(link === '' ? [] : [{ media_type: 'link', target: { url: link } }]),
	];
}

/** Facts 6.6: `shares,reactions.summary(total_count).limit(0),…`; an unknown field fails the whole call. */
export function readPostFields(
	facebook: Facebook,
	node: PostNode,
	fields: readonly string[],
): Record<string, unknown> {
	const entries = [...new Set(['id', ...fields])].map((field) => {
		const name = /^\w+/.exec(field)?.[0] ?? '';
		const reader = READERS[name];
		if (reader === undefined) throw invalidParameter(`Tried accessing nonexisting field (${name})`);
		return [name, reader(facebook, node)] as const;
	});
	return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
