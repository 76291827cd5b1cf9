import type { Icon, ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';
import { threadsHosts, threadsPaths, threadsScopes } from '../lib/platforms/threads/constants';
import { followingBaseUrl, metaTestRules } from '../nodes/shared/credential-url';
import { publicMediaCredentialProperties } from '../nodes/shared/publisher/public-media';

// n8n gets a token of one hour; the node exchanges it for one of sixty days and renews that (facts 7.1).
export class StackKraftThreadsOAuth2Api implements ICredentialType {
	name = 'stackKraftThreadsOAuth2Api';

	extends = ['oAuth2Api'];

	displayName = 'StackKraft Threads OAuth2 API';

	documentationUrl =
		'https://developers.facebook.com/docs/threads/get-started/get-access-tokens-and-permissions';

	icon: Icon = {
		light: 'file:../nodes/ThreadsPublisher/threads-publisher.svg',
		dark: 'file:../nodes/ThreadsPublisher/threads-publisher.dark.svg',
	};

	properties: INodeProperties[] = [
		{
			displayName:
				'Client ID and Client Secret are the Threads app ID and secret, which the Meta app dashboard shows under the use case “Access the Threads API”. Run the node within an hour of connecting: it then makes the connection last 60 days, and renews it in every week in which it is used.',
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
			placeholder: 'e.g. http://127.0.0.1:8082',
			description:
				'Leave empty for the real Threads. Fill in to talk to a sandbox or a proxy that serves all hosts of Threads under one address.',
		},
		...publicMediaCredentialProperties,
		{
			displayName: 'Authorization URL',
			name: 'authUrl',
			type: 'hidden',
			default: followingBaseUrl('self', threadsHosts.authorize, threadsPaths.authorize),
		},
		{
			displayName: 'Access Token URL',
			name: 'accessTokenUrl',
			type: 'hidden',
			default: followingBaseUrl('self', threadsHosts.api, threadsPaths.token),
		},
		{
			displayName: 'Scope',
			name: 'scope',
			type: 'hidden',
			// With a comma in it n8n joins by commas, which is what Threads wants (facts 7.1).
			default: threadsScopes.join(','),
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
			baseURL: followingBaseUrl('credentials', threadsHosts.api, ''),
			url: threadsPaths.me,
			qs: { fields: 'id,username' },
		},
		rules: metaTestRules('Threads'),
	};
}
