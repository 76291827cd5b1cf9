// Instagram, Threads and Facebook: n8n connects the account, but the token of the consent lives an hour or two and
// Meta knows no refresh_token grant (facts 3.1, 6.1, 7.1). So the exchange for one of sixty days and its renewal
// happen here, at first use and then weekly, and n8n stores what came of it, encrypted as everything else.
import { createHash } from 'node:crypto';
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';
import { UndiciClient } from '../../lib/http';
import {
	askForLastingToken,
	type LastingTokenOutcome,
	type LastingTokenRules,
} from '../../lib/platforms/lasting-token';
import { PublishError } from '../../lib/publishing/errors';
import type { Authorizer } from '../../lib/publishing/ports';
import { oneRefresh } from './one-refresh';
import { tokenKeeper } from './token-keeper';

const dayMs = 86_400_000;
/** Facts 0.3: weekly, of sixty days. */
const renewEveryMs = 7 * dayMs;
const retryEveryMs = dayMs;

const tokensSchema = z.looseObject({
	access_token: z.string().min(1),
	/** Which token the next field speaks of: a person can connect again at any time, and n8n keeps old fields. */
	lasting_token: z.string().optional(),
	/** Milliseconds as text, like n8n's own. */
	renew_at: z.coerce.number().optional(),
});

const storedSchema = z.object({
	clientId: z.string().min(1),
	clientSecret: z.string().min(1),
	apiBaseUrl: z.string().optional(),
	oauthTokenData: z.preprocess(unwrapped, tokensSchema),
});

type Stored = z.infer<typeof storedSchema>;

let sharedClient: UndiciClient | undefined;

export class LastingAuthorizer implements Authorizer {
	/** One run makes many calls; a renewal that does not work now is not asked for before each of them. */
	private hasAsked = false;

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly credential: { readonly type: string; readonly itemIndex: number },
		private readonly rules: LastingTokenRules,
	) {}

	async getToken(signal: AbortSignal): Promise<string> {
		signal.throwIfAborted();
		const { oauthTokenData: held } = await this.read();
		if (!isDue(held) || this.hasAsked) return held.access_token;
		return await this.renew(held.access_token, { isRefused: false });
	}

	async refreshToken(staleToken: string, signal: AbortSignal): Promise<string> {
		signal.throwIfAborted();
		return await this.renew(staleToken, { isRefused: true });
	}

	private async renew(staleToken: string, reason: { readonly isRefused: boolean }): Promise<string> {
		return await oneRefresh(this.context, this.credential.type, async () =>
			this.renewOnce(staleToken, reason),
		);
	}

	private async renewOnce(staleToken: string, { isRefused }: { isRefused: boolean }): Promise<string> {
		const stored = await this.read();
		const { oauthTokenData: held } = stored;
		// Somebody else was faster.
		if (held.access_token !== staleToken || (!isRefused && !isDue(held))) return held.access_token;
		this.hasAsked = true;
		const outcome = await this.ask(stored);
		switch (outcome.kind) {
			case 'given':
				await this.keep(held, outcome.token, { lifetimeSec: outcome.lifetimeSec, nextInMs: renewEveryMs });
				return outcome.token;
			case 'over':
				throw this.connectionEnded();
			case 'kept':
				if (isRefused && !outcome.isReached) throw this.notReached();
				// A fresh connection is tried again at the next use: it has an hour.
				if (isLasting(held)) await this.keep(held, held.access_token, { nextInMs: retryEveryMs });
				else this.warn('The token of the account could not be made to last; it is tried again');
				return held.access_token;
		}
	}

	private async ask(stored: Stored): Promise<LastingTokenOutcome> {
		const { clientId, clientSecret, apiBaseUrl, oauthTokenData: held } = stored;
		const form = isLasting(held) ? this.rules.renew : this.rules.exchange;
		sharedClient ??= new UndiciClient();
		// Not the execution's own signal: what the network gave has to be stored, whoever stopped waiting for it.
		return await askForLastingToken(
			{ http: sharedClient, signal: new AbortController().signal },
			form({ token: held.access_token, clientId, clientSecret, apiBaseUrl: apiBaseUrl || undefined }),
		);
	}

	/** The old token stays valid, so one that cannot be stored costs nothing but the next renewal. */
	private async keep(
		held: Stored['oauthTokenData'],
		token: string,
		{ lifetimeSec, nextInMs }: { readonly lifetimeSec?: number | undefined; readonly nextInMs: number },
	): Promise<void> {
		const keep = tokenKeeper(this.context, this.credential.type);
		if (!keep) {
			this.warn('This n8n does not let the node store a token; connect the account again before 60 days end');
			return;
		}
		const lifetime = lifetimeSec
			? { expires_in: lifetimeSec, n8n_expires_at: String(Date.now() + lifetimeSec * 1000) }
			: {};
		await keep({
			...(held as IDataObject),
			...lifetime,
			access_token: token,
			lasting_token: fingerprint(token),
			renew_at: String(Date.now() + nextInMs),
		});
	}

	private async read(): Promise<Stored> {
		const { type, itemIndex } = this.credential;
		const parsed = storedSchema.safeParse(await this.context.getCredentials(type, itemIndex));
		if (parsed.success) return parsed.data;
		throw this.accountError('not-connected', 'The account is not connected.', 'connect the account.');
	}

	private connectionEnded(): PublishError {
		const message = 'The connection of the account ended: its token is refused.';
		return this.accountError('token-refused', message, 'connect the account again.');
	}

	private notReached(): PublishError {
		return new PublishError('network', 'The token of the account could not be renewed.', {
			platform: this.rules.platform,
			scope: 'account',
			code: 'refresh-failed',
			remedy: 'It is tried again. If it goes on, open the credential and connect the account again.',
		});
	}

	private accountError(code: string, message: string, remedy: string): PublishError {
		return new PublishError('auth', message, {
			platform: this.rules.platform,
			scope: 'account',
			code,
			remedy: `Open the credential and ${remedy}`,
		});
	}

	private warn(message: string): void {
		this.context.logger.warn(message, { node: this.context.getNode().name });
	}
}

/** Facts 3.1: Instagram's answer may come as the one entry of a list, and n8n stores it as it came. */
function unwrapped(tokenData: unknown): unknown {
	const wrapped = z.object({ data: z.tuple([z.looseObject({})]) }).safeParse(tokenData);
	if (!wrapped.success) return tokenData;
	const { data, ...rest } = tokenData as { data: [object] };
	// The answer to a new connection, beside what an earlier one left.
	return { ...rest, ...data[0] };
}

type Tokens = Stored['oauthTokenData'];

function isLasting(held: Tokens): boolean {
	return held.lasting_token === fingerprint(held.access_token);
}

function isDue(held: Tokens): boolean {
	return !isLasting(held) || (held.renew_at ?? 0) <= Date.now();
}

function fingerprint(token: string): string {
	return createHash('sha256').update(token).digest('hex').slice(0, 16);
}
