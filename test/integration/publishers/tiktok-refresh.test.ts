// Two n8n workers refresh the same TikTok account at once. Its refresh token works once, so with the database
// there only one of them may ask.
import type { IDataObject } from 'n8n-workflow';
import { TikTokPublisher } from '../../../nodes/TikTokPublisher/TikTokPublisher.node';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { executionContext, type Account } from '../../contract/publishers/fake-execution';
import { createTestDatabase, type TestDatabase } from '../../support/database';

type AuthorizerModule = typeof import('../../../nodes/TikTokPublisher/authorizer');
type PostgresModule = typeof import('../../../nodes/shared/postgres');

const credentialType = 'stackKraftTikTokOAuth2Api';
const signal = new AbortController().signal;

/** The modules of another process: nothing in memory is shared, neither the refreshes under way nor the pools. */
function anotherProcess(): { authorizer: AuthorizerModule; postgres: PostgresModule } {
	let modules: { authorizer: AuthorizerModule; postgres: PostgresModule } | undefined;
	jest.isolateModules(() => {
		modules = {
			authorizer: jest.requireActual<AuthorizerModule>('../../../nodes/TikTokPublisher/authorizer'),
			postgres: jest.requireActual<PostgresModule>('../../../nodes/shared/postgres'),
		};
	});
	return modules!;
}

describe('refreshing a TikTok token in two processes', () => {
	let database: TestDatabase;
	let sandbox: Sandbox;
	let tokenData: IDataObject;

	beforeEach(async () => {
		database = await createTestDatabase();
		sandbox = await startSandbox({ networks: ['tiktok'], seed: 'refresh' });
		tokenData = sandbox.tiktok.issueTokens({ account: 'tester' }).tokenResponse as unknown as IDataObject;
	});

	afterEach(async () => {
		await sandbox.stop();
		await database.drop();
	});

	function context() {
		const { hostname, port, pathname, username, password } = new URL(database.url);
		const account: Account = {
			credentialType,
			refreshes: () => 0,
			refresh: async () => Promise.reject(new Error('n8n cannot refresh this')),
			stored: () => ({
				apiBaseUrl: sandbox.tiktok.baseUrl,
				clientId: 'sandbox-tiktok-key',
				clientSecret: 'sandbox-tiktok-secret',
				oauthTokenData: tokenData,
			}),
		};
		const execution = executionContext({
			node: new TikTokPublisher(),
			items: [{}],
			parameters: {},
			account,
			otherCredentials: {
				stackKraftPostgresApi: {
					host: hostname,
					port: Number(port),
					database: pathname.slice(1),
					user: decodeURIComponent(username),
					password: decodeURIComponent(password),
					ssl: 'disable',
				},
			},
		});
		const node = execution.getNode();
		const credentials = {
			...node.credentials,
			stackKraftPostgresApi: { id: 'credential-2', name: 'Database' },
		};
		const updateCredentialsOauthTokenData = async (
			_used: unknown,
			_type: string,
			data: { oauthTokenData: IDataObject },
		): Promise<void> => {
			tokenData = data.oauthTokenData;
		};
		return Object.assign(execution, {
			getNode: () => ({ ...node, credentials }),
			additionalData: { credentialsHelper: { updateCredentialsOauthTokenData } },
		});
	}

	it('asks TikTok once, and gives both the same token', async () => {
		const stale = String(tokenData['access_token']);
		const processes = [anotherProcess(), anotherProcess()];
		// The first answer comes late: without the lock the second process would ask meanwhile.
		sandbox.faults.add({ kind: 'delay-after-effect', delayMs: 300, pathPattern: '^/v2/oauth/token/$' });
		const tokens = await Promise.all(
			processes.map(async ({ authorizer }) =>
				new authorizer.TikTokAuthorizer(context(), credentialType, 0).refreshToken(stale, signal),
			),
		);
		expect(tokens).toEqual([tokenData['access_token'], tokenData['access_token']]);
		expect(tokens[0]).not.toBe(stale);
		const asked = sandbox.journal.requests.filter(({ path }) => path.startsWith('/v2/oauth/token'));
		expect(asked).toHaveLength(1);
		await Promise.all(processes.map(async ({ postgres }) => postgres.closePostgresPools()));
	});
});
