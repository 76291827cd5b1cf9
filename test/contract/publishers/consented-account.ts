// An account that went through the network's own consent, as n8n's Connect button leaves it: with the short token of
// the code exchange, and beside it whatever an earlier connection had left.
import type { IDataObject } from 'n8n-workflow';
import { facebookPaths, facebookScopes } from '../../../lib/platforms/facebook/constants';
import { instagramPaths, instagramScopes } from '../../../lib/platforms/instagram/constants';
import { threadsPaths, threadsScopes } from '../../../lib/platforms/threads/constants';
import type { Sandbox } from '../../../sandbox';
import type { Account } from './fake-execution';

const networks = {
	instagram: { type: 'stackKraftInstagramOAuth2Api', paths: instagramPaths, scopes: instagramScopes },
	threads: { type: 'stackKraftThreadsOAuth2Api', paths: threadsPaths, scopes: threadsScopes },
	facebook: { type: 'stackKraftFacebookOAuth2Api', paths: facebookPaths, scopes: facebookScopes },
} as const;

export type ConsentingNetwork = keyof typeof networks;

const redirectUri = 'http://127.0.0.1:5678/rest/oauth2-credential/callback';

export class ConsentedAccount implements Account {
	readonly credentialType: string;
	tokenData: IDataObject = {};
	/** Further fields of the credential. */
	more: IDataObject = {};

	private constructor(
		private readonly sandbox: Sandbox,
		private readonly network: ConsentingNetwork,
	) {
		this.credentialType = networks[network].type;
	}

	static async connect(sandbox: Sandbox, network: ConsentingNetwork): Promise<ConsentedAccount> {
		const account = new ConsentedAccount(sandbox, network);
		await account.reconnect();
		return account;
	}

	get token(): string {
		return String(this.tokenData['access_token']);
	}

	async reconnect(): Promise<void> {
		const { paths, scopes } = networks[this.network];
		const { baseUrl, defaultClient } = this.sandbox[this.network];
		const query = new URLSearchParams({
			client_id: defaultClient.clientId,
			redirect_uri: redirectUri,
			response_type: 'code',
			scope: scopes.join(','),
			state: 'a-state',
		});
		const consent = await fetch(`${baseUrl}${paths.authorize}?${query}`, { redirect: 'manual' });
		const code = new URL(consent.headers.get('location') ?? '').searchParams.get('code') ?? '';
		const answer = await fetch(`${baseUrl}${paths.token}`, {
			method: 'POST',
			body: new URLSearchParams({
				grant_type: 'authorization_code',
				code,
				redirect_uri: redirectUri,
				client_id: defaultClient.clientId,
				client_secret: defaultClient.clientSecret,
			}),
		});
		this.tokenData = { ...this.tokenData, ...((await answer.json()) as IDataObject) };
	}

	stored(): IDataObject {
		const { baseUrl, defaultClient } = this.sandbox[this.network];
		const { clientId, clientSecret } = defaultClient;
		return { apiBaseUrl: baseUrl, clientId, clientSecret, ...this.more, oauthTokenData: this.tokenData };
	}

	keep(tokenData: IDataObject): void {
		this.tokenData = tokenData;
	}

	refreshes(): number {
		return 0;
	}

	async refresh(): Promise<IDataObject> {
		return await Promise.reject(new Error('n8n cannot refresh this'));
	}
}
