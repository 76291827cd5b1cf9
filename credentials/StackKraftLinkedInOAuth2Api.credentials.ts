import type { Icon, ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';
import {
	linkedInHosts,
	linkedInMemberAnalyticsScopes,
	linkedInMemberScopes,
	linkedInOrganizationScopes,
	linkedInPaths,
	linkedInVersion,
} from '../lib/platforms/linkedin/constants';
import { followingBaseUrl } from '../nodes/shared/credential-url';

/**
 * Only what is switched on is asked for: LinkedIn refuses the whole consent when an app asks for one scope that it
 * was not granted, and all but the member's own publishing is granted by review.
 */
function chosenScopes(): string {
	const whenOn = (field: string, scopes: readonly string[]): string =>
		`($self["${field}"] ? " ${scopes.join(' ')}" : "")`;
	const organization = whenOn('organizationAccess', linkedInOrganizationScopes);
	const analytics = whenOn('memberAnalytics', linkedInMemberAnalyticsScopes);
	return `={{ "${linkedInMemberScopes.join(' ')}" + ${organization} + ${analytics} }}`;
}

export class StackKraftLinkedInOAuth2Api implements ICredentialType {
	name = 'stackKraftLinkedInOAuth2Api';

	extends = ['oAuth2Api'];

	displayName = 'StackKraft LinkedIn OAuth2 API';

	documentationUrl =
		'https://learn.microsoft.com/en-us/linkedin/shared/authentication/authorization-code-flow';

	icon: Icon = {
		light: 'file:../nodes/LinkedInPublisher/linkedin-publisher.svg',
		dark: 'file:../nodes/LinkedInPublisher/linkedin-publisher.dark.svg',
	};

	properties: INodeProperties[] = [
		{
			displayName:
				'The app needs the products “Share on LinkedIn” and “Sign In with LinkedIn using OpenID Connect”. A connection lasts 60 days. Only apps that LinkedIn approved as partners renew it by themselves; with any other app, connect again before it ends. Changing the switches below asks for a new connection as well.',
			name: 'lifetimeNotice',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'Grant Type',
			name: 'grantType',
			type: 'hidden',
			default: 'authorizationCode',
		},
		{
			displayName: 'API Base URL',
			name: 'apiBaseUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. http://127.0.0.1:8081',
			description:
				'Leave empty for the real LinkedIn. Fill in to talk to a sandbox or a proxy that serves all hosts of LinkedIn under one address.',
		},
		{
			displayName: 'API Version',
			name: 'apiVersion',
			type: 'string',
			default: '',
			placeholder: `e.g. ${linkedInVersion}`,
			description:
				'Leave empty for the version that this package was made for. LinkedIn turns each version off after about a year; a newer month can be named here until the package is updated.',
		},
		{
			displayName: 'Organization Access',
			name: 'organizationAccess',
			type: 'boolean',
			default: false,
			description:
				'Whether to publish as company pages and read their numbers. The app needs the Community Management API, which LinkedIn grants to vetted legal entities only.',
		},
		{
			displayName: 'Member Analytics',
			name: 'memberAnalytics',
			type: 'boolean',
			default: false,
			description:
				'Whether to read the numbers of your own posts. The app needs the scope r_member_postAnalytics, which LinkedIn grants after review.',
		},
		{
			displayName: 'Authorization URL',
			name: 'authUrl',
			type: 'hidden',
			default: followingBaseUrl('self', linkedInHosts.authorize, linkedInPaths.authorize),
		},
		{
			displayName: 'Access Token URL',
			name: 'accessTokenUrl',
			type: 'hidden',
			default: followingBaseUrl('self', linkedInHosts.authorize, linkedInPaths.token),
		},
		{
			displayName: 'Scope',
			name: 'scope',
			type: 'hidden',
			default: chosenScopes(),
		},
		{
			displayName: 'Auth URI Query Parameters',
			name: 'authQueryParameters',
			type: 'hidden',
			default: '',
		},
		{
			displayName: 'Authentication',
			name: 'authentication',
			type: 'hidden',
			default: 'body',
		},
	];

	test: ICredentialTestRequest = {
		request: {
			baseURL: followingBaseUrl('credentials', linkedInHosts.api, ''),
			url: linkedInPaths.userInfo,
		},
	};
}
