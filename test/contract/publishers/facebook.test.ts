// The Facebook node as people use it, from a fresh connection on; lasting-token.test.ts has the rest of its tokens.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { NodeApiError, type IDataObject } from 'n8n-workflow';
import { FacebookPublisher } from '../../../nodes/FacebookPublisher/FacebookPublisher.node';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { ConsentedAccount } from './consented-account';
import { executionContext, type Execution } from './fake-execution';

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
		const additionalFields = { link: 'https://example.com/', pageId: `${accountId}2` };
		await run({ text: 'Read this', mediaSource: 'none', additionalFields });
		expect(sandbox.journal.posts).toMatchObject([
			{ accountId: `${accountId}2`, title: 'https://example.com/' },
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
