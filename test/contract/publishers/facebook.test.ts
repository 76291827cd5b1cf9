// The Facebook node as people use it, from a fresh connection on; lasting-token.test.ts has the rest of its tokens.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { NodeApiError, type IDataObject, type INodeExecutionData } from 'n8n-workflow';
import { FacebookPublisher } from '../../../nodes/FacebookPublisher/FacebookPublisher.node';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { ConsentedAccount } from './consented-account';
import { executionContext, loadOptions, type Execution } from './fake-execution';

// A machine with and without ffprobe must give the same result here: the file below is no real video.
jest.mock('../../../lib/media', () => {
	const actual = jest.requireActual<typeof import('../../../lib/media')>('../../../lib/media');
	const missing = new actual.ClipError('ffmpeg-missing', 'ffprobe is not there.', 'Install it.');
	return { ...actual, probe: async () => Promise.reject(missing) };
});

describe('the Facebook node', () => {
	let sandbox: Sandbox;
	let folder: string;
	let clip: string;
	let account: ConsentedAccount;

	beforeEach(async () => {
		sandbox = await startSandbox({ seed: 'facebook', networks: ['facebook'] });
		sandbox.facebook.configure({ processingMs: 0 });
		folder = await mkdtemp(path.join(tmpdir(), 'stackkraft-facebook-'));
		clip = path.join(folder, 'clip.mp4');
		await writeFile(clip, Buffer.alloc(300_000, 7));
		sandbox.facebook.nextConsent({ account: 'tester' });
		account = await ConsentedAccount.connect(sandbox, 'facebook');
	});

	afterEach(async () => {
		expect(sandbox.journal.unexpected).toEqual([]);
		await sandbox.stop();
		await rm(folder, { recursive: true });
	});

	const exchanges = (): number =>
		sandbox.journal.requests.filter(({ path: asked }) => asked.includes('/oauth/access_token')).length - 1;

	/** Without those of connecting. */
	const graphCalls = (): string[] =>
		sandbox.journal.requests.map(({ path: asked }) => asked).filter((asked) => !asked.includes('oauth'));

	async function run(parameters: IDataObject, more: Partial<Execution> = {}): Promise<IDataObject[]> {
		const node = new FacebookPublisher();
		const context = executionContext({
			node,
			items: [{}],
			account,
			parameters,
			allowedFolder: folder,
			...more,
		});
		const output = (await node.execute.call(context)) as { json: IDataObject }[][];
		return output[0]!.map(({ json }) => json);
	}

	it('makes a fresh connection last sixty days, once, and posts with it', async () => {
		const [posted] = await run({ text: 'Hello', mediaSource: 'none' });
		expect(posted).toMatchObject({ outcome: 'posted', platform: 'facebook' });
		expect(account.tokenData['expires_in']).toBe(60 * 86_400);
		await run({ text: 'Hello again', mediaSource: 'none' });
		expect(exchanges()).toBe(1);
		sandbox.clock.advance(50 * 86_400_000);
		await run({ text: 'Weeks later', mediaSource: 'none' });
		expect(sandbox.journal.posts).toHaveLength(3);
	});

	it('exchanges once when several items of one run need the token', async () => {
		await run(
			{},
			{
				items: [{ n: 'a' }, { n: 'b' }, { n: 'c' }],
				parameters: (json) => ({ text: `Item ${String(json['n'])}`, mediaSource: 'none' }),
			},
		);
		expect(exchanges()).toBe(1);
		expect(sandbox.journal.posts).toHaveLength(3);
	});

	it('asks for a new connection when the token is over, and sends nothing', async () => {
		await run({ text: 'Before', mediaSource: 'none' });
		sandbox.clock.advance(61 * 86_400_000);
		const failing = run({ text: 'After', mediaSource: 'none' });
		await expect(failing).rejects.toMatchObject({ description: expect.stringContaining('connect') });
		expect(sandbox.journal.posts).toHaveLength(1);
	});

	it('publishes a reel and a video with what the fields say', async () => {
		await run({ text: 'A reel', filePath: clip, additionalFields: { title: 'Title' } });
		await run({ text: 'A video', filePath: clip, additionalFields: { videoType: 'video' } });
		expect(sandbox.journal.posts).toMatchObject([
			{ text: 'A reel', title: 'Title', mediaSizeBytes: 300_000, url: expect.stringContaining('/reel/') },
			{ text: 'A video', mediaSizeBytes: 300_000, url: expect.stringContaining('/videos/') },
		]);
	});

	it('posts a link on the chosen page, given as a number', async () => {
		const { accountId } = sandbox.facebook.account('tester', { pageCount: 2 });
		const pageId = `${accountId}2`;
		const additionalFields = { link: 'https://example.com/' };
		await run({ text: 'Read this', mediaSource: 'none', pageId, additionalFields });
		expect(sandbox.journal.posts).toMatchObject([
			{ accountId: `${accountId}2`, title: 'https://example.com/' },
		]);
	});

	it('lists the pages of the account by their names', async () => {
		const { accountId } = sandbox.facebook.account('tester', { pageCount: 2 });
		const found = await loadOptions(new FacebookPublisher(), 'getPages', account);
		expect(found).toEqual([
			{ name: `Page ${accountId} of tester`, value: accountId },
			{ name: `Page ${accountId}2 of tester`, value: `${accountId}2` },
		]);
	});

	it('publishes several photos, a line each, and a story', async () => {
		const photos = [path.join(folder, 'one.jpg'), path.join(folder, 'two.png')];
		for (const [index, photo] of photos.entries()) await writeFile(photo, Buffer.alloc(5_000 + index, index));
		await run({ text: 'Two photos', filePath: photos.join('\n') });
		await run({ placement: 'story', filePath: photos[0] });
		expect(sandbox.journal.posts.map(({ media }) => media.map(({ sizeBytes }) => sizeBytes))).toEqual([
			[5_000, 5_001],
			[5_000],
		]);
	});

	it('plans a post for the time in the field', async () => {
		const scheduledPublishTime = new Date(sandbox.clock.nowMs() + 3_600_000).toISOString();
		const [posted] = await run({
			text: 'Later',
			mediaSource: 'none',
			additionalFields: { scheduledPublishTime },
		});
		expect(sandbox.journal.posts).toMatchObject([{ text: 'Later', visibility: 'scheduled' }]);
		const { platformPostId } = posted as { platformPostId: string };
		const [status] = await run({ operation: 'getStatus', platformPostId });
		expect(status).toMatchObject({ state: 'processing', reason: expect.stringContaining('planned') });
	});

	it('tells a person where to look when the answer about a story is lost, and sends nothing again', async () => {
		const photo = path.join(folder, 'story.jpg');
		await writeFile(photo, Buffer.alloc(5_000, 1));
		sandbox.faults.add({ kind: 'drop-after-effect', pathPattern: '/photo_stories$' });
		await expect(run({ placement: 'story', filePath: photo })).rejects.toMatchObject({
			message: expect.stringContaining('no program'),
			description: expect.stringContaining('Look at the stories'),
		});
		expect(graphCalls().filter((asked) => asked.endsWith('/photo_stories'))).toHaveLength(1);
	});

	it('goes on with the next item when it may, and keeps the pairing', async () => {
		const context = executionContext({
			node: new FacebookPublisher(),
			items: [{ text: 'First' }, { text: '' }, { text: 'Third' }],
			account,
			parameters: (json) => ({ text: json['text'] as string, mediaSource: 'none' }),
			allowedFolder: folder,
			continueOnFail: true,
		});
		const [output] = (await new FacebookPublisher().execute.call(context)) as INodeExecutionData[][];
		expect(output?.map(({ json, pairedItem }) => [json['outcome'] ?? 'error', pairedItem])).toEqual([
			['posted', { item: 0 }],
			['error', { item: 1 }],
			['posted', { item: 2 }],
		]);
	});

	it('gives the answer of Facebook as an API error with a way out', async () => {
		sandbox.faults.add({ kind: 'status', status: 400, reason: '368', pathPattern: '/feed$' });
		const error: unknown = await run({ text: 'x', mediaSource: 'none' }).catch((thrown: unknown) => thrown);
		expect(error).toBeInstanceOf(NodeApiError);
		expect(error).toMatchObject({ httpCode: '400', description: expect.stringContaining('support inbox') });
		expect(JSON.stringify(error)).not.toContain(account.token);
	});

	it('validates without an account and without a request', async () => {
		const [found] = await run({ operation: 'validate', text: '', mediaSource: 'none' });
		expect(found).toMatchObject({ isValid: false, violations: [{ rule: 'text' }] });
		expect(graphCalls()).toEqual([]);
	});

	it('gets status and numbers by the id that it gave', async () => {
		const [posted] = await run({ text: 'Numbers', mediaSource: 'none' });
		const { platformPostId, url } = posted as { platformPostId: string; url: string };
		expect((await run({ operation: 'getStatus', platformPostId }))[0]).toMatchObject({ state: 'live', url });
		const [numbers] = await run({ operation: 'getMetrics', platformPostIds: platformPostId, postIds: 'p1' });
		expect(numbers).toMatchObject({ postId: 'p1', platformPostId, metrics: { impressions: null } });
	});
});
