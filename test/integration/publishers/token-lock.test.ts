// Two n8n workers refresh the same account at once. A refresh token of X or TikTok works once, so with the database
// there only one of them may ask; Meta's are asked once all the same.
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { instagramLastingToken } from '../../../lib/platforms/instagram/lasting-token';
import { TikTokPublisher } from '../../../nodes/TikTokPublisher/TikTokPublisher.node';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { executionContext, type Account } from '../../contract/publishers/fake-execution';
import { createTestDatabase, type TestDatabase } from '../../support/database';

interface Modules {
	readonly n8n: typeof import('../../../nodes/shared/authorizer');
	readonly tiktok: typeof import('../../../nodes/TikTokPublisher/authorizer');
	readonly lasting: typeof import('../../../nodes/shared/lasting-authorizer');
	readonly postgres: typeof import('../../../nodes/shared/postgres');
}

const signal = new AbortController().signal;

/** The modules of another process: nothing in memory is shared, neither the refreshes under way nor the pools. */
function anotherProcess(): Modules {
	const modules: { -readonly [name in keyof Modules]?: Modules[name] } = {};
	jest.isolateModules(() => {
		modules.n8n = jest.requireActual('../../../nodes/shared/authorizer');
		modules.tiktok = jest.requireActual('../../../nodes/TikTokPublisher/authorizer');
		modules.lasting = jest.requireActual('../../../nodes/shared/lasting-authorizer');
		modules.postgres = jest.requireActual('../../../nodes/shared/postgres');
	});
	return modules as Modules;
}

interface Case {
	readonly network: 'x' | 'tiktok' | 'instagram';
	readonly credentialType: string;
	readonly tokenPath: RegExp;
	refresh(modules: Modules, context: IExecuteFunctions, stale: string): Promise<string>;
}

const cases: readonly Case[] = [
	{
		network: 'x',
		credentialType: 'stackKraftXOAuth2Api',
		tokenPath: /^\/2\/oauth2\/token$/,
		refresh: async ({ n8n }, context, stale) =>
			new n8n.N8nAuthorizer(context, 'stackKraftXOAuth2Api', 0).refreshToken(stale, signal),
	},
	{
		network: 'tiktok',
		credentialType: 'stackKraftTikTokOAuth2Api',
		tokenPath: /^\/v2\/oauth\/token\/$/,
		refresh: async ({ tiktok }, context, stale) =>
			new tiktok.TikTokAuthorizer(context, 'stackKraftTikTokOAuth2Api', 0).refreshToken(stale, signal),
	},
	{
		network: 'instagram',
		credentialType: 'stackKraftInstagramOAuth2Api',
		tokenPath: /^\/access_token$/,
		refresh: async ({ lasting }, context) => {
			const credential = { type: 'stackKraftInstagramOAuth2Api', itemIndex: 0 };
			return new lasting.LastingAuthorizer(context, credential, instagramLastingToken).getToken(signal);
		},
	},
];

describe.each(cases)('refreshing a token of $network in two processes', (one) => {
	let database: TestDatabase;
	let sandbox: Sandbox;
	let processes: readonly Modules[];
	/** What n8n's database holds; both processes read and write it. */
	let tokenData: IDataObject;

	beforeEach(async () => {
		database = await createTestDatabase();
		sandbox = await startSandbox({ networks: [one.network], seed: 'refresh' });
		tokenData = sandbox[one.network].issueTokens({ account: 'tester' }).tokenResponse as never;
		processes = [anotherProcess(), anotherProcess()];
	});

	afterEach(async () => {
		await Promise.all(processes.map(async ({ postgres }) => postgres.closePostgresPools()));
		await sandbox.stop();
		await database.drop();
	});

	/** n8n's own refresh, which it serialises in one process only: read, ask, store. */
	async function refreshAsN8n(): Promise<IDataObject> {
		const { baseUrl, defaultClient } = sandbox[one.network];
		const { clientId, clientSecret } = defaultClient;
		const answer = await fetch(`${baseUrl}/2/oauth2/token`, {
			method: 'POST',
			headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
			body: new URLSearchParams({
				grant_type: 'refresh_token',
				refresh_token: String(tokenData['refresh_token']),
			}),
		});
		const body = (await answer.json()) as IDataObject;
		if (!answer.ok) throw Object.assign(new Error('refused'), { body });
		tokenData = { ...tokenData, ...body };
		return tokenData;
	}

	function context(withDatabase: boolean): IExecuteFunctions {
		const { hostname, port, pathname, username, password } = new URL(database.url);
		const { baseUrl, defaultClient } = sandbox[one.network];
		const account: Account = {
			credentialType: one.credentialType,
			refreshes: () => 0,
			refresh: refreshAsN8n,
			stored: () => ({
				apiBaseUrl: baseUrl,
				clientId: defaultClient.clientId,
				clientSecret: defaultClient.clientSecret,
				oauthTokenData: tokenData,
			}),
			keep: (fresh) => void (tokenData = fresh),
		};
		const settings = {
			host: hostname,
			port: Number(port),
			database: pathname.slice(1),
			user: decodeURIComponent(username),
			password: decodeURIComponent(password),
			ssl: 'disable',
		};
		const execution = executionContext({
			node: new TikTokPublisher(),
			items: [{}],
			parameters: {},
			account,
			...(withDatabase && { otherCredentials: { stackKraftPostgresApi: settings } }),
		});
		const node = execution.getNode();
		const stackKraftPostgresApi = { id: 'credential-2', name: 'Database' };
		const credentials = { ...node.credentials, stackKraftPostgresApi };
		return Object.assign(execution, { getNode: () => ({ ...node, credentials }) });
	}

	const asked = (): number =>
		sandbox.journal.requests.filter(({ path }) => one.tokenPath.test(path.split('?')[0] ?? '')).length;

	it('asks the network once, and gives both the same token, which still works afterwards', async () => {
		const stale = String(tokenData['access_token']);
		// The first answer comes late: without the lock the second process would ask meanwhile.
		sandbox.faults.add({ kind: 'delay-after-effect', delayMs: 300, pathPattern: one.tokenPath.source });
		const tokens = await Promise.all(
			processes.map(async (modules) => one.refresh(modules, context(true), stale)),
		);
		expect(tokens).toEqual([tokenData['access_token'], tokenData['access_token']]);
		expect(tokens[0]).not.toBe(stale);
		expect(asked()).toBe(1);
	});

	it('refreshes without the lock where n8n does not give the node its database', async () => {
		const stale = String(tokenData['access_token']);
		const [first] = processes;
		if (!first) throw new Error('there are two');
		expect(await one.refresh(first, context(false), stale)).not.toBe(stale);
		expect(asked()).toBe(1);
	});
});
