import type { Icon, ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';
import { facebookHosts, facebookPaths, facebookScopes } from '../lib/platforms/facebook/constants';
import { followingBaseUrl, metaTestRules } from '../nodes/shared/credential-url';

export class StackKraftFacebookOAuth2Api implements ICredentialType {
	name = 'stackKraftFacebookOAuth2Api';

	extends = ['oAuth2Api'];

	displayName = 'StackKraft Facebook OAuth2 API';

	documentationUrl = 'https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow';

	icon: Icon = {
		light: 'file:../nodes/FacebookPublisher/facebook-publisher.svg',
		dark: 'file:../nodes/FacebookPublisher/facebook-publisher.dark.svg',
	};

	properties: INodeProperties[] = [
		{
			displayName:
				'Select the pages to post on when Facebook asks. Run the node within an hour of connecting: it then makes the connection last 60 days, and asks Facebook for a younger one in every week in which it is used. Where Facebook gives none, connect again before the 60 days end.',
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
				'Leave empty for the real Facebook. Fill in to talk to a sandbox or a proxy that serves all hosts of Facebook under one address.',
		},
		{
			displayName: 'Authorization URL',
			name: 'authUrl',
			type: 'hidden',
			default: followingBaseUrl('self', facebookHosts.authorize, facebookPaths.authorize),
		},
		{
			displayName: 'Access Token URL',
			name: 'accessTokenUrl',
			type: 'hidden',
			default: followingBaseUrl('self', facebookHosts.graph, facebookPaths.token),
		},
		{
			displayName: 'Scope',
			name: 'scope',
			type: 'hidden',
			// With a comma in it n8n joins by commas, which is what Facebook wants (facts 6.1).
			default: facebookScopes.join(','),
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
			baseURL: followingBaseUrl('credentials', facebookHosts.graph, ''),
			url: facebookPaths.pages,
		},
		rules: metaTestRules('Facebook'),
	};
}
