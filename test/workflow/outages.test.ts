// Every arrow is cut: n8n, NATS with its store, PostgreSQL (n8n's own database too) and all of them at once, while
// posts are due and on their way. Afterwards everything is public once, and n8n's list of executions is honest.
import { Client, type Pool } from 'pg';
import { request } from 'undici';
import { z } from 'zod';
import { createPool, inTransaction, listPosts } from '../../lib/database';
import { ensureAccounts } from '../../lib/database/accounts';
import { insertPost } from '../../lib/database/open-post';
import { addWakeUp } from '../../lib/database/outbox';
import { callN8n } from '../../scripts/stack/n8n/http';
import { prepareStack } from '../../scripts/stack/prepare';
import { silentProgress } from '../../scripts/stack/progress';
import { eventually } from '../support/eventually';
import { bootDeadlineMs, bootN8n, type TestStack } from '../support/n8n';
import { startNats, type TestNats } from '../support/nats';
import { startPostgres, type TestPostgres } from '../support/postgres';

jest.setTimeout(300_000);

const networks = ['x', 'linkedin', 'facebook', 'threads'] as const;
/** Together more than the publisher works on at once: the rest lies in NATS when it is cut. */
const postsPerNetwork = 6;
const settleMs = 90_000;

let nats: TestNats;
let postgres: TestPostgres;
let test: TestStack;
let pool: Pool;

beforeAll(async () => {
	[nats, postgres] = await Promise.all([startNats(), startPostgres()]);
	for (const name of ['n8n', 'stackkraft']) await createDatabase(name);
	test = await bootN8n({ isPrepared: false, n8nEnvironment: ownDatabase(new URL(postgres.urlOf('n8n'))) });
	const stack = { ...test.stack, postgresUrl: postgres.urlOf('stackkraft'), natsUrl: nats.url };
	await prepareStack(stack, { progress: silentProgress, signal: AbortSignal.timeout(bootDeadlineMs) });
	pool = createPool(stack.postgresUrl);
}, bootDeadlineMs);

afterAll(async () => {
	await pool?.end();
	await test?.stop();
	await Promise.all([nats?.stop(), postgres?.stop()]);
});

async function createDatabase(name: string): Promise<void> {
	const client = new Client({ connectionString: postgres.url });
	await client.connect();
	await client.query(`create database ${name}`);
	await client.end();
}

/** One PostgreSQL for n8n and for us, as most people have it. */
function ownDatabase(url: URL): Record<string, string> {
	return {
		DB_POSTGRESDB_HOST: url.hostname,
		DB_POSTGRESDB_PORT: url.port,
		DB_POSTGRESDB_DATABASE: url.pathname.slice(1),
		DB_POSTGRESDB_USER: decodeURIComponent(url.username),
		DB_POSTGRESDB_PASSWORD: decodeURIComponent(url.password),
	};
}

const textOf = (name: string, platform: string, index: number): string => `${name} ${platform} ${index}`;

/** Some posts per network, due at that time. */
async function plan(name: string, at: Date): Promise<void> {
	await inTransaction(pool, async (client) => {
		for (const platform of networks) {
			const account = { platform, accountId: 'main' };
			await ensureAccounts(client, [account]);
			for (let index = 0; index < postsPerNetwork; index += 1) {
				const key = textOf(name, platform, index);
				const wanted = { ...account, idempotencyKey: key, content: { text: key }, scheduledAt: at };
				const { post } = await insertPost(client, wanted);
				await addWakeUp(client, post, at);
			}
		}
	});
}

async function control(network: string, path: string, body?: object): Promise<unknown> {
	const answer = await request(`${test.stack.sandbox[network]}/_sandbox/${path}`, {
		method: body ? 'POST' : 'GET',
		...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
	});
	expect(answer.statusCode).toBe(200);
	return await answer.body.json();
}

const journalSchema = z.object({ posts: z.array(z.object({ text: z.string() })) });

async function publicTexts(name: string): Promise<string[]> {
	const all = await Promise.all(
		networks.map(async (network) =>
			journalSchema.parse(await control(network, `journal?network=${network}`)),
		),
	);
	return all
		.flatMap(({ posts }) => posts.map(({ text }) => text))
		.filter((text) => text.startsWith(`${name} `));
}

const wantedTexts = (name: string): string[] =>
	networks.flatMap((platform) =>
		Array.from({ length: postsPerNetwork }, (_value, index) => textOf(name, platform, index)),
	);

async function statesOf(name: string): Promise<string[]> {
	const { rows } = await pool.query<{ state: string }>(
		'select state from stackkraft.posts where idempotency_key like $1',
		[`${name} %`],
	);
	return rows.map(({ state }) => state);
}

async function expectPostedOnce(name: string): Promise<void> {
	await eventually(
		`everything of ${name} is posted`,
		async () => (await statesOf(name)).every((state) => state === 'posted'),
		settleMs,
	);
	expect((await publicTexts(name)).sort()).toEqual(wantedTexts(name).sort());
}

/** The networks take their time, so that the cut meets posts in every state. */
async function slowNetworks(): Promise<void> {
	const slow = { kind: 'delay', delayMs: 1_500, method: 'POST', times: 'always' };
	for (const network of networks) await control(network, 'faults', { add: slow });
}

async function quickNetworks(): Promise<void> {
	for (const network of networks) await control(network, 'faults', { clear: true });
}

async function untilUnderWay(name: string): Promise<void> {
	await eventually(`posts of ${name} are under way`, async () => {
		const states = await statesOf(name);
		return states.includes('publishing') && states.includes('queued') && !states.includes('pending');
	});
}

