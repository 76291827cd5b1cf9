// Pictures, stories and carousels as people make them in the Instagram node, and several items at once.
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { InstagramPublisher } from '../../../nodes/InstagramPublisher/InstagramPublisher.node';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { startMediaServer, type MediaServer } from '../../../scripts/stack/media-server/media-server';
import { ConsentedAccount } from './consented-account';
import { execute, type Execution } from './fake-execution';

// A machine with and without ffprobe must give the same result here: the files below are no real media.
jest.mock('../../../lib/media', () => {
	const actual = jest.requireActual<typeof import('../../../lib/media')>('../../../lib/media');
	const missing = new actual.ClipError('ffmpeg-missing', 'ffprobe is not there.', 'Install it.');
	return { ...actual, probe: async () => Promise.reject(missing) };
});

describe('the Instagram node', () => {
	let sandbox: Sandbox;
	let folder: string;
	let server: MediaServer;
	let account: ConsentedAccount;
	let publicMedia: IDataObject;

	beforeEach(async () => {
		sandbox = await startSandbox({ networks: ['instagram'], seed: 'nodes' });
		sandbox.instagram.configure({ processingMs: 0 });
		folder = await realpath(await mkdtemp(path.join(tmpdir(), 'stackkraft-instagram-')));
		await writeFile(path.join(folder, 'cat.jpg'), Buffer.alloc(1_000, 1));
		await writeFile(path.join(folder, 'dog.mp4'), Buffer.alloc(200_000, 2));
		server = await startMediaServer({ folder });
		publicMedia = { publicBaseUrl: server.url, mediaFolder: folder };
		account = await ConsentedAccount.connect(sandbox, 'instagram');
	});

	afterEach(async () => {
		expect(sandbox.journal.unexpected).toEqual([]);
		await sandbox.stop();
		await server.close();
		await rm(folder, { recursive: true });
	});

	const file = (name: string): string => path.join(folder, name);

	async function run(
		parameters: Execution['parameters'],
		more: Partial<Execution> = {},
	): Promise<INodeExecutionData[]> {
		const node = new InstagramPublisher();
		return await execute({ node, items: [{}], account, parameters, allowedFolder: folder, ...more });
	}

	it('makes a carousel of several paths, in their order, with a line of alternative text for each', async () => {
		const filePath = [file('cat.jpg'), file('dog.mp4'), file('cat.jpg')].join('\n');
		const [item] = await run({ caption: 'Pets', filePath, altText: 'A cat\n\nThe cat again', publicMedia });
		expect(item?.json).toMatchObject({ outcome: 'posted', platform: 'instagram' });
		expect(sandbox.journal.posts.map(({ text, media }) => [text, media.map((one) => one.sizeBytes)])).toEqual(
			[['Pets', [1_000, 200_000, 1_000]]],
		);
	});

	it('takes the public folder of the credential where the node names none', async () => {
		account.more = publicMedia;
		await run({ caption: 'Here', filePath: file('cat.jpg') });
		expect(sandbox.journal.posts).toMatchObject([{ text: 'Here', mediaSizeBytes: 1_000 }]);
	});

	it('says what to set up for a picture without a public address, and sends nothing', async () => {
		const failing = run({ caption: 'Nowhere', filePath: file('cat.jpg') });
		await expect(failing).rejects.toMatchObject({ description: expect.stringContaining('Public Base URL') });
		expect(sandbox.journal.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
		expect(sandbox.journal.posts).toHaveLength(0);
	});

	it('makes a story, in which the caption of an earlier choice does not count', async () => {
		await run({ placement: 'story', caption: 'Left from before', filePath: file('dog.mp4') });
		expect(sandbox.journal.posts).toMatchObject([{ text: '', url: expect.stringContaining('/stories/') }]);
	});

	it('makes a story without the fields that only the feed shows, whatever was chosen there before', async () => {
		const additionalFields = {
			collaborators: 'one',
			firstComment: 'Left',
			shareToFeed: false,
			isAiGenerated: true,
		};
		await run({ placement: 'story', filePath: file('dog.mp4'), additionalFields });
		expect(sandbox.journal.posts).toMatchObject([{ url: expect.stringContaining('/stories/') }]);
	});

	it.each([
		['', 'main', 'Idempotency Key is empty', 'Fill it in'],
		['key', '@me', 'Account ID cannot be used', 'letters, digits'],
	])('refuses the key %p and the account %p before anything else', async (key, accountId, said, advised) => {
		const parameters = {
			exactlyOnce: 'idempotencyKey',
			idempotencyKey: key,
			accountId,
			filePath: file('dog.mp4'),
		};
		await expect(run(parameters)).rejects.toMatchObject({
			message: expect.stringContaining(said),
			description: expect.stringContaining(advised),
		});
	});

	it('tags people, names collaborators and writes the first comment', async () => {
		const [item] = await run({
			caption: 'With friends',
			filePath: file('cat.jpg'),
			publicMedia,
			additionalFields: {
				collaborators: '@one, two',
				firstComment: 'More below',
				userTags: { tag: [{ username: '@three', x: 0.2, y: 0.3, mediaNumber: 1 }] },
			},
		});
		expect(item?.json).toMatchObject({
			outcome: 'posted',
			followUps: [{ name: 'first-comment', isDone: true }],
		});
	});

	it('goes on after an item that fails, and says of which item each result is', async () => {
		const items = [{ caption: 'One' }, { caption: '#a #b #c #d #e #f' }, { caption: 'Three' }];
		const output = await run(({ caption }) => ({ caption: caption as string, filePath: file('dog.mp4') }), {
			items,
			continueOnFail: true,
		});
		expect(output.map(({ json, pairedItem }) => [json['outcome'], pairedItem])).toEqual([
			['posted', { item: 0 }],
			[undefined, { item: 1 }],
			['posted', { item: 2 }],
		]);
		expect(output[1]?.json).toMatchObject({
			error: expect.stringContaining('hashtags'),
			remedy: expect.stringMatching(/\w/),
		});
		expect(sandbox.journal.posts.map(({ text }) => text)).toEqual(['One', 'Three']);
	});

	it('reads out of the bytes of a picture that it is too wide', async () => {
		// The beginning of a JPEG of 2000 × 500.
		const head = [0xff, 0xd8, 0xff, 0xc0, 0x00, 0x11, 0x08, 0x01, 0xf4, 0x07, 0xd0, 0x03];
		await writeFile(file('wide.jpg'), Buffer.from(head));
		const [item] = await run({ operation: 'validate', caption: 'x', filePath: file('wide.jpg') });
		expect(item?.json).toMatchObject({ violations: [{ rule: 'media.aspect', found: '2000×500' }] });
	});

	it('validates every medium of a carousel without an account', async () => {
		await writeFile(file('bird.png'), Buffer.alloc(10));
		const filePath = [file('cat.jpg'), file('bird.png')].join('\n');
		const [item] = await run({ operation: 'validate', caption: 'x', filePath });
		expect(item?.json).toMatchObject({
			isValid: false,
			violations: [{ rule: 'media.type', found: 'image/png' }],
		});
	});
});
