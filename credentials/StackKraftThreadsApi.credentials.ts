import type {
	Icon,
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IDataObject,
	IHttpRequestHelper,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';
import { threadsHosts, threadsPaths, threadsScopes, threadsUrl } from '../lib/platforms/threads/constants';
import { followingBaseUrl } from '../nodes/shared/credential-url';
import { publicMediaCredentialProperties } from '../nodes/shared/publisher/public-media';
import { authenticateWithSession, renewSession, sessionProperties } from '../nodes/shared/renewing-token';

// No OAuth 2 of n8n: it would get a token of one hour, and could neither exchange nor refresh it (facts 7.1).
export class StackKraftThreadsApi implements ICredentialType {
	name = 'stackKraftThreadsApi';

	displayName = 'StackKraft Threads API';

	documentationUrl =
		'https://developers.facebook.com/docs/threads/get-started/get-access-tokens-and-permissions';

	icon: Icon = {
		light: 'file:../nodes/ThreadsPublisher/threads-publisher.svg',
		dark: 'file:../nodes/ThreadsPublisher/threads-publisher.dark.svg',
	};

	properties: INodeProperties[] = [
		{
			displayName: `In the Meta app dashboard open the use case “Access the Threads API”, allow ${threadsScopes.join(', ')}, add the account as a tester and generate a token for it.`,
			name: 'connectNotice',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'Access Token',
			name: 'accessToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'It lives 60 days and is renewed every week in which it is used',
		},
		{
			displayName: 'App Secret',
			name: 'appSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'The Threads app secret. Only needed when the token above lives one hour: it turns it into one of 60 days.',
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
		...sessionProperties,
	];

	async preAuthentication(
		this: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
	): Promise<IDataObject> {
		const apiBaseUrl = String(credentials.apiBaseUrl ?? '');
		return await renewSession(this, credentials, {
			displayName: 'Threads',
			exchangeUrl: threadsUrl('api', threadsPaths.longLivedToken, apiBaseUrl),
			exchangeGrant: 'th_exchange_token',
			refreshUrl: threadsUrl('api', threadsPaths.refreshToken, apiBaseUrl),
			refreshGrant: 'th_refresh_token',
		});
	}

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		requestOptions: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		return authenticateWithSession(credentials, requestOptions);
	}

	test: ICredentialTestRequest = {
		request: {
			baseURL: followingBaseUrl('credentials', threadsHosts.api, ''),
			url: threadsPaths.me,
			qs: { fields: 'id,username' },
		},
	};
}
