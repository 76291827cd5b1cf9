// The token of a credential that renews itself (renewing-token.ts). n8n stores what the renewal gave.
import type { IExecuteFunctions } from 'n8n-workflow';
import { PublishError } from '../../lib/publishing/errors';
import type { Authorizer } from '../../lib/publishing/ports';
import { fingerprint, readSession, staleTokenHeader, type Session } from './renewing-token';

/** Renewals under way, by credential. */
const renewing = new Map<string, Promise<string>>();

interface Reason {
	/** The network said no to the token; otherwise only its time has come. */
	readonly isRefused: boolean;
}

export class RenewingAuthorizer implements Authorizer {
	constructor(
		private readonly context: IExecuteFunctions,
		private readonly credential: {
			readonly type: string;
			readonly itemIndex: number;
			/** A read that costs nothing, under the real host or the credential's own base address. */
			readonly probeUrl: (apiBaseUrl: string | undefined) => string;
		},
	) {}

	async getToken(signal: AbortSignal): Promise<string> {
		signal.throwIfAborted();
		const session = await this.read();
		return session.isDue ? await this.renew(session.token, { isRefused: false }) : session.token;
	}

	async refreshToken(staleToken: string, signal: AbortSignal): Promise<string> {
		signal.throwIfAborted();
		const { token } = await this.read();
		// Somebody else was faster.
		return token === staleToken ? await this.renew(staleToken, { isRefused: true }) : token;
	}

	private async renew(staleToken: string, reason: Reason): Promise<string> {
		const { type } = this.credential;
		const used = this.context.getNode().credentials?.[type];
		const key = `${type}/${used?.id ?? used?.name ?? ''}`;
		const renewal =
			renewing.get(key) ?? this.renewOnce(staleToken, reason).finally(() => void renewing.delete(key));
		renewing.set(key, renewal);
		return await renewal;
	}

	private async renewOnce(staleToken: string, { isRefused }: Reason): Promise<string> {
		const { type, probeUrl } = this.credential;
		const { apiBaseUrl } = await this.stored();
		const base = typeof apiBaseUrl === 'string' && apiBaseUrl !== '' ? apiBaseUrl : undefined;
		try {
			await this.context.helpers.httpRequestWithAuthentication.call(this.context, type, {
				method: 'GET',
				url: probeUrl(base),
				headers: isRefused ? { [staleTokenHeader]: fingerprint(staleToken) } : {},
				timeout: 20_000,
			});
		} catch (cause) {
			// Renewed all the same, or put off because nobody answered: the network itself says what the token is worth.
			const { token, isDue } = await this.read();
			if (token === staleToken && (isRefused || isDue)) throw notRenewed(cause);
		}
		return (await this.read()).token;
	}

	private async stored() {
		return await this.context.getCredentials(this.credential.type, this.credential.itemIndex);
	}

	private async read(): Promise<Session> {
		const session = readSession(await this.stored(), new Date());
		if (session) return session;
		throw new PublishError('auth', 'The account is not connected.', {
			scope: 'account',
			code: 'not-connected',
			remedy: 'Open the credential and paste an access token to connect the account.',
		});
	}
}

/** What n8n throws can hold the whole request, so none of its words are passed on. */
function notRenewed(cause: unknown): PublishError {
	return new PublishError('auth', 'The connection of the account ended: its token cannot be renewed.', {
		scope: 'account',
		code: 'token-not-renewed',
		remedy: 'Open the credential and paste a new access token to connect the account again.',
		cause,
	});
}
