// Every network's account in a real n8n: connected by its Connect button, tested by n8n, refreshed when its token
// ends, and said to be over when it is.
import { eventually } from '../support/eventually';
import { bootDeadlineMs } from '../support/n8n';
import { executeInOwnProcess } from '../support/n8n-process';
import { OAuthRig, type Credential, type OAuthNetwork, type SeenRequest } from '../support/oauth-rig';

interface Case {
	readonly network: OAuthNetwork;
	/** What the consent page is asked for beside the usual; from the fact sheet's section of each network. */
	readonly consent: Readonly<Record<string, string>>;
	readonly scopes: readonly string[];
	readonly scopeSeparator: ' ' | ',';
	readonly authorizePath: string;
	readonly codePath: string;
	/** Where a token of this network is renewed. */
	readonly refreshPath: string;
}

const google = 'https://www.googleapis.com/auth/';

/** Publishing and analytics, facts 1.1 to 7.1. */
const cases: readonly Case[] = [
	{
		network: 'youtube',
		consent: { access_type: 'offline', prompt: 'consent' },
		scopes: ['youtube.upload', 'youtube.readonly', 'yt-analytics.readonly'].map((name) => google + name),
		scopeSeparator: ' ',
		authorizePath: '/o/oauth2/v2/auth',
		codePath: '/token',
		refreshPath: '/token',
	},
	{
		network: 'tiktok',
		consent: { client_key: 'sandbox-tiktok-key' },
		scopes: [
			'user.info.basic',
			'user.info.profile',
			'user.info.stats',
			'video.list',
			'video.publish',
			'video.upload',
		],
		scopeSeparator: ',',
		authorizePath: '/v2/auth/authorize/',
		codePath: '/v2/oauth/token/',
		refreshPath: '/v2/oauth/token/',
	},
	{
		network: 'instagram',
		consent: {},
		scopes: [
			'instagram_business_basic',
			'instagram_business_content_publish',
			'instagram_business_manage_insights',
		],
		scopeSeparator: ',',
		authorizePath: '/oauth/authorize',
		codePath: '/oauth/access_token',
		refreshPath: '/refresh_access_token',
	},
	{
		network: 'x',
		consent: { code_challenge_method: 'S256' },
		scopes: ['tweet.read', 'tweet.write', 'users.read', 'media.write', 'offline.access'],
		scopeSeparator: ' ',
		authorizePath: '/i/oauth2/authorize',
		codePath: '/2/oauth2/token',
		refreshPath: '/2/oauth2/token',
	},
	{
		network: 'linkedin',
		consent: {},
		scopes: [
			'openid',
			'profile',
			'w_member_social',
			'w_organization_social',
			'r_organization_social',
			'rw_organization_admin',
			'r_member_postAnalytics',
		],
		scopeSeparator: ' ',
		authorizePath: '/oauth/v2/authorization',
		codePath: '/oauth/v2/accessToken',
		refreshPath: '/oauth/v2/accessToken',
	},
	{
		network: 'facebook',
		consent: {},
		scopes: [
			'pages_show_list',
			'pages_read_engagement',
			'pages_manage_posts',
			'pages_read_user_content',
			'read_insights',
		],
		scopeSeparator: ',',
		authorizePath: '/v26.0/dialog/oauth',
		codePath: '/v26.0/oauth/access_token',
		refreshPath: '/v26.0/oauth/access_token',
	},
	{
		network: 'threads',
		consent: {},
		scopes: ['threads_basic', 'threads_content_publish', 'threads_manage_insights'],
		scopeSeparator: ',',
		authorizePath: '/oauth/authorize',
		codePath: '/oauth/access_token',
		refreshPath: '/refresh_access_token',
	},
];

/** The token of a consent lasts an hour there, until a node has run with it. */
const exchangePaths: Partial<Record<OAuthNetwork, string>> = {
	instagram: '/access_token',
	threads: '/access_token',
	facebook: '/v26.0/oauth/access_token',
};

let rig: OAuthRig;
let database: Credential;

jest.setTimeout(300_000);

beforeAll(async () => {
	rig = await OAuthRig.start();
	database = await rig.createPostgres();
}, bootDeadlineMs);

afterAll(async () => {
	await rig?.stop();
});

afterEach(async () => {
	for (const { network } of cases) expect(await rig.unexpected(network)).toEqual([]);
});

const pathsOf = (seen: readonly SeenRequest[]): string[] => seen.map(({ path }) => path.split('?')[0] ?? '');

/** An account that has run once, so that its token is the one that is to last. */
async function usedAccount(network: OAuthNetwork): Promise<Credential> {
	const account = await rig.connectedAccount(network, `${network}-${expect.getState().currentTestName}`);
	expect(await rig.run(network, [account])).toMatchObject({ status: 'success' });
	return account;
}

