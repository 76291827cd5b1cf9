// A network's token out of n8n's credential. n8n stores, encrypts and refreshes it; this only asks for it in
// time and never twice at once.
import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';
import { PublishError } from '../../lib/publishing/errors';
import type { Authorizer } from '../../lib/publishing/ports';
import { oneRefresh } from './one-refresh';

/** Early enough that a token does not end between the check and the last byte of a request. */
const refreshEarlyMs = 5 * 60_000;

const tokenDataSchema = z.object({
	access_token: z.string().min(1),
	/** LinkedIn gives one to approved partners only. */
	refresh_token: z.string().min(1).optional(),
	/** Milliseconds as text; n8n writes it since 2.40. Without it only a 401 tells that a token is over. */
	n8n_expires_at: z.coerce.number().optional(),
});

type TokenData = z.infer<typeof tokenDataSchema>;

export class N8nAuthorizer implements Authorizer {
	constructor(
		private readonly context: IExecuteFunctions,
		private readonly credentialType: string,
		private readonly itemIndex: number,
	) {}

	async getToken(signal: AbortSignal): Promise<string> {
		signal.throwIfAborted();
		const stored = await this.readStored();
		// What cannot be refreshed is used to its last minute.
		const isEnding =
			stored.refresh_token !== undefined &&
			stored.n8n_expires_at !== undefined &&
			stored.n8n_expires_at - refreshEarlyMs < Date.now();
		return isEnding ? await this.refreshToken(stored.access_token, signal) : stored.access_token;
	}

	async refreshToken(staleToken: string, signal: AbortSignal): Promise<string> {
		signal.throwIfAborted();
		return await oneRefresh(this.context, this.credentialType, async () => this.refreshOnce(staleToken));
	}

	private async refreshOnce(staleToken: string): Promise<string> {
		const stored = await this.readStored();
		// Somebody else was faster: a second refresh would burn a rotating refresh token.
		if (stored.access_token !== staleToken) return stored.access_token;
		if (stored.refresh_token === undefined) throw connectionEnded();
		try {
			const { context, credentialType } = this;
			const refreshed: unknown = await context.helpers.refreshOAuth2Token.call(context, credentialType);
			return tokenDataSchema.parse(refreshed).access_token;
		} catch (error) {
			throw refreshFailed(error);
		}
	}

	private async readStored(): Promise<TokenData> {
		const { oauthTokenData } = await this.context.getCredentials(this.credentialType, this.itemIndex);
		const parsed = tokenDataSchema.safeParse(oauthTokenData);
		if (parsed.success) return parsed.data;
		throw new PublishError('auth', 'The account is not connected.', {
			scope: 'account',
			code: 'not-connected',
			remedy: 'Open the credential and connect the account.',
		});
	}
}

/** What n8n throws can hold the whole token request, so none of its words are passed on. */
function refreshFailed(error: unknown): PublishError {
	if (isRefused(error)) return connectionEnded(error);
	return new PublishError('network', 'The token of the account could not be refreshed.', {
		scope: 'account',
		code: 'refresh-failed',
		remedy: 'It is tried again. If it goes on, open the credential and connect the account again.',
		cause: error,
	});
}

function connectionEnded(cause?: unknown): PublishError {
	return new PublishError('auth', 'The connection of the account ended: its token is refused.', {
		scope: 'account',
		code: 'invalid_grant',
		remedy: 'Open the credential and connect the account again.',
		cause,
	});
}

/**
 * RFC 6749 5.2: with these words the token endpoint says no for good; everything else may pass. The last ones are
 * n8n's own, for a refused grant (2.40) and for a connection without a refresh token.
 */
const finalAnswers =
	/invalid_grant|invalid_request|invalid_client|unauthorized_client|needs to be reconnected|no refresh token|refreshToken is required/;

function isRefused(error: unknown, depth = 0): boolean {
	if (typeof error !== 'object' || error === null || depth > 3) return false;
	const { message, code, body, cause } = error as Record<string, unknown>;
	const said = [message, code, (body as { error?: unknown } | undefined)?.error];
	return (
		said.some((word) => typeof word === 'string' && finalAnswers.test(word)) || isRefused(cause, depth + 1)
	);
}