/** What passes by itself in ten minutes: claims run out, and what was rung and not heard is rung again. */
async function letTimePass(): Promise<void> {
	await pool.query(`update stackkraft.outbox set sent_at = sent_at - interval '10 minutes'`);
	await pool.query(
		`update stackkraft.posts set lease_expires_at = now() where lease_expires_at is not null and state <> 'posted'`,
	);
	await pool.query('alter table stackkraft.posts disable trigger posts_guard');
	await pool.query(
		`update stackkraft.posts set state_changed_at = state_changed_at - interval '10 minutes',
			next_attempt_at = least(next_attempt_at, now())
		 where state in ('queued', 'pending', 'unknown')`,
	);
	await pool.query('alter table stackkraft.posts enable trigger posts_guard');
	await pool.query('update stackkraft.outbox set available_at = now() where sent_at is null');
}

const executionsSchema = z.object({
	data: z.array(z.looseObject({ id: z.coerce.number(), status: z.string() })),
});

type Executions = z.infer<typeof executionsSchema>['data'];

async function callApi(path: string): Promise<unknown> {
	const { url, apiKey } = test.stack.n8n;
	const headers = { 'X-N8N-API-KEY': apiKey };
	return (await callN8n({ method: 'GET', url: `${url}/api/v1${path}`, headers })).body;
}

async function executions(query = ''): Promise<Executions> {
	return executionsSchema.parse(await callApi(`/executions?limit=250${query}`)).data;
}

async function executionsOf(workflow: string, query = ''): Promise<Executions> {
	const [found] = await test.api.listWorkflows(`StackKraft – ${workflow}`);
	return await executions(`&workflowId=${found?.id}${query}`);
}

const publishedSchema = z.array(
	z.object({ data: z.object({ main: z.array(z.array(z.object({ json: z.looseObject({}) })).nullable()) }) }),
);
const runSchema = z.object({
	data: z.object({ resultData: z.object({ runData: z.record(z.string(), z.unknown()) }) }),
});

/** The posts of which a successful run says that it published them, as often as it is said. */
async function saidPosted(): Promise<string[]> {
	const runs = await executionsOf('Publisher', '&status=success&includeData=true');
	return runs
		.flatMap((run) => Object.entries(runSchema.parse(run).data.resultData.runData))
		.filter(([node]) => node.startsWith('Publish on '))
		.flatMap(([, done]) => publishedSchema.parse(done))
		.flatMap(({ data }) => data.main.flat())
		.flatMap((item) => (item?.json['outcome'] === 'posted' ? [String(item.json['postId'])] : []));
}

async function expectHonestList(): Promise<void> {
	await eventually(
		'no execution is called running',
		async () => (await executions()).every(({ status }) => !['running', 'new', 'unknown'].includes(status)),
		settleMs,
	);
	const posted = (await listPosts(pool, { states: ['posted'], limit: 1_000 })).map(({ postId }) => postId);
	const said = await saidPosted();
	expect(posted).toEqual(expect.arrayContaining(said));
	expect(said.length).toBeGreaterThan(0);
	expect(new Set(said).size).toBe(said.length);
}

it('posts everything once that became due while n8n was away for an hour', async () => {
	await test.stack.killN8n();
	await plan('n8n', new Date(Date.now() - 3_600_000));
	await test.stack.restartN8n({ signal: 'SIGKILL' });
	await expectPostedOnce('n8n');
	await expectHonestList();
});

it('posts everything once when NATS goes away and comes back without its store', async () => {
	await slowNetworks();
	await plan('nats', new Date());
	await untilUnderWay('nats');
	await nats.kill();
	nats.wipeStore();
	// Their messages are gone for good: only the database knows of them.
	expect(await statesOf('nats')).toContain('queued');
	const lastId = Math.max(...(await executions()).map(({ id }) => id));
	await quickNetworks();
	await plan('nats-later', new Date());
	await eventually(
		'a failed run says that nothing could be sent',
		async () =>
			(await executionsOf('Dispatcher')).some(({ id, status }) => id > lastId && status === 'error'),
		settleMs,
	);
	expect(new Set(await statesOf('nats-later'))).toEqual(new Set(['pending']));
	await nats.restart();
	await letTimePass();
	await expectPostedOnce('nats');
	await expectPostedOnce('nats-later');
	await expectHonestList();
});

it('posts everything once when PostgreSQL goes away, with the database of n8n in it', async () => {
	await slowNetworks();
	await plan('postgres', new Date());
	await untilUnderWay('postgres');
	await postgres.kill();
	await quickNetworks();
	await postgres.restart();
	await plan('postgres-later', new Date());
	await letTimePass();
	await expectPostedOnce('postgres');
	await expectPostedOnce('postgres-later');
	// A run that ends while n8n's own database is away cannot be written down: n8n calls it running until its next start.
	await test.stack.restartN8n({ signal: 'SIGTERM' });
	await expectHonestList();
});

it('posts everything once when all of it goes away and comes back', async () => {
	await slowNetworks();
	await plan('all', new Date());
	await untilUnderWay('all');
	await Promise.all([test.stack.killN8n(), nats.kill(), postgres.kill()]);
	nats.wipeStore();
	await quickNetworks();
	await postgres.restart();
	await plan('all-later', new Date(Date.now() - 3_600_000));
	await letTimePass();
	await nats.restart();
	await test.stack.restartN8n({ signal: 'SIGKILL' });
	await expectPostedOnce('all');
	await expectPostedOnce('all-later');
	await expectHonestList();
	expect(await listPosts(pool, { states: ['failed'] })).toEqual([]);
});
