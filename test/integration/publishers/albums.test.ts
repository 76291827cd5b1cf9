// Claimed posts on LinkedIn and Facebook: several pictures in their order and once; and a lost answer that nobody can
// look into, which is a person's at once and stays one, also after a redrive.
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import type { Pool } from 'pg';
import {
	claimPost,
	createPool,
	defaultLeaseMs,
	getPost,
	openPost,
	redrivePost,
	type NewMedia,
} from '../../../lib/database';
import type { PostContent } from '../../../lib/publishing/post';
import { FacebookPublisher } from '../../../nodes/FacebookPublisher/FacebookPublisher.node';
import { LinkedInPublisher } from '../../../nodes/LinkedInPublisher/LinkedInPublisher.node';
import { closePostgresPools } from '../../../nodes/shared/postgres';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { execute, type Account } from '../../contract/publishers/fake-execution';
import { createTestDatabase, type TestDatabase } from '../../support/database';

const networks = {
	linkedin: {
		node: LinkedInPublisher,
		credentialType: 'stackKraftLinkedInOAuth2Api',
		options: { author: 'urn:li:organization:42' },
		uploads: /\/rest\/images(\?|$)/,
		hidden: { text: 'As a member' },
		commit: '^/rest/posts$',
		hasMedia: false,
	},
	facebook: {
		node: FacebookPublisher,
		credentialType: 'stackKraftFacebookOAuth2Api',
		options: {},
		uploads: /\/photos$/,
		hidden: { options: { placement: 'story' } },
		commit: '/photo_stories$',
		hasMedia: true,
	},
} as const;

const sizes = [2_000, 2_100, 2_200];

describe.each(['linkedin', 'facebook'] as const)('a claimed post on %s', (network) => {
	const { node, credentialType, options, uploads, hidden, commit, hasMedia } = networks[network];
	let database: TestDatabase;
	let pool: Pool;
	let sandbox: Sandbox;
	let folder: string;
	let pictures: readonly NewMedia[];

	beforeEach(async () => {
		database = await createTestDatabase();
		pool = createPool(database.url, { maxConnections: 4 });
		sandbox = await startSandbox({ networks: [network], seed: 'albums' });
		if (network === 'linkedin') {
			sandbox.linkedin.account('tester', { organizationIds: ['42'] });
			sandbox.linkedin.configure({ imageProcessingMs: 0 });
		}
		folder = await realpath(await mkdtemp(path.join(tmpdir(), 'stackkraft-albums-')));
		pictures = sizes.map((sizeBytes) => ({
			ref: path.join(folder, `${sizeBytes}.jpg`),
			altText: `What ${sizeBytes} shows`,
		}));
		const jpeg = Buffer.from([0xff, 0xd8, 0xff]);
		for (const sizeBytes of sizes) {
			const bytes = Buffer.concat([jpeg, Buffer.alloc(sizeBytes - jpeg.length)]);
			await writeFile(path.join(folder, `${sizeBytes}.jpg`), bytes);
		}
	});

	afterEach(async () => {
		expect(sandbox.journal.unexpected).toEqual([]);
		await closePostgresPools();
		await pool.end();
		await database.drop();
		await sandbox.stop();
		await rm(folder, { recursive: true });
	});

	function connected(): Account {
		const stored = {
			apiBaseUrl: sandbox[network].baseUrl,
			clientId: 'client',
			clientSecret: 'secret',
			oauthTokenData: { access_token: sandbox[network].issueTokens({ account: 'tester' }).accessToken },
		};
		return {
			credentialType,
			refreshes: () => 0,
			stored: () => stored,
			refresh: async () => Promise.reject(new Error('nothing has to be refreshed')),
		};
	}

	async function queued(content: PostContent, media: readonly NewMedia[]): Promise<string> {
		const idempotencyKey = JSON.stringify(content);
		const { post } = await openPost({
			pool,
			idempotencyKey,
			platform: network,
			accountId: 'main',
			content,
			media,
		});
		return post.postId;
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
			account: connected(),
			otherCredentials: { stackKraftPostgresApi },
			parameters: { exactlyOnce: 'claimedPost', postId, claimEpoch: claim.post.epoch },
			allowedFolder: folder,
		});
		return item?.json ?? {};
	}

	const commits = (): number =>
		sandbox.journal.requests.filter(
			({ method, path: asked }) => method === 'POST' && new RegExp(commit).test(asked),
		).length;

	it('becomes one post of all its pictures, in their order', async () => {
		const postId = await queued({ text: 'Three', options }, pictures);
		expect(await publishClaimed(postId)).toMatchObject({ postId, outcome: 'posted' });
		expect(sandbox.journal.posts.map(({ media }) => media.map(({ sizeBytes }) => sizeBytes))).toEqual([
			sizes,
		]);
		expect(await getPost(pool, postId)).toMatchObject({ state: 'posted' });
	});

	it('goes on with the first picture that is not there yet, in another run', async () => {
		const postId = await queued({ text: 'Interrupted', options }, pictures);
		sandbox.faults.add({
			kind: 'status',
			status: 503,
			times: 'always',
			method: 'POST',
			pathPattern: uploads.source,
			skip: 2,
		});
		expect(await publishClaimed(postId)).toMatchObject({ outcome: 'waiting' });
		sandbox.faults.clear();
		const before = sandbox.journal.requests.filter(({ path: asked }) => uploads.test(asked)).length;
		await pool.query('update stackkraft.posts set next_attempt_at = now() where post_id = $1', [postId]);
		expect(await publishClaimed(postId)).toMatchObject({ outcome: 'posted' });
		const after = sandbox.journal.requests.filter(({ path: asked }) => uploads.test(asked)).length;
		expect(after - before).toBe(1);
		expect(sandbox.journal.posts).toHaveLength(1);
	});

	it('is a person’s at once when nobody can look, and a redrive sends nothing either', async () => {
		const postId = await queued(hidden, hasMedia ? pictures.slice(0, 1) : []);
		sandbox.faults.add({ kind: 'drop-after-effect', method: 'POST', pathPattern: commit });
		const error = { class: 'unknown', remedy: expect.stringContaining('Nothing is sent again') as string };
		expect(await publishClaimed(postId)).toMatchObject({ outcome: 'failed', error });
		expect(await getPost(pool, postId)).toMatchObject({ state: 'failed', isOutcomeOpen: true });
		await redrivePost(pool, postId);
		expect(await publishClaimed(postId)).toMatchObject({ outcome: 'failed', error });
		expect([commits(), sandbox.journal.posts.length]).toEqual([1, 1]);
	});
});
