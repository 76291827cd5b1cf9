import type { Clock } from './clock';
import { secret } from './ids';
import type { Collection, Store } from './store';

export interface OAuthClient {
	readonly clientId: string;
	readonly clientSecret: string;
	readonly redirectUris: readonly string[];
	/** A public client has no secret and proves itself with PKCE alone. */
	readonly kind: 'confidential' | 'public';
}

/** One consent of one account to one client. Everything issued from it falls with it. */
export interface Grant {
	readonly id: string;
	readonly clientId: string;
	readonly account: string;
	readonly scopes: readonly string[];
	readonly isRevoked: boolean;
}

interface AccessToken {
	readonly grantId: string;
	readonly issuedAtMs: number;
	readonly expiresAtMs: number;
}

interface RefreshToken {
	readonly grantId: string;
	readonly isUsed: boolean;
}

export interface AuthorizationCode {
	readonly clientId: string;
	readonly redirectUri: string;
	readonly account: string;
	readonly scopes: readonly string[];
	readonly createdAtMs: number;
	readonly givesRefreshToken: boolean;
	readonly challenge?: { readonly value: string; readonly method: string };
}

export interface OAuthRules {
	readonly network: string;
	readonly tokenType: string;
	readonly accessLifetimeSec: number;
	/** What `expires_in` says; Google reports one second less than it grants. */
	readonly reportedLifetimeSec: number;
	readonly codeLifetimeMs: number;
	readonly rotatesRefreshToken: boolean;
	readonly knownScopes: ReadonlySet<string>;
	readonly defaultScopes: readonly string[];
	readonly defaultClient: OAuthClient;
}

export interface IssueOptions {
	readonly account: string;
	readonly expiresInSeconds?: number;
	readonly scopes?: readonly string[];
	readonly clientId?: string;
}

export interface IssuedTokens {
	readonly accessToken: string;
	readonly refreshToken: string;
	readonly expiresInSeconds: number;
	readonly scopes: readonly string[];
	readonly clientId: string;
	readonly clientSecret: string;
	/** The same as the token endpoint would have said it. */
	readonly tokenResponse: TokenResponse;
}

export interface TokenResponse {
	readonly access_token: string;
	readonly expires_in: number;
	readonly scope: string;
	readonly token_type: string;
	readonly refresh_token?: string;
}

export type TokenState = 'valid' | 'unknown' | 'expired' | 'revoked';
export type RefreshOutcome = { readonly ok: true; readonly response: TokenResponse } | { readonly ok: false };

/** Clients, grants and tokens of one network. The endpoints in front of it are in oauth-endpoints.ts. */
export class OAuth {
	private readonly clients: Collection<OAuthClient>;
	private readonly grants: Collection<Grant>;
	private readonly accessTokens: Collection<AccessToken>;
	private readonly refreshTokens: Collection<RefreshToken>;
	private readonly codes: Collection<AuthorizationCode>;
	/** What the consent page will do next; the default is to consent as `demo`. */
	nextConsent: { readonly account?: string; readonly deny?: boolean } = {};

	constructor(
		private readonly store: Store,
		private readonly clock: Clock,
		readonly rules: OAuthRules,
	) {
		this.clients = store.collection(`${rules.network}.clients`);
		this.grants = store.collection(`${rules.network}.grants`);
		this.accessTokens = store.collection(`${rules.network}.accessTokens`);
		this.refreshTokens = store.collection(`${rules.network}.refreshTokens`);
		this.codes = store.collection(`${rules.network}.codes`);
		if (this.clients.get(rules.defaultClient.clientId) === undefined) this.addClient(rules.defaultClient);
	}

	addClient(client: OAuthClient): void {
		this.clients.set(client.clientId, client);
	}

	client(clientId: string): OAuthClient | undefined {
		return this.clients.get(clientId);
	}

	hasConsented(clientId: string, account: string): boolean {
		return this.grants.values().some((g) => g.clientId === clientId && g.account === account && !g.isRevoked);
	}

	addCode(code: Omit<AuthorizationCode, 'createdAtMs'>): string {
		const value = secret('code-');
		this.codes.set(value, { ...code, createdAtMs: this.clock.nowMs() });
		return value;
	}

	/** A code works once: it is gone after this call, whatever is decided about it afterwards. */
	takeCode(value: string): AuthorizationCode | undefined {
		const code = this.codes.get(value);
		if (code === undefined) return undefined;
		this.codes.delete(value);
		const ageMs = this.clock.nowMs() - code.createdAtMs;
		return ageMs <= this.rules.codeLifetimeMs ? code : undefined;
	}

	grantFrom(code: AuthorizationCode, lifetimeSec = this.rules.accessLifetimeSec): TokenResponse {
		const grant = this.newGrant(code.clientId, code.account, code.scopes);
		return this.respond(grant, lifetimeSec, code.givesRefreshToken);
	}

