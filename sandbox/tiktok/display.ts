import { z } from 'zod';
import type { Answer, Exchange } from '../core/answer';
import { mediaTypeOf, readJson } from '../core/body';
import { shareOf, viewsAt } from '../core/growth';
import { ok, refuse } from './errors';
import { charge } from './limits';
import { stateOf, type Creator, type Publish, type TikTok } from './model';
import { enter } from './oauth';

/** Facts 2.8: the whole of what the display API tells of a video. */
const VIDEO_FIELDS = [
	'id',
	'create_time',
	'title',
	'video_description',
	'duration',
	'width',
	'height',
	'cover_image_url',
	'share_url',
	'embed_html',
	'embed_link',
	'like_count',
	'comment_count',
	'share_count',
	'view_count',
];
const DESCRIPTION_CHARS = 150;

/** The display API's word differs from the posting API's by one letter (facts 2.7). */
function invalidParams(message: string) {
	return refuse(400, 'invalid_params', message);
}

function readFields(exchange: Exchange, known: readonly string[]): string[] {
	const fields = (exchange.url.searchParams.get('fields') ?? '').split(',').filter((name) => name !== '');
	if (fields.length === 0) throw invalidParams('fields is required.');
	const unknown = fields.filter((name) => !known.includes(name));
	if (unknown.length > 0) throw invalidParams(`Unknown fields: ${unknown.join(',')}`);
	return fields;
}

async function readBody<Schema extends z.ZodType>(
	exchange: Exchange,
	schema: Schema,
): Promise<z.output<Schema>> {
	if (mediaTypeOf(exchange) !== 'application/json') throw invalidParams('Send application/json.');
	const parsed = schema.safeParse((await readJson(exchange)) ?? {});
	if (parsed.success) return parsed.data;
	throw invalidParams(parsed.error.issues[0]?.message ?? 'malformed');
}

function picked(all: Readonly<Record<string, unknown>>, fields: readonly string[]): Record<string, unknown> {
	return Object.fromEntries(fields.map((name) => [name, all[name]]));
}

/** Facts 2.8: public videos only, newest first. */
function publicVideos(tiktok: TikTok, creator: Creator): Publish[] {
	return tiktok.publishes
		.values()
		.filter(({ account }) => account === creator.account)
		.filter((publish) => publish.pulled !== 'photo')
		.filter((publish) => {
			const state = stateOf(tiktok, publish);
			return state.status === 'PUBLISH_COMPLETE' && state.isListed;
		})
		.sort((a, b) => createdAtMs(b) - createdAtMs(a));
}

function createdAtMs({ done }: Publish): number {
	return done?.atMs ?? 0;
}

function videoOf(tiktok: TikTok, publish: Publish): Record<string, unknown> {
	const { videoId, account, post } = publish;
	const base = tiktok.frame.baseUrl();
	const views = viewsAt(videoId, tiktok.frame.clock.nowMs() - createdAtMs(publish));
	const description = (post?.title ?? '').slice(0, DESCRIPTION_CHARS);
	const link = `${base}/embed/v2/${videoId}`;
	return {
		id: videoId,
		create_time: Math.floor(createdAtMs(publish) / 1000),
		title: description,
		video_description: description,
		duration: 30,
		width: 1080,
		height: 1920,
		cover_image_url: `${base}/cover/${videoId}.jpeg`,
		share_url: `${base}/@${encodeURIComponent(account)}/video/${videoId}`,
		embed_html: `<blockquote cite="${link}"></blockquote>`,
		embed_link: link,
		like_count: shareOf(views, videoId, 'likes', [30, 120]),
		comment_count: shareOf(views, videoId, 'comments', [1, 12]),
		share_count: shareOf(views, videoId, 'shares', [2, 25]),
		view_count: views,
	};
}

const querySchema = z.strictObject({
	filters: z.strictObject({ video_ids: z.array(z.string().regex(/^\d+$/)).min(1).max(20) }),
});

export async function queryVideos(tiktok: TikTok, exchange: Exchange): Promise<Answer> {
	const caller = enter(tiktok, exchange, ['video.list']);
	charge(tiktok, exchange, 'display', caller);
	const fields = readFields(exchange, VIDEO_FIELDS);
	const { video_ids: ids } = (await readBody(exchange, querySchema)).filters;
	const videos = publicVideos(tiktok, caller.creator).filter(({ videoId }) => ids.includes(videoId));
	return ok({ videos: videos.map((publish) => picked(videoOf(tiktok, publish), fields)) });
}

const listSchema = z.strictObject({
	cursor: z.int().nonnegative().optional(),
	max_count: z.int().min(1).max(20).default(10),
});

export async function listVideos(tiktok: TikTok, exchange: Exchange): Promise<Answer> {
	const caller = enter(tiktok, exchange, ['video.list']);
	charge(tiktok, exchange, 'display', caller);
	const fields = readFields(exchange, VIDEO_FIELDS);
	const { cursor, max_count: count } = await readBody(exchange, listSchema);
	const older = publicVideos(tiktok, caller.creator).filter(
		(publish) => cursor === undefined || createdAtMs(publish) < cursor,
	);
	const page = older.slice(0, count);
	const last = page.at(-1);
	return ok({
		videos: page.map((publish) => picked(videoOf(tiktok, publish), fields)),
		cursor: last ? createdAtMs(last) : (cursor ?? 0),
		has_more: older.length > page.length,
	});
}

/** Which permission tells what (facts 2.1, 2.2). */
const USER_FIELDS: Readonly<Record<string, string>> = {
	open_id: 'user.info.basic',
	union_id: 'user.info.basic',
	avatar_url: 'user.info.basic',
	display_name: 'user.info.basic',
	username: 'user.info.profile',
	is_verified: 'user.info.profile',
	follower_count: 'user.info.stats',
	following_count: 'user.info.stats',
	likes_count: 'user.info.stats',
	video_count: 'user.info.stats',
};

export function userInfo(tiktok: TikTok, exchange: Exchange): Answer {
	const fields = readFields(exchange, Object.keys(USER_FIELDS));
	const needed = new Set(fields.map((name) => USER_FIELDS[name] ?? 'user.info.basic'));
	let caller = enter(tiktok, exchange, ['user.info.basic', 'user.info.profile', 'user.info.stats']);
	for (const scope of needed) caller = enter(tiktok, exchange, [scope]);
	charge(tiktok, exchange, 'display', caller);
	const { creator } = caller;
	const user = {
		open_id: creator.accountId,
		union_id: `union-${creator.accountId}`,
		avatar_url: `${tiktok.frame.baseUrl()}/avatar/${creator.accountId}.webp`,
		display_name: creator.account,
		username: creator.account,
		is_verified: false,
		follower_count: 1000,
		following_count: 10,
		likes_count: 5000,
		video_count: publicVideos(tiktok, creator).length,
	};
	return ok({ user: picked(user, fields) });
}
