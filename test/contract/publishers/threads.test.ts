// Threads Publisher as people use it: media that the network fetches itself.
import { mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import { ThreadsPublisher } from '../../../nodes/ThreadsPublisher/ThreadsPublisher.node';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { startMediaServer, type MediaServer } from '../../../scripts/stack/media-server/media-server';
import { ConsentedAccount } from './consented-account';
import { execute, type Account, type Execution } from './fake-execution';

// A machine with and without ffprobe must give the same result here: the file below is no real video.
jest.mock('../../../lib/media', () => {
	const actual = jest.requireActual<typeof import('../../../lib/media')>('../../../lib/media');
	const missing = new actual.ClipError('ffmpeg-missing', 'ffprobe is not there.', 'Install it.');
	return { ...actual, probe: async () => Promise.reject(missing) };
});

describe('Threads Publisher', () => {
	let sandbox: Sandbox;
	let media: MediaServer;
	let folder: string;
	let clip: string;
	let connected: ConsentedAccount;

	beforeEach(async () => {
		sandbox = await startSandbox({ networks: ['threads'], seed: 'nodes' });
		sandbox.threads.configure({ processingMs: 0 });
		folder = await realpath(await mkdtemp(path.join(tmpdir(), 'stackkraft-threads-')));
		await mkdir(path.join(folder, 'public', 'my clips'), { recursive: true });
		clip = path.join(folder, 'public', 'my clips', 'Ein Gruß (1).mp4');
		await writeFile(clip, Buffer.alloc(300_000, 7));
		media = await startMediaServer({ folder: path.join(folder, 'public') });
		connected = await ConsentedAccount.connect(sandbox, 'threads');
		connected.more = { publicBaseUrl: media.url, mediaFolder: path.join(folder, 'public') };
	});

	afterEach(async () => {
		expect(sandbox.journal.unexpected).toEqual([]);
		await sandbox.stop();
		await media.close();
		await rm(folder, { recursive: true });
	});

	function account(more: IDataObject = {}): Account {
		connected.more = { ...connected.more, ...more };
		return connected;
	}

	/** Without those of connecting. */
	const graphCalls = (): string[] =>
		sandbox.journal.requests.map(({ path: asked }) => asked).filter((asked) => !asked.startsWith('/oauth/'));

	const onThreads = (parameters: IDataObject, more: Partial<Execution> = {}): Execution => ({
		node: new ThreadsPublisher(),
		items: [{}],
		account: account(),
		parameters,
		allowedFolder: folder,
		...more,
	});

	it('publishes a file that the network fetches at base and relative path', async () => {
		const [item] = await execute(onThreads({ text: 'From a node', filePath: clip }));
		const [post] = sandbox.journal.posts;
		expect(item!.json).toEqual({
			outcome: 'posted',
			platform: 'threads',
			platformPostId: post!.platformPostId,
			url: post!.url,
		});
		expect(post).toMatchObject({ text: 'From a node', mediaSizeBytes: 300_000 });
	});

	it('gives binary data a public copy for as long as it is published', async () => {
		const parameters = { text: 'Binary', mediaSource: 'binary', binaryPropertyName: 'data' };
		await execute(onThreads(parameters, { items: [{ binary: Buffer.alloc(1_234, 1) }] }));
		expect(sandbox.journal.posts).toMatchObject([{ text: 'Binary', mediaSizeBytes: 1_234 }]);
		expect(await readdir(path.join(folder, 'public'))).toEqual(['my clips']);
	});

	it('copies nothing into a folder that n8n does not allow', async () => {
		const parameters = { text: 'Binary', mediaSource: 'binary', binaryPropertyName: 'data' };
		const items = [{ binary: Buffer.alloc(10) }];
		const failing = execute(onThreads(parameters, { items, allowedFolder: path.join(folder, 'other') }));
		await expect(failing).rejects.toMatchObject({
			description: expect.stringContaining('N8N_RESTRICT_FILE_ACCESS_TO'),
		});
		expect(await readdir(path.join(folder, 'public'))).toEqual(['my clips']);
	});

	it('makes a carousel of several paths, in their order, with a line of alternative text for each', async () => {
		const picture = path.join(folder, 'public', 'cat.jpg');
		await writeFile(picture, Buffer.alloc(1_000, 1));
		const filePath = [picture, clip, picture].join('\n');
		const [item] = await execute(onThreads({ text: 'Pets', filePath, altText: 'A cat\n\nThe cat again' }));
		expect(item?.json).toMatchObject({ outcome: 'posted', platform: 'threads' });
		const [post] = sandbox.journal.posts;
		expect(post?.media.map(({ sizeBytes }) => sizeBytes)).toEqual([1_000, 300_000, 1_000]);
	});

	it('makes a thread of one node per post, with a poll under the first', async () => {
		const poll = ' Yes \n\nNo\n';
		const [first] = await execute(
			onThreads({ text: 'Shall we?', mediaSource: 'none', additionalFields: { poll } }),
		);
		const replyToId = first?.json['platformPostId'];
		await execute(onThreads({ text: 'Tell us', mediaSource: 'none', additionalFields: { replyToId } }));
		expect(sandbox.journal.posts.map(({ text }) => text)).toEqual(['Shall we?', 'Tell us']);
	});

	it('goes on after an item that fails, and says of which item each result is', async () => {
		const items = [{ text: 'One' }, { text: 'x'.repeat(501) }, { text: 'Three' }];
		const output = await execute({
			...onThreads({}, { items, continueOnFail: true }),
			parameters: ({ text }) => ({ text: text as string, mediaSource: 'none' }),
		});
		expect(output.map(({ json, pairedItem }) => [json['outcome'], pairedItem])).toEqual([
			['posted', { item: 0 }],
			[undefined, { item: 1 }],
			['posted', { item: 2 }],
		]);
		expect(output[1]?.json).toMatchObject({
			error: expect.stringContaining('text.length'),
			remedy: 'Shorten the text.',
		});
	});

	it('posts text without any public address', async () => {
		const without = account({ publicBaseUrl: '', mediaFolder: '' });
		await execute(onThreads({ text: 'Only words', mediaSource: 'none' }, { account: without }));
		expect(sandbox.journal.posts).toMatchObject([{ text: 'Only words', media: [] }]);
	});

	it('lets the node say where the media is, before the credential', async () => {
		const elsewhere = account({ publicBaseUrl: 'https://nobody.invalid', mediaFolder: '/nowhere' });
		const publicMedia = { publicBaseUrl: `${media.url}/my%20clips/`, mediaFolder: path.dirname(clip) };
		await execute(onThreads({ text: 'Here', filePath: clip, publicMedia }, { account: elsewhere }));
		expect(sandbox.journal.posts).toMatchObject([{ text: 'Here', mediaSizeBytes: 300_000 }]);
	});

	it.each([
		['nothing is set up', { publicBaseUrl: '' }, 'Public Base URL'],
		['the folder is another one', { mediaFolder: '/usr' }, 'below the Media Folder'],
		['the folder is not there', { mediaFolder: '/nowhere/at/all' }, 'Check the Media Folder'],
		['the address has a query', { publicBaseUrl: 'https://example.com/?token=1' }, 'without a query'],
	])('says what to do when %s, and asks Threads for nothing', async (_, change, remedy) => {
		const failing = execute(onThreads({ text: 'x', filePath: clip }, { account: account(change) }));
		await expect(failing).rejects.toMatchObject({ description: expect.stringContaining(remedy) });
		expect(graphCalls()).toEqual([]);
	});

	it('gives no address to a file that only a link puts below the folder', async () => {
		const outside = path.join(folder, 'private.mp4');
		await writeFile(outside, 'secret');
		const link = path.join(folder, 'public', 'link.mp4');
		await symlink(outside, link);
		const failing = execute(onThreads({ text: 'x', filePath: link }));
		await expect(failing).rejects.toThrow('does not lie below the Media Folder');
	});

	it('gets status and numbers of a post', async () => {
		const [posted] = await execute(onThreads({ text: 'Status', mediaSource: 'none' }));
		const { platformPostId } = posted!.json as { platformPostId: string };
		const [status] = await execute(onThreads({ operation: 'getStatus', platformPostId }));
		expect(status!.json).toMatchObject({ state: 'live', url: posted!.json['url'] });
		const [metrics] = await execute(onThreads({ operation: 'getMetrics', platformPostIds: platformPostId }));
		expect(metrics!.json['metrics']).toMatchObject({ reach: null, likes: expect.any(Number) });
	});

	it('validates without an account', async () => {
		const { account: _unused, ...rest } = onThreads({
			operation: 'validate',
			text: '🎬'.repeat(126),
			mediaSource: 'none',
		});
		const [item] = await execute(rest);
		expect(item!.json).toMatchObject({ isValid: false, violations: [{ rule: 'text.length', found: '504' }] });
	});
});