	/**
	 * Where the access token is its own refresh credential (facts 0.3, Meta): a new one of the same grant, for a
	 * valid one of at least this age. The old one goes on until its own end.
	 */
	renew(
		accessToken: string,
		{ minAgeMs, lifetimeSec }: { readonly minAgeMs: number; readonly lifetimeSec: number },
	): TokenResponse | undefined {
		const token = this.accessTokens.get(accessToken);
		const grant = this.grantOf(accessToken);
		if (token === undefined || grant === undefined || this.stateOf(accessToken) !== 'valid') return undefined;
		if (this.clock.nowMs() - token.issuedAtMs < minAgeMs) return undefined;
		return this.respond(grant, lifetimeSec, false);
	}

	/** A rotated token that comes back kills the whole chain: on X nothing of it works any more. */
	refresh(refreshToken: string, clientId: string): RefreshOutcome {
		const known = this.refreshTokens.get(refreshToken);
		const grant = known && this.grants.get(known.grantId);
		if (known === undefined || grant === undefined || grant.isRevoked) return { ok: false };
		if (grant.clientId !== clientId) return { ok: false };
		if (known.isUsed) {
			this.revokeGrant(grant);
			return { ok: false };
		}
		let response: TokenResponse | undefined;
		this.store.batch(() => {
			if (this.rules.rotatesRefreshToken) this.refreshTokens.set(refreshToken, { ...known, isUsed: true });
			response = this.respond(grant, this.rules.accessLifetimeSec, this.rules.rotatesRefreshToken);
		});
		return response === undefined ? { ok: false } : { ok: true, response };
	}

	/** True when the token was known. */
	revoke(token: string): boolean {
		const grantId = this.accessTokens.get(token)?.grantId ?? this.refreshTokens.get(token)?.grantId;
		const grant = grantId === undefined ? undefined : this.grants.get(grantId);
		if (grant === undefined) return false;
		this.revokeGrant(grant);
		return true;
	}

	/** What a person does who removes the app in the account's settings. */
	revokeAccount(account: string): number {
		const live = this.grants.values().filter((grant) => grant.account === account && !grant.isRevoked);
		for (const grant of live) this.revokeGrant(grant);
		return live.length;
	}

	stateOf(accessToken: string): TokenState {
		const token = this.accessTokens.get(accessToken);
		const grant = token && this.grants.get(token.grantId);
		if (token === undefined || grant === undefined) return 'unknown';
		if (grant.isRevoked) return 'revoked';
		return this.clock.nowMs() < token.expiresAtMs ? 'valid' : 'expired';
	}

	grantOf(accessToken: string): Grant | undefined {
		const token = this.accessTokens.get(accessToken);
		return token && this.grants.get(token.grantId);
	}

	expire(accessToken: string): void {
		const token = this.accessTokens.get(accessToken);
		if (token !== undefined) this.accessTokens.set(accessToken, { ...token, expiresAtMs: 0 });
	}

	/** A ready token pair without the browser: for tests, and for the demo's credentials. */
	issue(options: IssueOptions): IssuedTokens {
		const client = this.clients.get(options.clientId ?? this.rules.defaultClient.clientId);
		if (client === undefined) throw new Error(`the sandbox has no OAuth client ${options.clientId}`);
		const scopes = options.scopes ?? this.rules.defaultScopes;
		const unknown = scopes.filter((scope) => !this.rules.knownScopes.has(scope));
		if (unknown.length > 0) throw new Error(`unknown scopes: ${unknown.join(' ')}`);
		const expiresInSeconds = options.expiresInSeconds ?? this.rules.accessLifetimeSec;
		const grant = this.newGrant(client.clientId, options.account, scopes);
		const tokenResponse = this.respond(grant, expiresInSeconds, true);
		return {
			accessToken: tokenResponse.access_token,
			refreshToken: tokenResponse.refresh_token ?? '',
			expiresInSeconds,
			scopes,
			clientId: client.clientId,
			clientSecret: client.clientSecret,
			tokenResponse,
		};
	}

	private newGrant(clientId: string, account: string, scopes: readonly string[]): Grant {
		const grant = { id: String(this.store.next('grant')), clientId, account, scopes, isRevoked: false };
		this.grants.set(grant.id, grant);
		return grant;
	}

	private revokeGrant(grant: Grant): void {
		this.grants.set(grant.id, { ...grant, isRevoked: true });
	}

	private respond(grant: Grant, lifetimeSec: number, withRefreshToken: boolean): TokenResponse {
		const accessToken = secret('access-');
		const issuedAtMs = this.clock.nowMs();
		const expiresAtMs = issuedAtMs + lifetimeSec * 1000;
		this.accessTokens.set(accessToken, { grantId: grant.id, issuedAtMs, expiresAtMs });
		const isUsual = lifetimeSec === this.rules.accessLifetimeSec;
		const response = {
			access_token: accessToken,
			expires_in: isUsual ? this.rules.reportedLifetimeSec : lifetimeSec,
			scope: grant.scopes.join(' '),
			token_type: this.rules.tokenType,
		};
		if (!withRefreshToken) return response;
		const refreshToken = secret('refresh-');
		this.refreshTokens.set(refreshToken, { grantId: grant.id, isUsed: false });
		return { ...response, refresh_token: refreshToken };
	}
}
