// Facebook's consent gives a token of an hour or two, and no refresh token; it is exchanged for one of sixty days
// (facts 6.1). n8n knows refresh_token grants only, but it fetches a token with any body for "client credentials":
// asked that way it does the exchange itself, and stores, encrypts and leases it like every other token.
import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';
import { PublishError } from '../../lib/publishing/errors';
import type { Authorizer } from '../../lib/publishing/ports';

/** What lives longer than this was exchanged already. */
const longLivedSec = 7 * 24 * 3_600;

const tokenDataSchema = z.object({
	access_token: z.string().min(1),
	expires_in: z.coerce.number().optional(),
});

type TokenData = z.infer<typeof tokenDataSchema>;

/** Exchanges under way, by credential. Two at once would be harmless, but one is enough. */
const exchanging = new Map<string, Promise<string>>();

export class ExchangingAuthorizer implements Authorizer {
	constructor(
		private readonly context: IExecuteFunctions,
		private readonly credential: {
			readonly type: string;
			readonly itemIndex: number;
			/** Name of the grant, and of the field that holds the token. */
			readonly grant: string;
		},
	) {}

	async getToken(signal: AbortSignal): Promise<string> {
		signal.throwIfAborted();
		const stored = await this.readStored();
		return isLongLived(stored) ? stored.access_token : await this.exchange(stored.access_token);
	}

	async refreshToken(staleToken: string, signal: AbortSignal): Promise<string> {
		signal.throwIfAborted();
		const stored = await this.readStored();
		// Somebody else was faster. A refused token cannot be exchanged: only a person can connect again.
		if (stored.access_token !== staleToken) return stored.access_token;
		throw connectionEnded();
	}

	private async exchange(shortToken: string): Promise<string> {
		const { type } = this.credential;
		const used = this.context.getNode().credentials?.[type];
		const key = `${type}/${used?.id ?? used?.name ?? ''}`;
		const exchange =
			exchanging.get(key) ?? this.exchangeOnce(shortToken).finally(() => void exchanging.delete(key));
		exchanging.set(key, exchange);
		return await exchange;
	}

	private async exchangeOnce(shortToken: string): Promise<string> {
		const { type, grant } = this.credential;
		const asking = withCredentials(this.context, {
			grantType: 'clientCredentials',
			authentication: 'body',
			additionalBodyProperties: JSON.stringify({ grant_type: grant, [grant]: shortToken }),
		});
		try {
			const given: unknown = await this.context.helpers.refreshOAuth2Token.call(asking, type);
			return tokenDataSchema.parse(given).access_token;
		} catch {
			// What n8n throws can hold the whole request. The short one works for now, or Facebook itself says that it
			// is over; the next run asks again.
			this.context.logger.warn('The token of the account could not be made to last; it is tried again', {
				node: this.context.getNode().name,
			});
			return shortToken;
		}
	}

	private async readStored(): Promise<TokenData> {
		const { type, itemIndex } = this.credential;
		const { oauthTokenData } = await this.context.getCredentials(type, itemIndex);
		const parsed = tokenDataSchema.safeParse(oauthTokenData);
		if (parsed.success) return parsed.data;
		throw new PublishError('auth', 'The account is not connected.', {
			scope: 'account',
			code: 'not-connected',
			remedy: 'Open the credential and connect the account.',
		});
	}
}

/** A token without an end (of a system user) is not exchanged either. */
function isLongLived({ expires_in: lifetimeSec }: TokenData): boolean {
	return lifetimeSec === undefined || lifetimeSec === 0 || lifetimeSec > longLivedSec;
}

/** The same context, with some fields of its credentials read differently. */
function withCredentials(
	context: IExecuteFunctions,
	changed: Readonly<Record<string, string>>,
): IExecuteFunctions {
	const getCredentials = async (type: string, itemIndex?: number): Promise<object> => ({
		...(await context.getCredentials(type, itemIndex)),
		...changed,
	});
	return new Proxy(context, {
		get(target, name) {
			if (name === 'getCredentials') return getCredentials;
			const member: unknown = Reflect.get(target, name, target);
			return typeof member === 'function' ? (member.bind(target) as unknown) : member;
		},
	});
}

function connectionEnded(): PublishError {
	return new PublishError('auth', 'The connection of the account ended: its token is refused.', {
		scope: 'account',
		code: 'token-refused',
		remedy: 'Open the credential and connect the account again.',
	});
}
