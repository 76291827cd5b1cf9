import type { Icon, ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';
import { instagramHosts, instagramPaths, instagramScopes } from '../lib/platforms/instagram/constants';
import { followingBaseUrl, metaTestRules } from '../nodes/shared/credential-url';
import { publicMediaCredentialProperties } from '../nodes/shared/publisher/public-media';

// n8n gets a token of one hour; the node exchanges it for one of sixty days and renews that (facts 3.1).
export class StackKraftInstagramOAuth2Api implements ICredentialType {
	name = 'stackKraftInstagramOAuth2Api';

	extends = ['oAuth2Api'];

	displayName = 'StackKraft Instagram OAuth2 API';

	documentationUrl =
		'https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/business-login';

	icon: Icon = {
		light: 'file:../nodes/InstagramPublisher/instagram-publisher.svg',
		dark: 'file:../nodes/InstagramPublisher/instagram-publisher.dark.svg',
	};

	properties: INodeProperties[] = [
		{
			displayName:
				'Client ID and Client Secret are the Instagram app ID and secret, which the Meta app dashboard shows under Instagram → API setup with Instagram login; they are not those of the Meta app. The account must be a professional one. Run the node within an hour of connecting: it then makes the connection last 60 days, and renews it in every week in which it is used.',
			name: 'connectNotice',
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
			placeholder: 'e.g. http://127.0.0.1:8083',
			description:
				'Leave empty for the real Instagram. Fill in to talk to a sandbox or a proxy that serves all hosts of Instagram under one address.',
		},
		// Instagram takes the bytes of videos alone; pictures it fetches.
		...publicMediaCredentialProperties,
		{
			displayName: 'Authorization URL',
			name: 'authUrl',
			type: 'hidden',
			default: followingBaseUrl('self', instagramHosts.authorize, instagramPaths.authorize),
		},
		{
			displayName: 'Access Token URL',
			name: 'accessTokenUrl',
			type: 'hidden',
			default: followingBaseUrl('self', instagramHosts.token, instagramPaths.token),
		},
		{
			displayName: 'Scope',
			name: 'scope',
			type: 'hidden',
			// With a comma in it n8n joins by commas, which is what Instagram wants (facts 3.1).
			default: instagramScopes.join(','),
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
			baseURL: followingBaseUrl('credentials', instagramHosts.graph, ''),
			url: instagramPaths.me,
			qs: { fields: 'user_id,username' },
		},
		rules: metaTestRules('Instagram'),
	};
}
