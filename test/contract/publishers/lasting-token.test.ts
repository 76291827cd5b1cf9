// What Instagram, Threads and Facebook have in common: a connection that lasts an hour until it is made to last, and
// no refresh token. The same promises for all three, against their sandboxes.
import type { IExecuteFunctions } from 'n8n-workflow';
import { facebookLastingToken } from '../../../lib/platforms/facebook/lasting-token';
import { instagramLastingToken } from '../../../lib/platforms/instagram/lasting-token';
import { threadsLastingToken } from '../../../lib/platforms/threads/lasting-token';
import { FacebookPublisher } from '../../../nodes/FacebookPublisher/FacebookPublisher.node';
import { InstagramPublisher } from '../../../nodes/InstagramPublisher/InstagramPublisher.node';
import { ThreadsPublisher } from '../../../nodes/ThreadsPublisher/ThreadsPublisher.node';
import { LastingAuthorizer } from '../../../nodes/shared/lasting-authorizer';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { ConsentedAccount } from './consented-account';
import { executionContext, type Account } from './fake-execution';

const signal = new AbortController().signal;
const dayMs = 86_400_000;

const cases = [
	{
		network: 'instagram',
		node: new InstagramPublisher(),
		rules: instagramLastingToken,
		exchangePath: '/access_token',
		renewPath: '/refresh_access_token',
	},
	{
		network: 'threads',
		node: new ThreadsPublisher(),
		rules: threadsLastingToken,
		exchangePath: '/access_token',
		renewPath: '/refresh_access_token',
	},
	{
		network: 'facebook',
		node: new FacebookPublisher(),
		rules: facebookLastingToken,
		exchangePath: '/v26.0/oauth/access_token',
		renewPath: '/v26.0/oauth/access_token',
	},
] as const;

