// The one place that knows YouTube's hosts, paths and API version. Sections are those of the project's
// platform fact sheet (docs read 2026-11-20).
import { joinUrl } from '../base-url';

export const youtubeApiVersion = 'v3';

/** 1.1, 1.2, 1.7: Google spreads one product over several hosts; an override puts them all under one. */
const hosts = {
	authorize: 'https://accounts.google.com',
	token: 'https://oauth2.googleapis.com',
	api: 'https://www.googleapis.com',
	analytics: 'https://youtubeanalytics.googleapis.com',
	watch: 'https://www.youtube.com',
} as const;

export const youtubePaths = {
	authorize: '/o/oauth2/v2/auth',
	token: '/token',
	startUpload: `/upload/youtube/${youtubeApiVersion}/videos`,
	channels: `/youtube/${youtubeApiVersion}/channels`,
	watch: '/watch',
} as const;

export const youtubeHosts: Readonly<Record<keyof typeof hosts, string>> = hosts;

/**
 * 1.1: what publishing and analytics need. The upload scope alone can neither list nor read numbers, and only the
 * first one may put a video into a playlist.
 */
export const youtubeScopes = [
	'https://www.googleapis.com/auth/youtube',
	'https://www.googleapis.com/auth/youtube.upload',
	'https://www.googleapis.com/auth/youtube.readonly',
	'https://www.googleapis.com/auth/yt-analytics.readonly',
] as const;

export function youtubeUrl(host: keyof typeof hosts, path: string, apiBaseUrl: string | undefined): string {
	return joinUrl(apiBaseUrl || hosts[host], path);
}

/**
 * Where a person opens the video. Under an override the address stays under it too, so that what the sandbox
 * "published" can be opened and is never taken for a real video.
 */
export function watchUrl(videoId: string, apiBaseUrl: string | undefined): string {
	return `${youtubeUrl('watch', youtubePaths.watch, apiBaseUrl)}?v=${encodeURIComponent(videoId)}`;
}

/** 1.2: every chunk but the last is a multiple of this. */
export const chunkUnitBytes = 256 * 1024;
