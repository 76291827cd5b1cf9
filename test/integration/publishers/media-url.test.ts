// Posts in PostgreSQL whose media is a web address: claimed ones fetch it anew, and a key knows it by its bytes.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import type { Pool } from 'pg';
import { claimPost, createPool, defaultLeaseMs, getPost, openPost } from '../../../lib/database';
import { XPublisher } from '../../../nodes/XPublisher/XPublisher.node';
import { closePostgresPools } from '../../../nodes/shared/postgres';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { connectedAccount, execute } from '../../contract/publishers/fake-execution';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { startFileHost, type FileHost } from '../../support/file-host';
import { useTempFolder } from '../../support/own-temp-folder';

const picture = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
	'base64',
);
const setting = 'STACKKRAFT_ALLOWED_MEDIA_HOSTS';
const before = process.env[setting];

let database: TestDatabase;
let pool: Pool;
let sandbox: Sandbox;
let host: FileHost;
let folder: string;
let restoreTempFolder: () => void;

beforeEach(async () => {
	folder = await mkdtemp(path.join(tmpdir(), 'stackkraft-media-url-'));
	restoreTempFolder = await useTempFolder(folder);
	database = await createTestDatabase();
	pool = createPool(database.url, { maxConnections: 4 });
	sandbox = await startSandbox({ networks: ['x'], seed: 'media-url' });
	host = await startFileHost((request, response) => {
		if (request.url?.startsWith('/gone')) response.writeHead(404).end();
		else response.writeHead(200, { 'content-type': 'image/png' }).end(picture);
	});
	process.env[setting] = host.host;
});

afterEach(async () => {
	expect(sandbox.journal.unexpected).toEqual([]);
	restoreTempFolder();
	if (before === undefined) delete process.env[setting];
	else process.env[setting] = before;
	await closePostgresPools();
	await pool.end();
	await database.drop();
	await Promise.all([sandbox.stop(), host.close()]);
	expect(await readdir(folder)).toEqual([]);
	await rm(folder, { recursive: true });
});

async function onX(parameters: IDataObject): Promise<IDataObject> {
	const { hostname, port, pathname, username, password } = new URL(database.url);
	const [item] = await execute({
		node: new XPublisher(),
		items: [{}],
		account: connectedAccount(sandbox, 'x'),
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
		parameters,
	});
	return item?.json ?? {};
}

async function onXClaimed(ref: string): Promise<{ postId: string; json: IDataObject }> {
	const { post } = await openPost({
		pool,
		idempotencyKey: 'claimed',
		platform: 'x',
		accountId: 'main',
		content: { text: 'From the queue' },
		media: [{ ref }],
	});
	const claim = await claimPost({ pool, postId: post.postId, leaseMs: defaultLeaseMs });
	if (!claim.claimed) throw new Error(claim.reason);
	const { postId, epoch } = claim.post;
	return { postId, json: await onX({ exactlyOnce: 'claimedPost', postId, claimEpoch: epoch }) };
}

it('fetches the media of a claimed post from its address', async () => {
	const { postId, json } = await onXClaimed(`http://${host.host}/a.png?signature=1`);
	expect(json).toMatchObject({ postId, outcome: 'posted' });
	expect(sandbox.journal.posts).toMatchObject([{ text: 'From the queue' }]);
	expect(await getPost(pool, postId)).toMatchObject({ state: 'posted' });
	expect(host.requests.map(({ url }) => url)).toEqual(['/a.png?signature=1']);
});

it('gives a claimed post to a person when there is nothing at the address', async () => {
	const { postId, json } = await onXClaimed(`http://${host.host}/gone.png?signature=planted`);
	expect(json).toMatchObject({ outcome: 'failed', error: { class: 'validation', code: 'media.status' } });
	expect(JSON.stringify(json)).not.toContain('planted');
	expect(await getPost(pool, postId)).toMatchObject({ state: 'failed' });
});

it('comes back to a claimed post whose host is away', async () => {
	// Below 1024: a port that was free a moment ago may be another test's by now.
	process.env[setting] = '127.0.0.1:1';
	const { postId, json } = await onXClaimed('http://127.0.0.1:1/a.png');
	expect(json).toMatchObject({ outcome: 'waiting', error: { class: 'network', code: 'media.unreachable' } });
	expect(await getPost(pool, postId)).toMatchObject({ state: 'pending' });
});

it('knows a medium by its bytes, whatever the signature in its address, and keeps no signature', async () => {
	const publish = async (signature: string): Promise<IDataObject> =>
		await onX({
			exactlyOnce: 'idempotencyKey',
			idempotencyKey: 'k1',
			accountId: 'main',
			text: 'By address',
			mediaSource: 'url',
			mediaUrl: `http://${host.host}/a.png?signature=${signature}`,
		});
	const first = await publish('planted-1');
	const second = await publish('planted-2');
	expect(first).toMatchObject({ outcome: 'posted' });
	expect(second).toMatchObject({ outcome: 'posted', wasAlreadyPosted: true });
	expect(sandbox.journal.posts).toHaveLength(1);
	const { media } = await getPost(pool, String(first['postId']));
	expect(media).toMatchObject([{ ref: `http://${host.host}/a.png` }]);
});
