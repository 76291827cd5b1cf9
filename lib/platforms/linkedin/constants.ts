// The one place that knows LinkedIn's hosts, paths and API version. Sections are those of the project's
// platform fact sheet (docs read 2026-11-20).
import { joinUrl } from '../base-url';

/**
 * 5.1: a version is a month and lives for at least twelve; then every call is answered with 426. 202608 was the
 * latest on 2026-09-14, so this line has to move before August 2027. Until it does, the credential can name another one.
 */
export const linkedInVersion = '202608';

const hosts = {
	authorize: 'https://www.linkedin.com',
	api: 'https://api.linkedin.com',
	web: 'https://www.linkedin.com',
} as const;

export type LinkedInHost = keyof typeof hosts;

export const linkedInHosts: Readonly<Record<LinkedInHost, string>> = hosts;

export const linkedInPaths = {
	authorize: '/oauth/v2/authorization',
	token: '/oauth/v2/accessToken',
	userInfo: '/v2/userinfo',
	administeredPages: '/rest/organizationAcls?q=roleAssignee&role=ADMINISTRATOR&state=APPROVED',
	initializeVideo: '/rest/videos?action=initializeUpload',
	finalizeVideo: '/rest/videos?action=finalizeUpload',
	video: (urn: string) => `/rest/videos/${encodeURIComponent(urn)}`,
	initializeImage: '/rest/images?action=initializeUpload',
	image: (urn: string) => `/rest/images/${encodeURIComponent(urn)}`,
	initializeDocument: '/rest/documents?action=initializeUpload',
	document: (urn: string) => `/rest/documents/${encodeURIComponent(urn)}`,
	posts: '/rest/posts',
	post: (urn: string) => `/rest/posts/${encodeURIComponent(urn)}`,
	socialActions: (urn: string) => `/rest/socialActions/${encodeURIComponent(urn)}`,
	shareStatistics: '/rest/organizationalEntityShareStatistics',
	pageVideoAnalytics: '/rest/videoAnalytics',
	memberAnalytics: '/rest/memberCreatorPostAnalytics',
	memberVideoAnalytics: '/rest/memberCreatorVideoAnalytics',
} as const;

/** 5.1: self-serve. Everything else needs an app that LinkedIn has vetted, and asking for it would be refused. */
export const linkedInMemberScopes = ['openid', 'profile', 'w_member_social'] as const;
/** 5.1: numbers of a member's own posts. */
export const linkedInMemberAnalyticsScopes = ['r_member_postAnalytics'] as const;
/** 5.1: publishing as a page, reading its posts and its numbers. */
export const linkedInOrganizationScopes = [
	'w_organization_social',
	'r_organization_social',
	'rw_organization_admin',
] as const;

/** 5.1: on every call under `/rest`. */
export function linkedInHeaders(apiVersion: string | undefined): Readonly<Record<string, string>> {
	return { 'linkedin-version': apiVersion || linkedInVersion, 'x-restli-protocol-version': '2.0.0' };
}

export function linkedInUrl(host: LinkedInHost, path: string, apiBaseUrl: string | undefined): string {
	return joinUrl(apiBaseUrl || hosts[host], path);
}

/**
 * 5.3. Under an override the address stays under it too, so that what the sandbox "published" can be opened and
 * is never taken for a real post.
 */
export function postUrl(postUrn: string, apiBaseUrl: string | undefined): string {
	return linkedInUrl('web', `/feed/update/${postUrn}`, apiBaseUrl);
}

/** Where a member sees the own posts; `me` is whoever is signed in. For people only: nothing reads it. */
export function ownActivityUrl(apiBaseUrl: string | undefined): string {
	return linkedInUrl('web', '/in/me/recent-activity/all/', apiBaseUrl);
}