describe.each(cases)('an account of $network', ({ network, ...rules }) => {
	it('is connected by the Connect button, with all that publishing and numbers need', async () => {
		const account = await rig.createAccount(network, { organizationAccess: true });
		expect((await rig.verdict(account)).status).toBe('Error');
		const consent = await rig.consentUrl(account);
		const asked = Object.fromEntries(consent.searchParams);
		expect(consent.pathname).toBe(rules.authorizePath);
		expect(asked).toMatchObject({ ...rules.consent, response_type: 'code' });
		expect((asked['scope'] ?? '').split(rules.scopeSeparator)).toEqual(
			expect.arrayContaining([...rules.scopes]),
		);
		expect('code_challenge' in asked).toBe(network === 'x');
		const seen = await rig.requestsDuring(network, () => rig.connect(account));
		expect(pathsOf(seen)).toEqual([rules.authorizePath, rules.codePath]);
		expect(await rig.verdict(account)).toEqual({ status: 'OK', message: 'Connection successful!' });
	});

	it('gets a new token once when two executions find the old one refused, and n8n stores it', async () => {
		const account = await usedAccount(network);
		// Meta renews no token of the first day; whatever ends within two days is ended by the network itself.
		const isMeta = network in exchangePaths;
		if (isMeta) await rig.control(network, 'clock', { advanceMs: 2 * 86_400_000 });
		const refusal = isMeta ? { kind: 'status', status: 401, times: 2 } : { kind: 'expire-token' };
		const paths = { pathPattern: isMeta ? '/7\\d+$|/me/accounts$' : '.*' };
		// Until the other execution, too, has met its refusal: one that starts later must not leave it to the new token.
		const delayMs = isMeta ? 4_000 : 500;
		const late = { kind: 'delay-after-effect', delayMs, pathPattern: `^${rules.refreshPath}$` };
		await rig.control(network, 'faults', { clear: true, add: [{ ...refusal, ...paths }, late] });
		const seen = await rig.requestsDuring(network, async () => {
			const credentials = [account, database];
			const runs = await Promise.all([rig.run(network, credentials), rig.run(network, credentials)]);
			expect(runs).toMatchObject([{ status: 'success' }, { status: 'success' }]);
		});
		expect(pathsOf(seen).filter((path) => path === rules.refreshPath)).toHaveLength(1);
		expect(seen.map(({ status }) => status)).toContain(401);
		const later = await rig.requestsDuring(network, async () => {
			expect(await rig.run(network, [account])).toMatchObject({ status: 'success' });
		});
		expect(pathsOf(later)).not.toContain(rules.refreshPath);
		expect(later.map(({ status }) => status)).not.toContain(401);
	});

	it('is over when its owner took the consent back, and n8n and the node say so', async () => {
		const account = await usedAccount(network);
		await rig.control(network, 'revoke', { account: rig.ownerOf(account) });
		expect(await rig.verdict(account)).toEqual({
			status: 'Error',
			message: expect.stringMatching(/connect/i),
		});
		const run = await rig.run(network, [account]);
		expect(run.status).toBe('error');
		expect(run.text).toMatch(/connect the account again/i);
		// As the sandbox names its secrets and its tokens.
		expect(run.text).not.toMatch(/sandbox-\w+-secret|(access|refresh|code)-[\w-]{16}/);
	});
});

it.each(Object.entries(exchangePaths) as [OAuthNetwork, string][])(
	'makes a fresh connection to %s last, once for two executions at once',
	async (network, exchangePath) => {
		const account = await rig.connectedAccount(network, `${network}-fresh`);
		const seen = await rig.requestsDuring(network, async () => {
			const runs = await Promise.all([rig.run(network, [account]), rig.run(network, [account])]);
			expect(runs).toMatchObject([{ status: 'success' }, { status: 'success' }]);
		});
		expect(pathsOf(seen).filter((path) => path === exchangePath)).toHaveLength(1);
		await rig.control(network, 'clock', { advanceMs: 3 * 3_600_000 });
		const later = await rig.requestsDuring(network, () => rig.run(network, [account]));
		expect(pathsOf(later)).not.toContain(exchangePath);
		expect(await rig.verdict(account)).toMatchObject({ status: 'OK' });
	},
);

it('says of an ended token of TikTok that a node renews it, and keeps the refresh token for that', async () => {
	const account = await usedAccount('tiktok');
	await rig.control('tiktok', 'faults', { clear: true, add: { kind: 'expire-token' } });
	const tested = await rig.requestsDuring('tiktok', async () => {
		const message = expect.stringContaining('a node renews it');
		expect(await rig.verdict(account)).toEqual({ status: 'Error', message });
	});
	expect(pathsOf(tested)).toEqual(['/v2/user/info/']);
	expect(await rig.run('tiktok', [account])).toMatchObject({ status: 'success' });
	expect(await rig.verdict(account)).toMatchObject({ status: 'OK' });
});

it('stays unconnected when a person refuses the consent', async () => {
	const account = await rig.createAccount('x');
	await rig.control('x', 'consent', { deny: true });
	await expect(rig.connect(account)).rejects.toThrow('could not be connected');
	expect((await rig.verdict(account)).status).toBe('Error');
});

describe.each(['x', 'tiktok'] as const)('two n8n processes with one account of %s', (network) => {
	it('refresh its single-use token once, and both go on', async () => {
		const refreshPath = cases.find((one) => one.network === network)?.refreshPath ?? '';
		const account = await usedAccount(network);
		const workflows = [
			await rig.createWorkflow(network, [account, database]),
			await rig.createWorkflow(network, [account, database]),
		] as const;
		const last = (await rig.requestsSince(network)).at(-1)?.seq ?? 0;
		const refreshes = async () => {
			const seen = await rig.requestsSince(network, last);
			return seen.filter(({ path }) => path.startsWith(refreshPath));
		};
		// The network has taken the refresh token, and its answer is on the way for a while.
		const late = { kind: 'delay-after-effect', delayMs: 3_000, pathPattern: `^${refreshPath}$` };
		await rig.control(network, 'faults', { clear: true, add: [{ kind: 'expire-token' }, late] });
		const other = await executeInOwnProcess(rig.stack, workflows[0]);
		try {
			await eventually(
				'the other process refreshes',
				async () => (await refreshes()).length > 0 || other.exit() !== undefined,
				60_000,
			);
			expect(await rig.execute(workflows[1])).toMatchObject({ status: 'success' });
			await other.exited;
		} finally {
			await other.stop();
		}
		expect(await rig.lastStatus(workflows[0])).toBe('success');
		expect(await refreshes()).toMatchObject([{ status: 200 }]);
		expect(await rig.run(network, [account])).toMatchObject({ status: 'success' });
	});
});
