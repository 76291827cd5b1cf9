// Tokens as n8n keeps them: in the database, refreshed once and written back. What dies between the network's new
// pair and our writing it down has lost the account, which is a person's task and must end as one.
import type { Pool } from 'pg';
import { z } from 'zod';
import { PublishError } from '../../lib/publishing/errors';
import type { Platform } from '../../lib/publishing/platform';
import type { Authorizer, HttpClient, HttpRequest } from '../../lib/publishing/ports';
import type { NetworkAccess } from './messages';

export interface TokenPair {
	readonly accessToken: string;
	readonly refreshToken: string;
}

export async function storeTokens(pool: Pool, platform: Platform, tokens: TokenPair): Promise<void> {
	await pool.query(
		'create table if not exists tokens (platform text primary key, access text, refresh text)',
	);
	await pool.query(
		`insert into tokens values ($1, $2, $3)
		 on conflict (platform) do update set access = excluded.access, refresh = excluded.refresh`,
		[platform, tokens.accessToken, tokens.refreshToken],
	);
}

/** Where Meta's tokens end nothing can be refreshed: they are renewed long before, or connected again. */
const tokenPaths: Partial<Record<Platform, string>> = {
	youtube: '/token',
	tiktok: '/v2/oauth/token/',
	x: '/2/oauth2/token',
	linkedin: '/oauth/v2/accessToken',
};

export function refreshRequest(
	platform: Platform,
	{ baseUrl, clientId, clientSecret }: NetworkAccess,
	refreshToken: string,
): HttpRequest | undefined {
	const path = tokenPaths[platform];
	if (path === undefined) return undefined;
	const isBasic = platform === 'x';
	const inBody = {
		[platform === 'tiktok' ? 'client_key' : 'client_id']: clientId,
		client_secret: clientSecret,
	};
	const form = { grant_type: 'refresh_token', refresh_token: refreshToken, ...(isBasic ? {} : inBody) };
	const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
	return {
		method: 'POST',
		url: `${baseUrl}${path}`,
		headers: {
			'content-type': 'application/x-www-form-urlencoded',
			...(isBasic && { authorization: `Basic ${basic}` }),
		},
		body: new URLSearchParams(form).toString(),
		deadlineMs: 20_000,
	};
}

const refreshedSchema = z.object({ access_token: z.string(), refresh_token: z.string().optional() });
const rowSchema = z.object({ access: z.string(), refresh: z.string() });

export class StoredTokens implements Authorizer {
	constructor(
		private readonly pool: Pool,
		private readonly http: HttpClient,
		private readonly platform: Platform,
		private readonly access: NetworkAccess,
	) {}

	async getToken(): Promise<string> {
		return (await this.read()).access;
	}

	async refreshToken(staleToken: string, signal: AbortSignal): Promise<string> {
		const stored = await this.read();
		if (stored.access !== staleToken) return stored.access;
		const request = refreshRequest(this.platform, this.access, stored.refresh);
		if (!request) throw ended();
		const answer = await this.http.send(request, signal).catch((cause: unknown) => {
			throw new PublishError('network', 'The token could not be refreshed.', { cause });
		});
		if (answer.status === 400) throw ended();
		if (answer.status !== 200) throw new PublishError('network', 'The token could not be refreshed.');
		const given = refreshedSchema.parse(JSON.parse(answer.bodyText));
		const accessToken = given.access_token;
		await storeTokens(this.pool, this.platform, {
			accessToken,
			refreshToken: given.refresh_token ?? stored.refresh,
		});
		return accessToken;
	}

	private async read(): Promise<z.infer<typeof rowSchema>> {
		const { rows } = await this.pool.query('select access, refresh from tokens where platform = $1', [
			this.platform,
		]);
		return rowSchema.parse(rows[0]);
	}
}

function ended(): PublishError {
	return new PublishError('auth', 'The connection of the account ended.', { code: 'invalid_grant' });
}
