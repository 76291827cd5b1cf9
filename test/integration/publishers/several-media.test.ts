// Claimed posts with several media: what the queue says is what people see, in its order, and once.
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import type { Pool } from 'pg';
import { claimPost, createPool, defaultLeaseMs, getPost, openPost } from '../../../lib/database';
import type { PostContent } from '../../../lib/publishing/post';
import { InstagramPublisher } from '../../../nodes/InstagramPublisher/InstagramPublisher.node';
import { closePostgresPools } from '../../../nodes/shared/postgres';
import { ThreadsPublisher } from '../../../nodes/ThreadsPublisher/ThreadsPublisher.node';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { startMediaServer, type MediaServer } from '../../../scripts/stack/media-server/media-server';
import { ConsentedAccount } from '../../contract/publishers/consented-account';
import { execute } from '../../contract/publishers/fake-execution';
import { createTestDatabase, type TestDatabase } from '../../support/database';

// The files are no real media, and a machine without ffprobe must give the same result.
jest.mock('../../../lib/media', () => {
	const actual = jest.requireActual<typeof import('../../../lib/media')>('../../../lib/media');
	const missing = new actual.ClipError('ffmpeg-missing', 'ffprobe is not there.', 'Install it.');
	return { ...actual, probe: async () => Promise.reject(missing) };
});

const networks = {
	instagram: { node: InstagramPublisher, made: /\/media$/ },
	threads: { node: ThreadsPublisher, made: /\/threads$/ },
} as const;

describe.each(['instagram', 'threads'] as const)('a claimed post on %s', (network) => {
	let database: TestDatabase;
	let pool: Pool;
	let sandbox: Sandbox;
	let folder: string;
	let server: MediaServer;
	let account: ConsentedAccount;

	beforeEach(async () => {
		database = await createTestDatabase();
		pool = createPool(database.url, { maxConnections: 4 });
		sandbox = await startSandbox({ networks: [network], seed: 'several-media' });
		sandbox[network].configure({ processingMs: 0 });
		folder = await realpath(await mkdtemp(path.join(tmpdir(), 'stackkraft-several-')));
		await writeFile(path.join(folder, 'cat.jpg'), Buffer.alloc(1_000, 1));
		await writeFile(path.join(folder, 'dog.mp4'), Buffer.alloc(200_000, 2));
		server = await startMediaServer({ folder });
		account = await ConsentedAccount.connect(sandbox, network);
		account.more = { publicBaseUrl: server.url, mediaFolder: folder };
	});

	afterEach(async () => {
		expect(sandbox.journal.unexpected).toEqual([]);
		await closePostgresPools();
		await pool.end();
		await database.drop();
		await sandbox.stop();
		await server.close();
		await rm(folder, { recursive: true });
	});

	async function publishClaimed(postId: string): Promise<IDataObject> {
		const { hostname, port, pathname, username, password } = new URL(database.url);
		const claim = await claimPost({ pool, postId, leaseMs: defaultLeaseMs });
		if (!claim.claimed) throw new Error(claim.reason);
		const [item] = await execute({
			node: new networks[network].node(),
			items: [{}],
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
			parameters: { exactlyOnce: 'claimedPost', postId, claimEpoch: claim.post.epoch },
			allowedFolder: folder,
		});
		return item?.json ?? {};
	}

	async function queued(content: PostContent): Promise<string> {
		const media = ['cat.jpg', 'dog.mp4', 'cat.jpg'].map((name) => ({
			ref: path.join(folder, name),
			altText: `What ${name} shows`,
		}));
		const { post } = await openPost({
			pool,
			idempotencyKey: 'pets',
			platform: network,
			accountId: 'main',
			content,
			media,
		});
		return post.postId;
	}

	it('becomes a carousel of its media', async () => {
		const postId = await queued({ text: 'Pets' });
		expect(await publishClaimed(postId)).toMatchObject({ postId, outcome: 'posted' });
		expect(
			sandbox.journal.posts.map(({ text, media }) => [text, media.map(({ sizeBytes }) => sizeBytes)]),
		).toEqual([['Pets', [1_000, 200_000, 1_000]]]);
		expect(await getPost(pool, postId)).toMatchObject({ state: 'posted' });
	});

	it('goes on with the items that an earlier run has left in the database', async () => {
		const postId = await queued({ text: 'Pets' });
		const made = { method: 'POST', pathPattern: networks[network].made.source };
		sandbox.faults.add({ kind: 'status', status: 503, times: 'always', skip: 2, ...made });
		expect(await publishClaimed(postId)).toMatchObject({ outcome: 'waiting', error: { class: 'platform' } });
		sandbox.faults.clear();
		await pool.query('update stackkraft.posts set next_attempt_at = now() where post_id = $1', [postId]);
		const before = sandbox.journal.requests.length;
		expect(await publishClaimed(postId)).toMatchObject({ outcome: 'posted' });
		const anew = sandbox.journal.requests
			.slice(before)
			.filter(({ method, path: asked }) => method === 'POST' && networks[network].made.test(asked));
		// The third item and the carousel.
		expect(anew).toHaveLength(2);
		expect(sandbox.journal.posts).toHaveLength(1);
	});

	it('fails, and says which rule is broken, when its options do not go with it', async () => {
		const options = network === 'instagram' ? { trialReel: 'MANUAL' } : { poll: ['Cat', 'Dog'] };
		const postId = await queued({ text: 'Pets', options });
		expect(await publishClaimed(postId)).toMatchObject({
			outcome: 'failed',
			error: { class: 'validation', code: expect.stringMatching(/^option:/) },
		});
		expect(sandbox.journal.posts).toHaveLength(0);
	});
});
