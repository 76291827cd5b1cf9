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
import {
	instagramHosts,
	instagramPaths,
	instagramScopes,
	instagramUrl,
} from '../lib/platforms/instagram/constants';
import { followingBaseUrl } from '../nodes/shared/credential-url';
import { authenticateWithSession, renewSession, sessionProperties } from '../nodes/shared/renewing-token';

// No OAuth 2 of n8n: it would get a token of one hour, and could neither exchange nor refresh it (facts 3.1).
export class StackKraftInstagramApi implements ICredentialType {
	name = 'stackKraftInstagramApi';

	displayName = 'StackKraft Instagram API';

	documentationUrl =
		'https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/get-started';

	icon: Icon = {
		light: 'file:../nodes/InstagramPublisher/instagram-publisher.svg',
		dark: 'file:../nodes/InstagramPublisher/instagram-publisher.dark.svg',
	};

	properties: INodeProperties[] = [
		{
			displayName: `In the Meta app dashboard open Instagram → API setup with Instagram login, add the account and choose Generate Token. Allow ${instagramScopes.join(', ')}. The account must be a professional one.`,
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
				'The Instagram app secret. Only needed when the token above lives one hour: it turns it into one of 60 days.',
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
		...sessionProperties,
	];

	async preAuthentication(
		this: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
	): Promise<IDataObject> {
		const apiBaseUrl = String(credentials.apiBaseUrl ?? '');
		return await renewSession(this, credentials, {
			displayName: 'Instagram',
			exchangeUrl: instagramUrl('graph', instagramPaths.exchangeToken, apiBaseUrl),
			exchangeGrant: 'ig_exchange_token',
			refreshUrl: instagramUrl('graph', instagramPaths.refreshToken, apiBaseUrl),
			refreshGrant: 'ig_refresh_token',
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
			baseURL: followingBaseUrl('credentials', instagramHosts.graph, ''),
			url: instagramPaths.me,
			qs: { fields: 'user_id,username' },
		},
	};
}
