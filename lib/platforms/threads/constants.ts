// The one place that knows the hosts, paths and API version of Threads. Sections are those of the project's
// platform fact sheet (docs read 2026-11-20).
import { joinUrl } from '../base-url';

/** 7: independent of the versions of the Graph API. */
export const threadsApiVersion = 'v1.0';

/** 7, 7.1. */
const hosts = {
	authorize: 'https://threads.net',
	api: 'https://graph.threads.net',
} as const;

export type ThreadsHost = keyof typeof hosts;

export const threadsHosts: Readonly<Record<ThreadsHost, string>> = hosts;

export const threadsPaths = {
	authorize: '/oauth/authorize',
	token: '/oauth/access_token',
	longLivedToken: '/access_token',
	refreshToken: '/refresh_access_token',
	me: `/${threadsApiVersion}/me`,
	containers: (userId: string) => `/${threadsApiVersion}/${encodeURIComponent(userId)}/threads`,
	publish: (userId: string) => `/${threadsApiVersion}/${encodeURIComponent(userId)}/threads_publish`,
	publishingLimit: (userId: string) =>
		`/${threadsApiVersion}/${encodeURIComponent(userId)}/threads_publishing_limit`,
	/** Not in the facts: where Meta's guide on replies lists what a profile has replied. */
	replies: (userId: string) => `/${threadsApiVersion}/${encodeURIComponent(userId)}/replies`,
	posts: (userId: string) => `/${threadsApiVersion}/${encodeURIComponent(userId)}/threads`,
	object: (id: string) => `/${threadsApiVersion}/${encodeURIComponent(id)}`,
	insights: (id: string) => `/${threadsApiVersion}/${encodeURIComponent(id)}/insights`,
} as const;

/** 7.1: publishing and analytics; to reply, and to find a reply whose answer was lost. */
export const threadsScopes = [
	'threads_basic',
	'threads_content_publish',
	'threads_manage_insights',
	'threads_manage_replies',
	'threads_read_replies',
] as const;

export function threadsUrl(host: ThreadsHost, path: string, apiBaseUrl: string | undefined): string {
	return joinUrl(apiBaseUrl || hosts[host], path);
}
