// The Instagram node as people use it, from a fresh connection on; lasting-token.test.ts has the rest of its tokens.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import { InstagramPublisher } from '../../../nodes/InstagramPublisher/InstagramPublisher.node';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { ConsentedAccount } from './consented-account';
import { executionContext } from './fake-execution';

// A machine with and without ffprobe must give the same result here: the file below is no real video.
jest.mock('../../../lib/media', () => {
	const actual = jest.requireActual<typeof import('../../../lib/media')>('../../../lib/media');
	const missing = new actual.ClipError('ffmpeg-missing', 'ffprobe is not there.', 'Install it.');
	return { ...actual, probe: async () => Promise.reject(missing) };
});

const dayMs = 86_400_000;

describe('the Instagram node', () => {
	let sandbox: Sandbox;
	let folder: string;
	let clip: string;
	let account: ConsentedAccount;

	beforeEach(async () => {
		sandbox = await startSandbox({ networks: ['instagram'], seed: 'nodes' });
		folder = await mkdtemp(path.join(tmpdir(), 'stackkraft-nodes-'));
		clip = path.join(folder, 'clip.mp4');
		await writeFile(clip, Buffer.alloc(300_000, 7));
		account = await ConsentedAccount.connect(sandbox, 'instagram');
		sandbox.instagram.configure({ processingMs: 0 });
	});

	afterEach(async () => {
		expect(sandbox.journal.unexpected).toEqual([]);
		await sandbox.stop();
		await rm(folder, { recursive: true });
	});

	/** Without those of connecting. */
	const graphCalls = (): string[] =>
		sandbox.journal.requests.map(({ path }) => path).filter((path) => !path.startsWith('/oauth/'));

	async function run(parameters: IDataObject = {}): Promise<IDataObject[]> {
		const node = new InstagramPublisher();
		const context = executionContext({
			node,
			items: [{}],
			account,
			parameters: { caption: 'From a node', filePath: clip, ...parameters },
			allowedFolder: folder,
		});
		const [output] = (await node.execute.call(context)) as [Array<{ json: IDataObject }>];
		return output.map(({ json }) => json);
	}

	it('publishes a reel and says where it is', async () => {
		const [item] = await run({ additionalFields: { collaborators: '@one, two', shareToFeed: false } });
		const [post] = sandbox.journal.posts;
		expect(item).toEqual({
			outcome: 'posted',
			platform: 'instagram',
			platformPostId: post!.platformPostId,
			url: post!.url,
		});
		expect(post).toMatchObject({ text: 'From a node', mediaSizeBytes: 300_000 });
	});

	it('refuses a post without a file and without an address, and sends nothing', async () => {
		await expect(run({ mediaSource: 'none' })).rejects.toThrow(/media/);
		expect(graphCalls()).toEqual([]);
	});

	it('makes a fresh connection last, so that it still publishes weeks later', async () => {
		await run();
		sandbox.clock.advance(50 * dayMs);
		await run({ caption: 'Weeks later' });
		expect(sandbox.journal.posts).toHaveLength(2);
	});

	it('renews a token that the network refuses in the middle, and goes on', async () => {
		await run();
		const first = account.token;
		sandbox.clock.advance(dayMs);
		sandbox.faults.add({ kind: 'status', status: 401, method: 'POST', pathPattern: '/media$' });
		await run({ caption: 'After' });
		expect(account.token).not.toBe(first);
		expect(sandbox.journal.posts.map(({ text }) => text)).toEqual(['From a node', 'After']);
	});

	it('asks for a new connection when the old one is over for good, without showing its token', async () => {
		sandbox.instagram.revokeAccount('demo');
		const error: unknown = await run().catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({ description: expect.stringMatching(/connect the account again/) });
		expect(JSON.stringify(error)).not.toContain(account.token);
		expect(sandbox.journal.posts).toHaveLength(0);
	});

	it('publishes as whoever is connected now', async () => {
		await run();
		sandbox.instagram.nextConsent({ account: 'other' });
		await account.reconnect();
		await run({ caption: 'As another' });
		expect(sandbox.journal.posts.at(-1)).toMatchObject({ account: 'other', text: 'As another' });
	});

	it('reads status and numbers of a post', async () => {
		const [posted] = await run();
		const { platformPostId, url } = posted as { platformPostId: string; url: string };
		expect(await run({ operation: 'getStatus', platformPostId })).toMatchObject([{ state: 'live', url }]);
		const [numbers] = await run({ operation: 'getMetrics', platformPostIds: platformPostId });
		expect(numbers!['metrics']).toMatchObject({ impressions: null, likes: expect.any(Number) });
	});
});
