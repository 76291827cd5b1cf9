import type { Icon, ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';
import { tiktokHosts, tiktokPaths, tiktokScopes } from '../lib/platforms/tiktok/constants';
import { followingBaseUrl } from '../nodes/shared/credential-url';
import { publicMediaCredentialProperties } from '../nodes/shared/publisher/public-media';

// TikTok says `client_key` where OAuth 2 says `client_id`. n8n sends its own name as well, in the address and in a
// Basic header, and the two fields below add TikTok's. Without PKCE, because n8n adds the body fields only then.
export class StackKraftTikTokOAuth2Api implements ICredentialType {
	name = 'stackKraftTikTokOAuth2Api';

	extends = ['oAuth2Api'];

	displayName = 'StackKraft TikTok OAuth2 API';

	documentationUrl = 'https://developers.tiktok.com/doc/oauth-user-access-token-management';

	icon: Icon = {
		light: 'file:../nodes/TikTokPublisher/tiktok-publisher.svg',
		dark: 'file:../nodes/TikTokPublisher/tiktok-publisher.dark.svg',
	};

	properties: INodeProperties[] = [
		{
			displayName:
				'The Client ID is what TikTok calls client key. Until TikTok has audited your app, it posts only to private accounts, and only with the privacy Only Me.',
			name: 'auditNotice',
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
			placeholder: 'e.g. http://127.0.0.1:8082',
			description:
				'Leave empty for the real TikTok. Fill in to talk to a sandbox or a proxy that serves all hosts of TikTok under one address.',
		},
		// TikTok takes the bytes of videos alone; photos it fetches.
		...publicMediaCredentialProperties,
		{
			displayName: 'Authorization URL',
			name: 'authUrl',
			type: 'hidden',
			default: followingBaseUrl('self', tiktokHosts.authorize, tiktokPaths.authorize),
		},
		{
			displayName: 'Access Token URL',
			name: 'accessTokenUrl',
			type: 'hidden',
			default: followingBaseUrl('self', tiktokHosts.api, tiktokPaths.token),
		},
		{
			// One comma in it makes n8n join with commas, as TikTok wants it.
			displayName: 'Scope',
			name: 'scope',
			type: 'hidden',
			default: tiktokScopes.join(','),
		},
		{
			displayName: 'Auth URI Query Parameters',
			name: 'authQueryParameters',
			type: 'hidden',
			default: '={{ "client_key=" + encodeURIComponent($self["clientId"]) }}',
		},
		{
			displayName: 'Additional Body Properties',
			name: 'additionalBodyProperties',
			type: 'hidden',
			default:
				'={{ JSON.stringify({ client_key: $self["clientId"], client_secret: $self["clientSecret"] }) }}',
		},
		{
			displayName: 'Authentication',
			name: 'authentication',
			type: 'hidden',
			default: 'header',
		},
		// eslint-disable-next-line @n8n/community-nodes/credential-password-field -- an HTTP status, named by n8n
		{
			// No status means "expired" to n8n itself: its refresh, without a client_key, could only fail.
			displayName: 'Token Expired Status Code',
			name: 'tokenExpiredStatusCode',
			type: 'hidden',
			default: 0,
		},
	];

	test: ICredentialTestRequest = {
		request: {
			baseURL: followingBaseUrl('credentials', tiktokHosts.api, ''),
			url: tiktokPaths.userInfo,
			qs: { fields: 'open_id,display_name' },
		},
		rules: [
			{
				type: 'responseCode',
				properties: {
					value: 401,
					message:
						'TikTok refuses the token. After a day that is usual, and a node renews it when it runs; if it does not, connect the account again.',
				},
			},
		],
	};
}
