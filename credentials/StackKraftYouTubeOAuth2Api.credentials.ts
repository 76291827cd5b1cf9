import type { Icon, ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';
import { youtubeHosts, youtubePaths, youtubeScopes } from '../lib/platforms/youtube/constants';
import { followingBaseUrl } from '../nodes/shared/credential-url';

// The name carries a prefix because credential types have one name space in n8n: plain `youTubeOAuth2Api`
// would replace the type of the stock YouTube node, and with it everyone's stored YouTube credentials.
export class StackKraftYouTubeOAuth2Api implements ICredentialType {
	name = 'stackKraftYouTubeOAuth2Api';

	extends = ['oAuth2Api'];

	displayName = 'StackKraft YouTube OAuth2 API';

	documentationUrl = 'https://developers.google.com/youtube/v3/guides/auth/server-side-web-apps';

	icon: Icon = {
		light: 'file:../nodes/YouTubePublisher/youtube-publisher.svg',
		dark: 'file:../nodes/YouTubePublisher/youtube-publisher.dark.svg',
	};

	properties: INodeProperties[] = [
		{
			displayName:
				'The Google Cloud project needs the YouTube Data API v3 and the YouTube Analytics API. While its OAuth consent screen is in “Testing”, Google ends every connection after 7 days: set it to “In production”.',
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
			placeholder: 'e.g. http://127.0.0.1:8080',
			description:
				'Leave empty for the real YouTube. Fill in to talk to a sandbox or a proxy that serves all Google hosts under one address.',
		},
		{
			displayName: 'Authorization URL',
			name: 'authUrl',
			type: 'hidden',
			default: followingBaseUrl('self', youtubeHosts.authorize, youtubePaths.authorize),
		},
		{
			displayName: 'Access Token URL',
			name: 'accessTokenUrl',
			type: 'hidden',
			default: followingBaseUrl('self', youtubeHosts.token, youtubePaths.token),
		},
		{
			displayName: 'Scope',
			name: 'scope',
			type: 'hidden',
			default: youtubeScopes.join(' '),
		},
		{
			// Google gives a refresh token only for offline access, and again only when asked for consent.
			displayName: 'Auth URI Query Parameters',
			name: 'authQueryParameters',
			type: 'hidden',
			default: 'access_type=offline&prompt=consent',
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
			baseURL: followingBaseUrl('credentials', youtubeHosts.api, ''),
			url: youtubePaths.channels,
			qs: { part: 'id', mine: 'true' },
		},
	};
}
