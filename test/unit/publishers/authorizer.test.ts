import type { IExecuteFunctions } from 'n8n-workflow';
import { PublishError } from '../../../lib/publishing/errors';
import { N8nAuthorizer } from '../../../nodes/shared/authorizer';

const signal = new AbortController().signal;

function n8n(options: { stored: Record<string, unknown> | undefined; refresh?: () => Promise<unknown> }) {
	let stored = options.stored;
	let refreshes = 0;
	const context = {
		getNode: () => ({ credentials: { aType: { id: 'c1', name: 'Account' } } }),
		getCredentials: async () => ({
			oauthTokenData: stored && { refresh_token: 'r', ...stored },
		}),
		helpers: {
			async refreshOAuth2Token(this: unknown) {
				// n8n's helper works on the execution it is called on.
				if (this !== context) throw new Error('called without its context');
				refreshes++;
				const fresh = options.refresh ? await options.refresh() : { access_token: `fresh-${refreshes}` };
				stored = fresh as Record<string, unknown>;
				return fresh;
			},
		},
	};
	return {
		authorizer: () => new N8nAuthorizer(context as unknown as IExecuteFunctions, 'aType', 0),
		refreshes: () => refreshes,
		store: (data: Record<string, unknown>) => (stored = data),
	};
}

describe('N8nAuthorizer', () => {
	it('gives the stored token while it lives', async () => {
		const host = n8n({ stored: { access_token: 'a', n8n_expires_at: String(Date.now() + 3_600_000) } });
		expect(await host.authorizer().getToken(signal)).toBe('a');
		expect(host.refreshes()).toBe(0);
	});

	it('refreshes five minutes before the end', async () => {
		const host = n8n({ stored: { access_token: 'a', n8n_expires_at: String(Date.now() + 4 * 60_000) } });
		expect(await host.authorizer().getToken(signal)).toBe('fresh-1');
	});

	it('trusts a token whose end an older n8n does not tell, until it is refused', async () => {
		const host = n8n({ stored: { access_token: 'a', expires_in: 1 } });
		expect(await host.authorizer().getToken(signal)).toBe('a');
		expect(await host.authorizer().refreshToken('a', signal)).toBe('fresh-1');
	});

	it('refreshes once for many that ask at once, since a refresh token may be single-use', async () => {
		const host = n8n({ stored: { access_token: 'a' } });
		const asked = Array.from({ length: 10 }, () => host.authorizer().refreshToken('a', signal));
		expect(new Set(await Promise.all(asked))).toEqual(new Set(['fresh-1']));
		expect(host.refreshes()).toBe(1);
	});

	it('takes the token that somebody else refreshed meanwhile', async () => {
		const host = n8n({ stored: { access_token: 'a' } });
		host.store({ access_token: 'b' });
		expect(await host.authorizer().refreshToken('a', signal)).toBe('b');
		expect(host.refreshes()).toBe(0);
	});

	it('asks to connect when the account never was', async () => {
		const failing = n8n({ stored: undefined }).authorizer().getToken(signal);
		await expect(failing).rejects.toMatchObject({
			class: 'auth',
			remedy: expect.stringContaining('connect'),
		});
	});

	it('asks to connect again when the refresh is refused for good, and repeats none of its words', async () => {
		const refused = Object.assign(new Error('refresh_token=secret-refresh'), {
			body: { error: 'invalid_grant' },
		});
		const host = n8n({ stored: { access_token: 'a' }, refresh: async () => Promise.reject(refused) });
		const error: unknown = await host
			.authorizer()
			.refreshToken('a', signal)
			.catch((thrown: unknown) => thrown);
		expect(error).toBeInstanceOf(PublishError);
		expect(error).toMatchObject({ class: 'auth', scope: 'account' });
		expect(`${JSON.stringify(error)} ${(error as Error).stack}`).not.toContain('secret-refresh');
	});

	it.each([
		'The credential "X" needs to be reconnected.',
		'OAuth access token expired and no refresh token is available. Please reconnect the credentials.',
	])('asks to connect again when n8n says so itself: %s', async (message) => {
		const host = n8n({
			stored: { access_token: 'a' },
			refresh: async () => Promise.reject(new Error(message)),
		});
		await expect(host.authorizer().refreshToken('a', signal)).rejects.toMatchObject({ class: 'auth' });
	});

	it('uses a token without a refresh token to its last minute, and then asks to connect again', async () => {
		const soon = String(Date.now() + 60_000);
		const host = n8n({ stored: { access_token: 'a', refresh_token: undefined, n8n_expires_at: soon } });
		expect(await host.authorizer().getToken(signal)).toBe('a');
		await expect(host.authorizer().refreshToken('a', signal)).rejects.toMatchObject({ class: 'auth' });
		expect(host.refreshes()).toBe(0);
	});

	it('tries again later when the token endpoint only stumbled', async () => {
		const host = n8n({
			stored: { access_token: 'a' },
			refresh: async () => Promise.reject(new Error('connect ECONNREFUSED')),
		});
		await expect(host.authorizer().refreshToken('a', signal)).rejects.toMatchObject({ class: 'network' });
		// A failed refresh must not stay in the way of the next one.
		await expect(host.authorizer().refreshToken('a', signal)).rejects.toMatchObject({ class: 'network' });
		expect(host.refreshes()).toBe(2);
	});
});