describe.each(cases)('a connection to $network', ({ network, node, rules, exchangePath, renewPath }) => {
	let sandbox: Sandbox;
	let account: ConsentedAccount;
	let logged: string[];

	beforeEach(async () => {
		sandbox = await startSandbox({ networks: [network], seed: 'lasting' });
		account = await ConsentedAccount.connect(sandbox, network);
		logged = [];
		callsBefore = sandbox.journal.requests.length;
	});

	afterEach(async () => {
		expect(sandbox.journal.unexpected).toEqual([]);
		await sandbox.stop();
	});

	let callsBefore: number;
	/** Paths that were asked for after connecting. */
	const asked = (): string[] =>
		sandbox.journal.requests.slice(callsBefore).map(({ path }) => path.split('?')[0] ?? '');

	const authorizer = (of: Account = account): LastingAuthorizer => {
		const context: IExecuteFunctions = executionContext({
			node,
			items: [{}],
			parameters: {},
			account: of,
			logged,
		});
		return new LastingAuthorizer(context, { type: of.credentialType, itemIndex: 0 }, rules);
	};

	/** As if the token were of last week. */
	const aWeekLater = (): void => {
		sandbox.clock.advance(8 * dayMs);
		account.tokenData = { ...account.tokenData, renew_at: String(Date.now() - 1) };
	};

	it('is made to last sixty days at its first use, once, and n8n stores it', async () => {
		const short = account.token;
		const token = await authorizer().getToken(signal);
		expect(token).not.toBe(short);
		expect(account.token).toBe(token);
		expect(Number(account.tokenData['n8n_expires_at']) - Date.now()).toBeGreaterThan(58 * dayMs);
		expect(await authorizer().getToken(signal)).toBe(token);
		expect(asked()).toEqual([exchangePath]);
	});

	it('is exchanged once for many that ask at once', async () => {
		const tokens = await Promise.all(Array.from({ length: 10 }, () => authorizer().getToken(signal)));
		expect(new Set(tokens)).toEqual(new Set([account.token]));
		expect(asked()).toHaveLength(1);
	});

	it('is renewed in its second week, seven weeks before it ends', async () => {
		const first = await authorizer().getToken(signal);
		aWeekLater();
		const second = await authorizer().getToken(signal);
		expect(second).not.toBe(first);
		expect(account.token).toBe(second);
		expect(asked()).toEqual([exchangePath, renewPath]);
		const nextInMs = Number(account.tokenData['renew_at']) - Date.now();
		expect(nextInMs).toBeGreaterThan(6 * dayMs);
		expect(nextInMs).toBeLessThanOrEqual(7 * dayMs);
	});

	it('takes a new connection at once, whatever the earlier one had left', async () => {
		await authorizer().getToken(signal);
		await account.reconnect();
		const short = account.token;
		callsBefore = sandbox.journal.requests.length;
		expect(await authorizer().getToken(signal)).not.toBe(short);
		expect(asked()).toEqual([exchangePath]);
	});

	it('works on with the short token when the exchange stumbles, asks once in a run and shows no secret', async () => {
		sandbox.faults.add({ kind: 'status', status: 500, pathPattern: `^${exchangePath}$`, times: 9 });
		const short = account.token;
		const run = authorizer();
		expect(await run.getToken(signal)).toBe(short);
		expect(await run.getToken(signal)).toBe(short);
		expect(asked()).toHaveLength(1);
		const said = logged.join('\n');
		expect(said).toContain('made to last');
		for (const secret of [short, sandbox[network].defaultClient.clientSecret]) {
			expect(said).not.toContain(secret);
		}
	});

	it('goes on when a renewal stumbles, and asks again a day later', async () => {
		const first = await authorizer().getToken(signal);
		aWeekLater();
		sandbox.faults.add({ kind: 'status', status: 500, pathPattern: `^${renewPath}$`, times: 9 });
		expect(await authorizer().getToken(signal)).toBe(first);
		expect(await authorizer().getToken(signal)).toBe(first);
		expect(asked()).toEqual([exchangePath, renewPath]);
		expect(Number(account.tokenData['renew_at']) - Date.now()).toBeGreaterThan(0.9 * dayMs);
	});

	it('is over for good when the account took its consent back, without showing the token', async () => {
		sandbox[network].revokeAccount('demo');
		const error: unknown = await authorizer()
			.getToken(signal)
			.catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({ class: 'auth', remedy: expect.stringContaining('connect') });
		expect(`${JSON.stringify(error)} ${(error as Error).stack}`).not.toContain(account.token);
	});

	it('is renewed when the network refuses its token in the middle', async () => {
		const first = await authorizer().getToken(signal);
		sandbox.clock.advance(2 * dayMs);
		const [fresh, other] = await Promise.all([
			authorizer().refreshToken(first, signal),
			authorizer().refreshToken(first, signal),
		]);
		expect(fresh).not.toBe(first);
		expect(other).toBe(fresh);
		expect(asked()).toHaveLength(2);
		// Who still holds the old one gets what is stored.
		expect(await authorizer().refreshToken(first, signal)).toBe(fresh);
		expect(asked()).toHaveLength(2);
	});

	it('is tried again later when nobody answers to a refused token', async () => {
		const first = await authorizer().getToken(signal);
		sandbox.faults.add({ kind: 'drop-before', pathPattern: `^${renewPath}$`, times: 9 });
		await expect(authorizer().refreshToken(first, signal)).rejects.toMatchObject({ class: 'network' });
	});

	it('is used all the same where n8n lets no node store a token, and says so', async () => {
		const keepless: Account = {
			credentialType: account.credentialType,
			stored: () => account.stored(),
			refreshes: () => 0,
			refresh: async () => account.refresh(),
		};
		const token = await authorizer(keepless).getToken(signal);
		expect(token).not.toBe(account.token);
		expect(logged.join('\n')).toContain('does not let the node store');
	});

	it('asks for a connection when there never was one', async () => {
		account.tokenData = {};
		await expect(authorizer().getToken(signal)).rejects.toMatchObject({
			class: 'auth',
			code: 'not-connected',
		});
	});
});

it('understands the answer of Instagram that comes as the one entry of a list', async () => {
	const sandbox = await startSandbox({ networks: ['instagram'], seed: 'lasting' });
	const account = await ConsentedAccount.connect(sandbox, 'instagram');
	account.tokenData = { access_token: 'of an earlier connection', data: [account.tokenData] };
	const context = executionContext({ node: new InstagramPublisher(), items: [{}], parameters: {}, account });
	const credential = { type: account.credentialType, itemIndex: 0 };
	const token = await new LastingAuthorizer(context, credential, instagramLastingToken).getToken(signal);
	expect(account.tokenData).toMatchObject({ access_token: token });
	expect(account.tokenData).not.toHaveProperty('data');
	await sandbox.stop();
});
