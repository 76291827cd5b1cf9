// The Instagram node as people use it, with a token that n8n lets the credential renew. n8n's part is played as
// its own code does it: renew when the hidden field is empty or a 401 comes, store every field that comes back.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { IDataObject, IHttpRequestHelper, IHttpRequestOptions } from 'n8n-workflow';
import { StackKraftInstagramApi } from '../../../credentials/StackKraftInstagramApi.credentials';
import { InstagramPublisher } from '../../../nodes/InstagramPublisher/InstagramPublisher.node';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { executionContext } from './fake-execution';

// A machine with and without ffprobe must give the same result here: the file below is no real video.
jest.mock('../../../lib/media', () => {
	const actual = jest.requireActual<typeof import('../../../lib/media')>('../../../lib/media');
	const missing = new actual.ClipError('ffmpeg-missing', 'ffprobe is not there.', 'Install it.');
	return { ...actual, probe: async () => Promise.reject(missing) };
});

const type = new StackKraftInstagramApi();
const dayMs = 86_400_000;

/** A stored credential, and n8n's way of sending with it. */
class StoredCredential {
	renewals = 0;
	readonly urls: string[] = [];

	constructor(public data: IDataObject) {}

	private readonly helpers = {
		httpRequest: async (request: IHttpRequestOptions): Promise<unknown> => {
			const url = `${request.url}${request.qs ? `?${new URLSearchParams(request.qs as Record<string, string>)}` : ''}`;
			this.urls.push(url);
			const answer = await fetch(url, { headers: request.headers as Record<string, string> });
			const body: unknown = await answer.json();
			if (answer.ok) return body;
			throw Object.assign(new Error(`HTTP ${answer.status}`), {
				response: { status: answer.status, data: body },
			});
		},
	} as unknown as IHttpRequestHelper['helpers'];

	async send(request: IHttpRequestOptions): Promise<unknown> {
		try {
			if (this.data['sessionToken'] === '') await this.renew();
			return await this.helpers.httpRequest(await type.authenticate(this.data as never, request));
		} catch (error) {
			if ((error as { response?: { status?: number } }).response?.status !== 401) throw error;
			await this.renew();
			return await this.helpers.httpRequest(await type.authenticate(this.data as never, request));
		}
	}

	private async renew(): Promise<void> {
		this.renewals++;
		const output = await type.preAuthentication.call({ helpers: this.helpers }, this.data as never);
		this.data = { ...this.data, ...output };
	}
}

describe('the Instagram node', () => {
	let sandbox: Sandbox;
	let folder: string;
	let clip: string;
	let credential: StoredCredential;

	beforeEach(async () => {
		sandbox = await startSandbox({ networks: ['instagram'], seed: 'nodes' });
		folder = await mkdtemp(path.join(tmpdir(), 'stackkraft-nodes-'));
		clip = path.join(folder, 'clip.mp4');
		await writeFile(clip, Buffer.alloc(300_000, 7));
		connect(sandbox.instagram.issueTokens({ account: 'tester' }).accessToken);
		sandbox.instagram.configure({ processingMs: 0 });
	});

	afterEach(async () => {
		expect(sandbox.journal.unexpected).toEqual([]);
		await sandbox.stop();
		await rm(folder, { recursive: true });
	});

	function connect(accessToken: string, more: IDataObject = {}): void {
		credential = new StoredCredential({
			accessToken,
			appSecret: '',
			apiBaseUrl: sandbox.instagram.baseUrl,
			sessionToken: '',
			sessionSource: '',
			sessionRenewAt: '',
			...more,
		});
	}

	async function run(parameters: IDataObject = {}): Promise<IDataObject[]> {
		const node = new InstagramPublisher();
		const account = {
			credentialType: type.name,
			refreshes: () => 0,
			stored: () => credential.data,
			refresh: async () => ({}),
		};
		const context = executionContext({
			node,
			items: [{}],
			account,
			parameters: { caption: 'From a node', filePath: clip, ...parameters },
			allowedFolder: folder,
		});
		Object.assign(context.helpers, {
			httpRequestWithAuthentication: async (_type: string, request: IHttpRequestOptions) =>
				credential.send(request),
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
		expect(sandbox.journal.requests).toHaveLength(0);
	});

	it('goes on with a token that is too young to be renewed, and does not try again at every post', async () => {
		await run();
		await run({ caption: 'Another' });
		expect(credential.renewals).toBe(1);
		expect(sandbox.journal.posts).toHaveLength(2);
	});

	it('renews a token of a day or more, and uses and stores the new one', async () => {
		const [pasted] = [credential.data['accessToken']];
		sandbox.clock.advance(dayMs);
		await run();
		expect(credential.data['sessionToken']).not.toBe(pasted);
		expect(Date.parse(String(credential.data['sessionRenewAt'])) - Date.now()).toBeGreaterThan(6 * dayMs);
	});

	it('renews a token that the network refuses in the middle, and goes on', async () => {
		await run();
		sandbox.clock.advance(dayMs);
		sandbox.faults.add({ kind: 'status', status: 401, method: 'POST', pathPattern: '/media$' });
		await run({ caption: 'After' });
		expect(credential.renewals).toBe(2);
		expect(sandbox.journal.posts.map(({ text }) => text)).toEqual(['From a node', 'After']);
	});

	it('asks for a new token when the old one is over for good, without showing it', async () => {
		sandbox.instagram.revokeAccount('tester');
		const error: unknown = await run().catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({ description: expect.stringMatching(/paste a new access token/) });
		expect(JSON.stringify(error)).not.toContain(String(credential.data['accessToken']));
		expect(sandbox.journal.posts).toHaveLength(0);
	});

	it('exchanges a token of one hour when it has the app secret', async () => {
		const short = sandbox.instagram.issueTokens({ account: 'tester', expiresInSeconds: 3600 }).accessToken;
		connect(short, { appSecret: sandbox.instagram.defaultClient.clientSecret });
		await run();
		sandbox.clock.advance(2 * 3_600_000);
		await run({ caption: 'Two hours later' });
		expect(sandbox.journal.posts).toHaveLength(2);
		expect(credential.urls.filter((url) => url.includes('ig_exchange_token'))).toHaveLength(1);
	});

	it('takes a newly pasted token at once, whatever it had renewed before', async () => {
		await run();
		sandbox.instagram.revokeAccount('tester');
		const fresh = sandbox.instagram.issueTokens({ account: 'other' }).accessToken;
		credential.data = { ...credential.data, accessToken: fresh };
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
