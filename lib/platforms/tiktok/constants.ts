// The one place that knows TikTok's hosts, paths and API version. Sections are those of the project's platform
// fact sheet (docs read 2026-11-20).
import { joinUrl } from '../base-url';

export const tiktokApiVersion = 'v2';

/** 2 (head). The upload host is no constant: only the answer to an init tells it. */
const hosts = {
	authorize: 'https://www.tiktok.com',
	api: 'https://open.tiktokapis.com',
	web: 'https://www.tiktok.com',
} as const;

export type TikTokHost = keyof typeof hosts;

export const tiktokHosts: Readonly<Record<TikTokHost, string>> = hosts;

/** 2.1, 2.2. The slash at the end belongs to each of them. */
export const tiktokPaths = {
	authorize: `/${tiktokApiVersion}/auth/authorize/`,
	token: `/${tiktokApiVersion}/oauth/token/`,
	creatorInfo: `/${tiktokApiVersion}/post/publish/creator_info/query/`,
	initDirect: `/${tiktokApiVersion}/post/publish/video/init/`,
	initDraft: `/${tiktokApiVersion}/post/publish/inbox/video/init/`,
	fetchStatus: `/${tiktokApiVersion}/post/publish/status/fetch/`,
	initPhotos: `/${tiktokApiVersion}/post/publish/content/init/`,
	listVideos: `/${tiktokApiVersion}/video/list/`,
	queryVideos: `/${tiktokApiVersion}/video/query/`,
	userInfo: `/${tiktokApiVersion}/user/info/`,
} as const;

/** 2.1: publishing, drafts and analytics. */
export const tiktokScopes = [
	'user.info.basic',
	'user.info.profile',
	'user.info.stats',
	'video.list',
	'video.publish',
	'video.upload',
] as const;

export function tiktokUrl(host: TikTokHost, path: string, apiBaseUrl: string | undefined): string {
	return joinUrl(apiBaseUrl || hosts[host], path);
}

interface Post {
	readonly username: string | null;
	readonly videoId: string | null;
	readonly kind?: 'video' | 'photo';
}

/**
 * Where a person opens the post, or the account while TikTok has not told the video's id. Under an override the
 * address stays under it too, so that what the sandbox "published" is never taken for a real post.
 */
export function webUrl({ username, videoId, kind = 'video' }: Post, apiBaseUrl: string | undefined): string {
	if (username === null) return tiktokUrl('web', '/', apiBaseUrl);
	const profile = tiktokUrl('web', `/@${encodeURIComponent(username)}`, apiBaseUrl);
	return videoId === null ? profile : `${profile}/${kind}/${encodeURIComponent(videoId)}`;
}
