// n8n connects a TikTok account but cannot refresh it: its refresh sends no `client_key`. So the refresh happens
// here, and n8n stores what came of it, encrypted as everything else of the credential.
import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';
import { UndiciClient } from '../../lib/http';
import { refreshTikTokToken } from '../../lib/platforms/tiktok/refresh-token';
import { PublishError } from '../../lib/publishing/errors';
import type { Authorizer } from '../../lib/publishing/ports';
import { oneRefresh } from '../shared/one-refresh';
import { tokenKeeper } from '../shared/token-keeper';

/** Facts 0.3: at least a quarter of an hour early. */
const refreshEarlyMs = 20 * 60_000;

const storedSchema = z.object({
	clientId: z.string().min(1),
	clientSecret: z.string().min(1),
	apiBaseUrl: z.string().optional(),
	oauthTokenData: z.looseObject({
		access_token: z.string().min(1),
		refresh_token: z.string().min(1).optional(),
		/** Milliseconds as text; n8n writes it since 2.40, and so do we. */
		n8n_expires_at: z.coerce.number().optional(),
	}),
});

type Stored = z.infer<typeof storedSchema>;

let sharedClient: UndiciClient | undefined;

export class TikTokAuthorizer implements Authorizer {
	constructor(
		private readonly context: IExecuteFunctions,
		private readonly credentialType: string,
		private readonly itemIndex: number,
	) {}

	async getToken(signal: AbortSignal): Promise<string> {
		signal.throwIfAborted();
		const { oauthTokenData: held } = await this.read();
		const isEnding = held.n8n_expires_at !== undefined && held.n8n_expires_at - refreshEarlyMs < Date.now();
		return isEnding ? await this.refreshToken(held.access_token, signal) : held.access_token;
	}

	async refreshToken(staleToken: string, signal: AbortSignal): Promise<string> {
		signal.throwIfAborted();
		return await oneRefresh(this.context, this.credentialType, async () => this.refreshOnce(staleToken));
	}

	private async refreshOnce(staleToken: string): Promise<string> {
		const { clientId, clientSecret, apiBaseUrl, oauthTokenData: held } = await this.read();
		// Somebody else was faster: a second refresh would burn a rotating refresh token.
		if (held.access_token !== staleToken) return held.access_token;
		if (held.refresh_token === undefined) throw notConnected('There is no refresh token.');
		const keep = tokenKeeper(this.context, this.credentialType);
		if (!keep) throw notConnected('This n8n does not let the node store a refreshed token.');
		sharedClient ??= new UndiciClient();
		// Not the execution's own signal: a refresh that went out has to be stored, whoever stopped waiting for it.
		const fresh = await refreshTikTokToken(
			{ http: sharedClient, signal: new AbortController().signal },
			{
				clientKey: clientId,
				clientSecret,
				refreshToken: held.refresh_token,
				...(apiBaseUrl && { apiBaseUrl }),
			},
		);
		await keep({ ...held, ...fresh, n8n_expires_at: String(Date.now() + fresh.expires_in * 1000) });
		return fresh.access_token;
	}

	private async read(): Promise<Stored> {
		const stored = await this.context.getCredentials(this.credentialType, this.itemIndex);
		const parsed = storedSchema.safeParse(stored);
		if (parsed.success) return parsed.data;
		throw notConnected('The account is not connected.');
	}
}

function notConnected(message: string): PublishError {
	return new PublishError('auth', message, {
		platform: 'tiktok',
		scope: 'account',
		code: 'not-connected',
		remedy: 'Open the TikTok credential and connect the account again.',
	});
}
