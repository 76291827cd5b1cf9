// The nodes as people use them: an item in, a post out, without a database.
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { NodeApiError, NodeOperationError, type IDataObject } from 'n8n-workflow';
import { XPublisher } from '../../../nodes/XPublisher/XPublisher.node';
import { YouTubePublisher } from '../../../nodes/YouTubePublisher/YouTubePublisher.node';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { withTempFolder } from '../../support/own-temp-folder';
import { connectedAccount, execute, type Execution } from './fake-execution';

// A machine with and without ffprobe must give the same result here: the file below is no real video.
jest.mock('../../../lib/media', () => {
	const actual = jest.requireActual<typeof import('../../../lib/media')>('../../../lib/media');
	const missing = new actual.ClipError('ffmpeg-missing', 'ffprobe is not there.', 'Install it.');
	return { ...actual, probe: async () => Promise.reject(missing) };
});

describe('the publisher nodes', () => {
	let sandbox: Sandbox;
	let folder: string;
	let clip: string;

	beforeEach(async () => {
		sandbox = await startSandbox({ seed: 'nodes' });
		folder = await mkdtemp(path.join(tmpdir(), 'stackkraft-nodes-'));
		clip = path.join(folder, 'clip.mp4');
		await writeFile(clip, Buffer.alloc(300_000, 7));
	});

	afterEach(async () => {
		expect(sandbox.journal.unexpected).toEqual([]);
		await sandbox.stop();
		await rm(folder, { recursive: true });
	});

	const onYouTube = (more: Partial<Execution> = {}): Execution => ({
		node: new YouTubePublisher(),
		items: [{}],
		account: connectedAccount(sandbox, 'youtube'),
		parameters: { title: 'From a node', privacyStatus: 'unlisted', filePath: clip },
		allowedFolder: folder,
		...more,
	});
	const onX = (parameters: IDataObject, more: Partial<Execution> = {}): Execution => ({
		node: new XPublisher(),
		items: [{}],
		account: connectedAccount(sandbox, 'x'),
		parameters,
		allowedFolder: folder,
		...more,
	});

	it('publishes a file and says where it is', async () => {
		const [item] = await execute(onYouTube());
		const [post] = sandbox.journal.posts;
		expect(item!.json).toEqual({
			outcome: 'posted',
			platform: 'youtube',
			platformPostId: post!.platformPostId,
			url: post!.url,
		});
		expect(post).toMatchObject({ title: 'From a node', visibility: 'unlisted', mediaSizeBytes: 300_000 });
		expect(item!.pairedItem).toEqual({ item: 0 });
	});

	it('takes tags, category and a time from the additional fields', async () => {
		const publishAt = new Date(Date.now() + 86_400_000).toISOString();
		const parameters = {
			title: 'Planned',
			filePath: clip,
			additionalFields: { tags: 'one, two words', categoryId: '28', publishAt, madeForKids: false },
		};
		await execute(onYouTube({ parameters }));
		expect(sandbox.journal.posts[0]).toMatchObject({ title: 'Planned', visibility: 'private' });
	});

	it('posts text without media', async () => {
		await execute(onX({ text: 'Only words', mediaSource: 'none' }));
		expect(sandbox.journal.posts).toMatchObject([{ text: 'Only words', media: [] }]);
	});

	it('streams a binary property through a temporary file that it takes away again', async () => {
		const parameters = { title: 'Binary', mediaSource: 'binary', binaryPropertyName: 'data' };
		const temporary = path.join(folder, 'temporary');
		await withTempFolder(temporary, () =>
			execute(onYouTube({ parameters, items: [{ binary: Buffer.alloc(1_234, 1) }] })),
		);
		expect(sandbox.journal.posts[0]).toMatchObject({ title: 'Binary', mediaSizeBytes: 1_234 });
		expect(await readdir(temporary)).toEqual([]);
	});

	it('reads no file that n8n does not allow, and asks the network for nothing', async () => {
		const failing = execute(onYouTube({ allowedFolder: path.join(folder, 'elsewhere') }));
		await expect(failing).rejects.toMatchObject({
			description: expect.stringContaining('N8N_RESTRICT_FILE_ACCESS_TO'),
		});
		expect(sandbox.journal.requests).toHaveLength(0);
	});

	it('says what is wrong and what to do when a rule is broken', async () => {
		const failing = execute(onYouTube({ parameters: { title: 'x'.repeat(101), filePath: clip } }));
		const error: unknown = await failing.catch((thrown: unknown) => thrown);
		expect(error).toBeInstanceOf(NodeOperationError);
		expect(error).toMatchObject({
			message: expect.stringContaining('101'),
			description: expect.stringContaining('Shorten the title'),
			context: { itemIndex: 0 },
		});
		expect(sandbox.journal.requests).toHaveLength(0);
	});

	it('gives the answer of the network as an API error, without the token', async () => {
		sandbox.faults.add({ kind: 'status', status: 403, reason: 'insufficientPermissions', method: 'POST' });
		const account = connectedAccount(sandbox, 'youtube');
		const error: unknown = await execute(onYouTube({ account })).catch((thrown: unknown) => thrown);
		expect(error).toBeInstanceOf(NodeApiError);
		expect(error).toMatchObject({ httpCode: '403', description: expect.stringContaining('connect') });
		const { access_token: token } = account.stored()['oauthTokenData'] as { access_token: string };
		expect(JSON.stringify(error)).not.toContain(token);
	});

	it('goes on with the next item when it may, and keeps the pairing', async () => {
		const output = await execute(
			onYouTube({
				continueOnFail: true,
				items: [{ name: 'First' }, { name: '' }, { name: 'Third' }],
				parameters: (json) => ({ title: json['name'] as string, filePath: clip }),
			}),
		);
		expect(output.map(({ json, pairedItem }) => [json['outcome'] ?? 'error', pairedItem])).toEqual([
			['posted', { item: 0 }],
			['error', { item: 1 }],
			['posted', { item: 2 }],
		]);
		expect(output[1]!.json['remedy']).toMatch(/title/);
		expect(sandbox.journal.posts.map(({ title }) => title)).toEqual(['First', 'Third']);
	});

	it('refreshes a token that is about to end before it is refused', async () => {
		const account = connectedAccount(sandbox, 'youtube', { expiresInSec: 60 });
		await execute(onYouTube({ account }));
		expect(account.refreshes()).toBe(1);
		expect(sandbox.journal.requests.map(({ status }) => status)).not.toContain(401);
	});

	it('validates without an account and without a request', async () => {
		const { account: _unused, ...rest } = onYouTube();
		const good = await execute({
			...rest,
			parameters: { operation: 'validate', title: 'Fine', filePath: clip },
		});
		expect(good[0]!.json).toMatchObject({ platform: 'youtube', isValid: true, violations: [] });
		const bad = await execute({ ...rest, parameters: { operation: 'validate', title: '', filePath: clip } });
		expect(bad[0]!.json).toMatchObject({ isValid: false, violations: [{ rule: 'title' }] });
		expect(sandbox.journal.requests).toHaveLength(0);
	});

	it('says in the log that it checked less when ffprobe is not there', async () => {
		const logged: string[] = [];
		await execute(onYouTube({ logged }));
		expect(logged.filter((line) => line.includes('ffprobe'))).toHaveLength(1);
	});

	it('gets the status of a post', async () => {
		const [posted] = await execute(onX({ text: 'Status', mediaSource: 'none' }));
		const { platformPostId } = posted!.json as { platformPostId: string };
		const [item] = await execute(onX({ operation: 'getStatus', platformPostId }));
		expect(item!.json).toMatchObject({ platformPostId, state: 'live', url: posted!.json['url'] });
	});

	it('gets the numbers of many posts in one call, one item per post, with the IDs of the queue', async () => {
		const ids: string[] = [];
		for (const text of ['One', 'Two', 'Three']) {
			const [posted] = await execute(onX({ text, mediaSource: 'none' }));
			ids.push(posted!.json['platformPostId'] as string);
		}
		const before = sandbox.journal.requests.length;
		const output = await execute(
			onX(
				{},
				{
					items: [
						{ a: ids.slice(0, 2), b: ['p1', 'p2'] },
						{ a: ids[2]!, b: 'p3' },
					],
					parameters: (json) =>
						({ operation: 'getMetrics', platformPostIds: json['a'], postIds: json['b'] }) as IDataObject,
				},
			),
		);
		expect(sandbox.journal.requests.length - before).toBe(1);
		expect(
			output.map(({ json, pairedItem }) => [json['postId'], json['platformPostId'], pairedItem]),
		).toEqual([
			['p1', ids[0], { item: 0 }],
			['p2', ids[1], { item: 0 }],
			['p3', ids[2], { item: 1 }],
		]);
		expect(output[0]!.json['metrics']).toMatchObject({ reach: null, likes: expect.any(Number) });
	});

	it('leaves out a post that the network no longer knows', async () => {
		expect(await execute(onX({ operation: 'getMetrics', platformPostIds: '123' }))).toEqual([]);
	});

	it('refuses a list of queue IDs that does not fit the posts', async () => {
		const failing = execute(onX({ operation: 'getMetrics', platformPostIds: '1,2', postIds: 'p1' }));
		await expect(failing).rejects.toThrow('2 posts have 1 Post IDs');
	});
});
