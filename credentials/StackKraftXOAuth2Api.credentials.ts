import type { Icon, ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';
import { xHosts, xPaths, xScopes } from '../lib/platforms/x/constants';
import { followingBaseUrl } from '../nodes/shared/credential-url';

export class StackKraftXOAuth2Api implements ICredentialType {
	name = 'stackKraftXOAuth2Api';

	extends = ['oAuth2Api'];

	displayName = 'StackKraft X OAuth2 API';

	documentationUrl = 'https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code';

	icon: Icon = {
		light: 'file:../nodes/XPublisher/x-publisher.svg',
		dark: 'file:../nodes/XPublisher/x-publisher.dark.svg',
	};

	properties: INodeProperties[] = [
		{
			displayName:
				'X bills every post. Refresh tokens are single-use: connect one account in one n8n instance only.',
			name: 'billingNotice',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'Grant Type',
			name: 'grantType',
			type: 'hidden',
			default: 'pkce',
		},
		{
			displayName: 'API Base URL',
			name: 'apiBaseUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. http://127.0.0.1:8081',
			description:
				'Leave empty for the real X. Fill in to talk to a sandbox or a proxy that serves all hosts of X under one address.',
		},
		{
			displayName: 'Authorization URL',
			name: 'authUrl',
			type: 'hidden',
			default: followingBaseUrl('self', xHosts.authorize, xPaths.authorize),
		},
		{
			displayName: 'Access Token URL',
			name: 'accessTokenUrl',
			type: 'hidden',
			default: followingBaseUrl('self', xHosts.api, xPaths.token),
		},
		{
			displayName: 'Scope',
			name: 'scope',
			type: 'hidden',
			default: xScopes.join(' '),
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
			default: 'header',
		},
	];

	test: ICredentialTestRequest = {
		request: {
			baseURL: followingBaseUrl('credentials', xHosts.api, ''),
			url: xPaths.me,
		},
	};
}
