// The one place that knows X's hosts, paths and API version. Sections are those of the project's platform
// fact sheet (docs read 2026-11-20).
import { joinUrl } from '../base-url';

export const xApiVersion = '2';

/** 4.1, 4.2. The old upload host is legacy and not used. */
const hosts = {
	authorize: 'https://x.com',
	api: 'https://api.x.com',
	web: 'https://x.com',
} as const;

export type XHost = keyof typeof hosts;

export const xHosts: Readonly<Record<XHost, string>> = hosts;

export const xPaths = {
	authorize: '/i/oauth2/authorize',
	token: `/${xApiVersion}/oauth2/token`,
	initializeUpload: `/${xApiVersion}/media/upload/initialize`,
	appendUpload: (mediaId: string) => `/${xApiVersion}/media/upload/${encodeURIComponent(mediaId)}/append`,
	finalizeUpload: (mediaId: string) => `/${xApiVersion}/media/upload/${encodeURIComponent(mediaId)}/finalize`,
	uploadStatus: (mediaId: string) =>
		`/${xApiVersion}/media/upload?command=STATUS&media_id=${encodeURIComponent(mediaId)}`,
	uploadOnce: `/${xApiVersion}/media/upload`,
	posts: `/${xApiVersion}/tweets`,
	me: `/${xApiVersion}/users/me`,
} as const;

/** 4.1: publishing, media and analytics; `offline.access` is what makes X give a refresh token. */
export const xScopes = ['tweet.read', 'tweet.write', 'users.read', 'media.write', 'offline.access'] as const;

export function xUrl(host: XHost, path: string, apiBaseUrl: string | undefined): string {
	return joinUrl(apiBaseUrl || hosts[host], path);
}

/**
 * Where a person opens the post; X leads from `/i/` to the author by itself. Under an override the address
 * stays under it too, so that what the sandbox "published" can be opened and is never taken for a real post.
 */
export function postUrl(postId: string, apiBaseUrl: string | undefined): string {
	return xUrl('web', `/i/status/${encodeURIComponent(postId)}`, apiBaseUrl);
}
