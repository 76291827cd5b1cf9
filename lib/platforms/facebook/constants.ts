// The one place that knows Facebook's hosts, paths and API version. Sections are those of the project's platform
// fact sheet (docs read 2026-11-20).
import { joinUrl } from '../base-url';

/** 3: current since 2026-07-29. */
export const facebookApiVersion = 'v26.0';

/** 6.1–6.3. The upload host comes with the answer that opens an upload, so it does not stand here. */
const hosts = {
	authorize: 'https://www.facebook.com',
	graph: 'https://graph.facebook.com',
	video: 'https://graph-video.facebook.com',
	web: 'https://www.facebook.com',
} as const;

export type FacebookHost = keyof typeof hosts;

export const facebookHosts: Readonly<Record<FacebookHost, string>> = hosts;

function versioned(path: string): string {
	return `/${facebookApiVersion}${path}`;
}

function ofNode(edge: string): (id: string) => string {
	return (id) => versioned(`/${encodeURIComponent(id)}${edge}`);
}

export const facebookPaths = {
	authorize: versioned('/dialog/oauth'),
	token: versioned('/oauth/access_token'),
	pages: versioned('/me/accounts'),
	node: ofNode(''),
	reels: ofNode('/video_reels'),
	videos: ofNode('/videos'),
	photos: ofNode('/photos'),
	videoStories: ofNode('/video_stories'),
	photoStories: ofNode('/photo_stories'),
	feed: ofNode('/feed'),
	publishedPosts: ofNode('/published_posts'),
	postInsights: ofNode('/insights'),
	videoInsights: ofNode('/video_insights'),
} as const;

/** 6.1: publishing first, then what the numbers need. */
export const facebookScopes = [
	'pages_show_list',
	'pages_read_engagement',
	'pages_manage_posts',
	'pages_read_user_content',
	'read_insights',
] as const;

export function facebookUrl(host: FacebookHost, path: string, apiBaseUrl: string | undefined): string {
	return joinUrl(apiBaseUrl || hosts[host], path);
}

/**
 * Where a person opens the post: what Facebook says itself (with or without its host), or its id. Under an
 * override a bare path stays under it, so that what the sandbox "published" can be opened.
 */
export function postUrl(
	platformPostId: string,
	{ permalink, apiBaseUrl }: { permalink?: string | undefined; apiBaseUrl?: string | undefined },
): string {
	if (permalink && /^https?:\/\//.test(permalink)) return permalink;
	return facebookUrl('web', permalink || `/${encodeURIComponent(platformPostId)}`, apiBaseUrl);
}
