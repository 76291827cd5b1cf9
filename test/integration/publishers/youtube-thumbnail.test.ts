// A video with its thumbnail behind a claim in a real PostgreSQL: both are media of the post, one of them is uploaded
// as the video.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import type { Pool } from 'pg';
import { claimPost, createPool, defaultLeaseMs, getPost, openPost } from '../../../lib/database';
import { YouTubePublisher } from '../../../nodes/YouTubePublisher/YouTubePublisher.node';
import { closePostgresPools } from '../../../nodes/shared/postgres';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { connectedAccount, execute } from '../../contract/publishers/fake-execution';
import { createTestDatabase, type TestDatabase } from '../../support/database';

// A machine with and without ffprobe must give the same result here: the file below is no real video.
jest.mock('../../../lib/media', () => {
	const actual = jest.requireActual<typeof import('../../../lib/media')>('../../../lib/media');
	const missing = new actual.ClipError('ffmpeg-missing', 'ffprobe is not there.', 'Install it.');
	return { ...actual, probe: async () => Promise.reject(missing) };
});

describe('a video with a thumbnail and PostgreSQL', () => {
	let database: TestDatabase;
	let pool: Pool;
	let sandbox: Sandbox;
	let folder: string;
	let clip: string;
	let thumbnail: string;

	beforeEach(async () => {
		database = await createTestDatabase();
		pool = createPool(database.url, { maxConnections: 4 });
		sandbox = await startSandbox({ networks: ['youtube'], seed: 'thumbnail' });
		folder = await mkdtemp(path.join(tmpdir(), 'stackkraft-thumbnail-'));
		clip = path.join(folder, 'clip.mp4');
		thumbnail = path.join(folder, 'thumbnail.jpg');
		await writeFile(clip, Buffer.alloc(9_000, 7));
		await writeFile(thumbnail, Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 4]));
	});

	afterEach(async () => {
		expect(sandbox.journal.unexpected).toEqual([]);
		await closePostgresPools();
		await pool.end();
		await database.drop();
		await sandbox.stop();
		await rm(folder, { recursive: true });
	});

	async function run(parameters: IDataObject): Promise<IDataObject> {
		const { hostname, port, pathname, username, password } = new URL(database.url);
		const [item] = await execute({
			node: new YouTubePublisher(),
			items: [{}],
			account: connectedAccount(sandbox, 'youtube'),
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
			allowedFolder: folder,
		});
		return item!.json;
	}

	it.each([
		['the video first', () => [clip, thumbnail]],
		['the picture first', () => [thumbnail, clip]],
	])('uploads the video of a claimed post and sets its thumbnail, with %s', async (_, references) => {
		const { post } = await openPost({
			pool,
			idempotencyKey: 'claimed',
			platform: 'youtube',
			accountId: 'main',
			content: { title: 'From the queue', options: { privacyStatus: 'unlisted' } },
			media: references().map((ref) => ({ ref })),
		});
		const claim = await claimPost({ pool, postId: post.postId, leaseMs: defaultLeaseMs });
		if (!claim.claimed) throw new Error(claim.reason);
		const { postId, epoch } = claim.post;
		const json = await run({ exactlyOnce: 'claimedPost', postId, claimEpoch: epoch });
		expect(json).toMatchObject({
			outcome: 'posted',
			followUps: [{ name: 'thumbnail', isDone: true, problem: null }],
		});
		expect(sandbox.journal.posts).toMatchObject([
			{ title: 'From the queue', visibility: 'unlisted', media: [{ sizeBytes: 9_000 }] },
		]);
		expect((await getPost(pool, postId)).state).toBe('posted');
	});

	it('takes the same key with another thumbnail for another post, and says so', async () => {
		const parameters = {
			exactlyOnce: 'idempotencyKey',
			idempotencyKey: 'k1',
			accountId: 'main',
			title: 'By key',
			filePath: clip,
			additionalFields: { thumbnailRef: thumbnail },
		};
		expect(await run(parameters)).toMatchObject({ outcome: 'posted' });
		expect(await run(parameters)).toMatchObject({ outcome: 'posted', wasAlreadyPosted: true });
		await writeFile(thumbnail, Buffer.from([0xff, 0xd8, 0xff, 0xe0, 9, 9, 9, 9]));
		await expect(run(parameters)).rejects.toThrow(/k1 already stands for/);
		expect(sandbox.journal.posts).toHaveLength(1);
	});
});
