// The one place that knows Instagram's hosts, paths and Graph version. Sections are those of the project's
// platform fact sheet (docs read 2026-11-20). The product is the Instagram API with Instagram Login: its tokens
// and hosts are never mixed with those of Facebook Login (3.1).
import { joinUrl } from '../base-url';

/** 3: current since 2026-07-29. A dead version is silently served by the oldest live one. */
export const instagramApiVersion = 'v26.0';

/** 3.1, 3.2. */
const hosts = {
	authorize: 'https://www.instagram.com',
	token: 'https://api.instagram.com',
	graph: 'https://graph.instagram.com',
	upload: 'https://rupload.facebook.com',
} as const;

export type InstagramHost = keyof typeof hosts;

export const instagramHosts: Readonly<Record<InstagramHost, string>> = hosts;

const node = (id: string, edge = ''): string => `/${instagramApiVersion}/${encodeURIComponent(id)}${edge}`;

export const instagramPaths = {
	authorize: '/oauth/authorize',
	token: '/oauth/access_token',
	exchangeToken: '/access_token',
	refreshToken: '/refresh_access_token',
	me: node('me'),
	node,
	media: (userId: string) => node(userId, '/media'),
	stories: (userId: string) => node(userId, '/stories'),
	comments: (mediaId: string) => node(mediaId, '/comments'),
	publish: (userId: string) => node(userId, '/media_publish'),
	publishingLimit: (userId: string) => node(userId, '/content_publishing_limit'),
	insights: (mediaId: string) => node(mediaId, '/insights'),
} as const;

/** 3.1: publishing and insights; and the one without which no first comment can be written. */
export const instagramScopes = [
	'instagram_business_basic',
	'instagram_business_content_publish',
	'instagram_business_manage_comments',
	'instagram_business_manage_insights',
] as const;

export function instagramUrl(host: InstagramHost, path: string, apiBaseUrl: string | undefined): string {
	return joinUrl(apiBaseUrl || hosts[host], path);
}

/**
 * 3.2: "always use the returned uri". The token goes there too, so it goes only to Meta's upload host, or to the
 * address that the credential itself names.
 */
export function isUploadAddress(uri: string, apiBaseUrl: string | undefined): boolean {
	if (!URL.canParse(uri)) return false;
	const { origin } = new URL(uri);
	return origin === hosts.upload || (Boolean(apiBaseUrl) && origin === new URL(apiBaseUrl ?? '').origin);
}
