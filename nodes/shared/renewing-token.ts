// Meta's 60-day tokens (Instagram, Threads) are their own refresh credential: no refresh_token grant, so n8n's
// OAuth 2 can neither exchange nor refresh them. n8n's other mechanism can: `preAuthentication` may return new
// fields, and n8n stores them. It runs when the hidden field is empty, after a 401, and when the credential is
// tested; `authenticate` below answers with a 401 of its own when a renewal is due.
// A renewed token leaves the old one valid, so two renewals at once cost nothing and need no lock.
import { createHash } from 'node:crypto';
import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IHttpRequestHelper,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';
import { z } from 'zod';

const dayMs = 86_400_000;
/** Facts 0.3: weekly, of sixty days; only a token of a day or more can be renewed at all. */
const renewEveryMs = 7 * dayMs;
const retryEveryMs = dayMs;
const requestTimeoutMs = 20_000;

/** How the node asks for a renewal: the fingerprint of the token that the network refused. */
export const staleTokenHeader = 'x-stackkraft-stale-token';

export interface RenewalRules {
	readonly displayName: string;
	/** Without the token and the secret. */
	readonly exchangeUrl: string;
	readonly exchangeGrant: string;
	readonly refreshUrl: string;
	readonly refreshGrant: string;
}

/** Written by n8n, never by a person. */
export const sessionProperties: INodeProperties[] = [
	{
		displayName: 'Session Token',
		name: 'sessionToken',
		type: 'hidden',
		typeOptions: { expirable: true, password: true },
		default: '',
	},
	{ displayName: 'Session Source', name: 'sessionSource', type: 'hidden', default: '' },
	{ displayName: 'Session Renewal', name: 'sessionRenewAt', type: 'hidden', default: '' },
];

const storedSchema = z.object({
	accessToken: z.string().trim().min(1),
	appSecret: z.string().trim().default(''),
	sessionToken: z.string().default(''),
	sessionSource: z.string().default(''),
	sessionRenewAt: z.string().default(''),
});

export interface Session {
	readonly token: string;
	/** False when it is not renewed yet, or a new one was pasted in: then the pasted one counts. */
	readonly isRenewed: boolean;
	readonly isDue: boolean;
}

/** @returns null when there is no token at all. */
export function readSession(credentials: IDataObject, now: Date): Session | null {
	const parsed = storedSchema.safeParse(credentials);
	if (!parsed.success) return null;
	const { accessToken, sessionToken, sessionSource, sessionRenewAt } = parsed.data;
	const isRenewed = sessionToken !== '' && sessionSource === fingerprint(accessToken);
	const renewAtMs = isRenewed ? Date.parse(sessionRenewAt) : Number.NaN;
	return {
		token: isRenewed ? sessionToken : accessToken,
		isRenewed,
		isDue: Number.isNaN(renewAtMs) || renewAtMs <= now.getTime(),
	};
}

export function fingerprint(token: string): string {
	return createHash('sha256').update(token).digest('hex').slice(0, 16);
}

/** For `preAuthentication`. Throws only when the token is over for good. */
export async function renewSession(
	{ helpers }: IHttpRequestHelper,
	credentials: ICredentialDataDecryptedObject,
	rules: RenewalRules,
): Promise<IDataObject> {
	const stored = storedSchema.parse(credentials);
	const session = readSession(credentials as IDataObject, new Date());
	const token = session?.token ?? stored.accessToken;
	const send = async (url: string, qs: IDataObject): Promise<Renewal> =>
		await requestToken(helpers, { url, qs, method: 'GET', json: true, timeout: requestTimeoutMs });
	// Only a one-hour token can be exchanged; of a 60-day one the exchange is refused and it is renewed below.
	const exchanged: Renewal =
		stored.appSecret === '' || session?.isRenewed
			? { kind: 'kept' }
			: await send(rules.exchangeUrl, {
					grant_type: rules.exchangeGrant,
					client_secret: stored.appSecret,
					access_token: token,
				});
	const renewal =
		exchanged.kind === 'renewed'
			? exchanged
			: await send(rules.refreshUrl, { grant_type: rules.refreshGrant, access_token: token });
	if (renewal.kind === 'over') throw new Error(`The ${rules.displayName} token is over. Paste a new one.`);
	const pauseMs = renewal.kind === 'renewed' ? renewEveryMs : retryEveryMs;
	return {
		sessionToken: renewal.kind === 'renewed' ? renewal.token : token,
		sessionSource: fingerprint(stored.accessToken),
		sessionRenewAt: new Date(Date.now() + pauseMs).toISOString(),
	};
}

type Renewal =
	| { readonly kind: 'renewed'; readonly token: string }
	/** Too young to be renewed, or the network was not there: the old one goes on. */
	| { readonly kind: 'kept' }
	| { readonly kind: 'over' };

const tokenSchema = z.object({ access_token: z.string().min(1) });

async function requestToken(
	helpers: IHttpRequestHelper['helpers'],
	request: IHttpRequestOptions,
): Promise<Renewal> {
	try {
		const parsed = tokenSchema.safeParse(await helpers.httpRequest(request));
		return parsed.success ? { kind: 'renewed', token: parsed.data.access_token } : { kind: 'kept' };
	} catch (error) {
		// The error holds the address with the token: nothing of it may go on.
		return { kind: isTokenOver(error) ? 'over' : 'kept' };
	}
}

const refusalSchema = z.object({
	response: z.object({ data: z.object({ error: z.object({ code: z.literal(190) }) }) }),
});

function isTokenOver(error: unknown): boolean {
	return refusalSchema.safeParse(error).success;
}

/** For `authenticate`: n8n takes an error with the status 401 as its call to renew, and then comes back here. */
export function authenticateWithSession(
	credentials: ICredentialDataDecryptedObject,
	requestOptions: IHttpRequestOptions,
): IHttpRequestOptions {
	const session = readSession(credentials as IDataObject, new Date());
	const { [staleTokenHeader]: stale, ...headers } = requestOptions.headers ?? {};
	if (!session || session.isDue || stale === fingerprint(session.token)) {
		throw Object.assign(new Error('The token has to be renewed.'), { response: { status: 401 } });
	}
	return { ...requestOptions, headers: { ...headers, authorization: `Bearer ${session.token}` } };
}
