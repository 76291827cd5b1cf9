// Claimed posts with several pictures on X and TikTok: in their order, with what was said of them, and once.
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import type { Pool } from 'pg';
import { claimPost, createPool, defaultLeaseMs, getPost, openPost } from '../../../lib/database';
import type { PostContent } from '../../../lib/publishing/post';
import { closePostgresPools } from '../../../nodes/shared/postgres';
import { TikTokPublisher } from '../../../nodes/TikTokPublisher/TikTokPublisher.node';
import { XPublisher } from '../../../nodes/XPublisher/XPublisher.node';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { startMediaServer, type MediaServer } from '../../../scripts/stack/media-server/media-server';
import { execute, type Account } from '../../contract/publishers/fake-execution';
import { createTestDatabase, type TestDatabase } from '../../support/database';

const networks = {
	x: {
		node: XPublisher,
		credentialType: 'stackKraftXOAuth2Api',
		content: { text: 'Pets', options: { replySettings: 'following' } },
		opened: '/media/upload$',
		commit: '^/2/tweets$',
	},
	tiktok: {
		node: TikTokPublisher,
		credentialType: 'stackKraftTikTokOAuth2Api',
		content: { title: 'Pets', text: 'Three', options: { privacyLevel: 'PUBLIC_TO_EVERYONE', coverIndex: 2 } },
		opened: '/creator_info/query/$',
		commit: '/content/init/$',
	},
} as const;

const sizes = [1_000, 1_100, 1_200];

describe.each(['x', 'tiktok'] as const)('a claimed post on %s', (network) => {
	const { node, credentialType, content, opened, commit } = networks[network];
	let database: TestDatabase;
	let pool: Pool;
	let sandbox: Sandbox;
	let folder: string;
	let server: MediaServer;
	let account: Account;

	beforeEach(async () => {
		database = await createTestDatabase();
		pool = createPool(database.url, { maxConnections: 4 });
		sandbox = await startSandbox({ networks: [network], seed: 'pictures' });
		folder = await realpath(await mkdtemp(path.join(tmpdir(), 'stackkraft-pictures-')));
		const jpeg = Buffer.from([0xff, 0xd8, 0xff]);
		for (const sizeBytes of sizes) {
			const bytes = Buffer.concat([jpeg, Buffer.alloc(sizeBytes - jpeg.length)]);
			await writeFile(path.join(folder, `${sizeBytes}.jpg`), bytes);
		}
		server = await startMediaServer({ folder });
		if (network === 'tiktok') {
			const settings = { processingMs: 0, moderationMs: 0, verifiedUrlPrefixes: [server.url] };
			sandbox.tiktok.configure(settings);
		}
		account = connected();
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

	function connected(): Account {
		const { tokenResponse } = sandbox[network].issueTokens({ account: 'tester' });
		const stored = {
			apiBaseUrl: sandbox[network].baseUrl,
			clientId: 'sandbox-tiktok-key',
			clientSecret: 'sandbox-tiktok-secret',
			oauthTokenData: { ...tokenResponse } as IDataObject,
			publicBaseUrl: server.url,
			mediaFolder: folder,
		};
		return {
			credentialType,
			refreshes: () => 0,
			stored: () => stored,
			refresh: async () => Promise.reject(new Error('nothing has to be refreshed')),
		};
	}

	async function publishClaimed(postId: string): Promise<IDataObject> {
		const { hostname, port, pathname, username, password } = new URL(database.url);
		const claim = await claimPost({ pool, postId, leaseMs: defaultLeaseMs });
		if (!claim.claimed) throw new Error(claim.reason);
		const stackKraftPostgresApi = {
			host: hostname,
			port: Number(port),
			database: pathname.slice(1),
			user: decodeURIComponent(username),
			password: decodeURIComponent(password),
			ssl: 'disable',
		};
		const [item] = await execute({
			node: new node(),
			items: [{}],
			account,
			otherCredentials: { stackKraftPostgresApi },
			parameters: { exactlyOnce: 'claimedPost', postId, claimEpoch: claim.post.epoch },
			allowedFolder: folder,
		});
		return item?.json ?? {};
	}

	async function queued(said: PostContent): Promise<string> {
		const { post } = await openPost({
			pool,
			idempotencyKey: 'pets',
			platform: network,
			accountId: 'main',
			content: said,
			media: sizes.map((sizeBytes) => ({
				ref: path.join(folder, `${sizeBytes}.jpg`),
				altText: `What ${sizeBytes} shows`,
			})),
		});
		return post.postId;
	}

	const becomesDue = async (postId: string): Promise<unknown> =>
		await pool.query('update stackkraft.posts set next_attempt_at = now() where post_id = $1', [postId]);

	it('becomes one post of all its pictures, in their order', async () => {
		const postId = await queued(content);
		expect(await publishClaimed(postId)).toMatchObject({ postId, outcome: 'posted' });
		expect(sandbox.journal.posts.map(({ media }) => media.map(({ sizeBytes }) => sizeBytes))).toEqual([
			sizes,
		]);
		expect(await getPost(pool, postId)).toMatchObject({ state: 'posted' });
	});

	it('goes on after a refusal with what the database kept, and opens nothing twice', async () => {
		const postId = await queued(content);
		sandbox.faults.add({ kind: 'status', status: 429, method: 'POST', pathPattern: commit });
		expect(await publishClaimed(postId)).toMatchObject({ outcome: 'waiting' });
		const openings = (): number =>
			sandbox.journal.requests.filter(({ path: asked }) => new RegExp(opened).test(asked)).length;
		const before = openings();
		expect(before).toBeGreaterThan(0);
		await becomesDue(postId);
		expect(await publishClaimed(postId)).toMatchObject({ outcome: 'posted' });
		expect(openings()).toBe(before);
		expect(sandbox.journal.posts).toHaveLength(1);
	});

	it('fails, and says which rule is broken, when its options do not go with it', async () => {
		const postId = await queued({ ...content, options: { privacy: 'nobody' } });
		expect(await publishClaimed(postId)).toMatchObject({
			outcome: 'failed',
			error: { class: 'validation', code: 'option:name' },
		});
		expect(sandbox.journal.posts).toHaveLength(0);
	});
});
