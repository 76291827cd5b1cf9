// The TikTok node as people use it, with the refresh that n8n cannot do for it.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { TikTokAuthorizer } from '../../../nodes/TikTokPublisher/authorizer';
import { readTikTokContent } from '../../../nodes/TikTokPublisher/content';
import { TikTokPublisher } from '../../../nodes/TikTokPublisher/TikTokPublisher.node';
import { startMediaServer } from '../../../scripts/stack/media-server/media-server';
import { startS3Server } from '../../support/s3-server';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { executionContext, loadOptions, type Account, type Execution } from './fake-execution';

const credentialType = 'stackKraftTikTokOAuth2Api';
const signal = new AbortController().signal;

// A machine with and without ffprobe must give the same result here: the file below is no real video.
jest.mock('../../../lib/media', () => {
	const actual = jest.requireActual<typeof import('../../../lib/media')>('../../../lib/media');
	const missing = new actual.ClipError('ffmpeg-missing', 'ffprobe is not there.', 'Install it.');
	return { ...actual, probe: async () => Promise.reject(missing) };
});

// The sandbox is done at once; nobody has to wait for it.
jest.mock('../../../lib/http', () => {
	const actual = jest.requireActual<typeof import('../../../lib/http')>('../../../lib/http');
	return { ...actual, systemClock: { ...actual.systemClock, sleep: async () => undefined } };
});

describe('the TikTok node', () => {
	let sandbox: Sandbox;
	let folder: string;
	let clip: string;
	/** What n8n holds of the credential. */
	let tokenData: IDataObject;
	let canStore: boolean;

	beforeEach(async () => {
		sandbox = await startSandbox({ networks: ['tiktok'], seed: 'nodes' });
		folder = await mkdtemp(path.join(tmpdir(), 'stackkraft-nodes-'));
		clip = path.join(folder, 'clip.mp4');
		await writeFile(clip, Buffer.alloc(9_000, 7));
		sandbox.tiktok.configure({ processingMs: 0, moderationMs: 0 });
		tokenData = connected(86_400);
		canStore = true;
	});

	afterEach(async () => {
		expect(sandbox.journal.unexpected).toEqual([]);
		await sandbox.stop();
		await rm(folder, { recursive: true });
	});

	function connected(expiresInSec: number): IDataObject {
		const { tokenResponse } = sandbox.tiktok.issueTokens({ account: 'tester' });
		return { ...tokenResponse, n8n_expires_at: String(Date.now() + expiresInSec * 1000) } as IDataObject;
	}

	const account = (): Account => ({
		credentialType,
		refreshes: () => 0,
		stored: () => ({
			apiBaseUrl: sandbox.tiktok.baseUrl,
			clientId: 'sandbox-tiktok-key',
			clientSecret: 'sandbox-tiktok-secret',
			oauthTokenData: tokenData,
		}),
		refresh: async () => Promise.reject(new Error('n8n cannot refresh this')),
	});

	const contextOf = (parameters: IDataObject, more: Partial<Execution> = {}) => {
		const context = executionContext({
			node: new TikTokPublisher(),
			items: [{}],
			account: account(),
			parameters,
			allowedFolder: folder,
			...more,
		});
		const additionalData = {
			credentialsHelper: {
				updateCredentialsOauthTokenData: async (
					used: { id: string },
					type: string,
					data: { oauthTokenData: IDataObject },
				) => {
					expect([used.id, type]).toEqual(['credential-1', credentialType]);
					tokenData = data.oauthTokenData;
				},
			},
		};
		return Object.assign(context, canStore && { additionalData });
	};
	const run = async (parameters: IDataObject, more: Partial<Execution> = {}) => {
		const output = await new TikTokPublisher().execute.call(contextOf(parameters, more));
		return output[0] as INodeExecutionData[];
	};
	const tokenCalls = (): number =>
		sandbox.journal.requests.filter((request) => request.path.startsWith('/v2/oauth/token')).length;

	it('publishes a file and says where it is', async () => {
		const additionalFields = { isAiGenerated: true, disableDuet: true };
		const parameters = { text: 'From a node', privacyLevel: 'PUBLIC_TO_EVERYONE', filePath: clip };
		const [item] = await run({ ...parameters, additionalFields });
		const [post] = sandbox.journal.posts;
		expect(item!.json).toEqual({
			outcome: 'posted',
			platform: 'tiktok',
			platformPostId: post!.platformPostId,
			url: post!.url,
		});
		expect(post).toMatchObject({ text: 'From a node', visibility: 'public', mediaSizeBytes: 9_000 });
		expect(item!.pairedItem).toEqual({ item: 0 });
	});

	it('posts for nobody but the creator when no privacy is chosen', async () => {
		await run({ text: 'Quiet', filePath: clip });
		expect(sandbox.journal.posts).toMatchObject([{ text: 'Quiet', visibility: 'SELF_ONLY' }]);
	});

	it('leaves a draft, whatever stood in the fields that are hidden then', async () => {
		const [item] = await run({ delivery: 'inbox', text: 'forgotten', filePath: clip });
		expect(item!.json['platformPostId']).toMatch(/^v_inbox_file/);
		expect(sandbox.journal.posts).toEqual([]);
	});

	it('posts several photos from files, which TikTok fetches under the public address', async () => {
		const server = await startMediaServer({ folder });
		sandbox.tiktok.configure({ verifiedUrlPrefixes: [server.url] });
		const paths = ['one.jpg', 'two.webp'].map((name) => path.join(folder, name));
		for (const [index, photo] of paths.entries()) await writeFile(photo, Buffer.alloc(900 + index, 7));
		try {
			const [item] = await run({
				text: 'Two photos',
				privacyLevel: 'PUBLIC_TO_EVERYONE',
				filePath: paths.join('\n'),
				additionalFields: { photoTitle: 'A title', coverIndex: 1 },
				publicMedia: { mediaFolder: folder, publicBaseUrl: server.url },
			});
			expect(item?.json).toMatchObject({ outcome: 'posted', platform: 'tiktok' });
			expect(sandbox.journal.posts).toMatchObject([
				{ title: 'A title', text: 'Two photos', media: [{ sizeBytes: 900 }, { sizeBytes: 901 }] },
			]);
		} finally {
			await server.close();
		}
	});

	it('posts photos from the bucket that was chosen, whose address is verified at TikTok', async () => {
		const storage = await startS3Server();
		sandbox.tiktok.configure({ verifiedUrlPrefixes: [storage.url] });
		const photo = path.join(folder, 'one.jpg');
		await writeFile(photo, Buffer.alloc(900, 7));
		const context = contextOf(
			{ text: 'One photo', privacyLevel: 'PUBLIC_TO_EVERYONE', filePath: photo },
			{ otherCredentials: { stackKraftS3Api: storage.credential() as IDataObject } },
		);
		const node = context.getNode();
		const chosen = { ...node.credentials, stackKraftS3Api: { id: 's3', name: 'S3' } };
		context.getNode = () => ({ ...node, credentials: chosen });
		const slots = new TikTokPublisher().description.credentials?.map(({ name }) => name);
		try {
			const [[item]] = (await new TikTokPublisher().execute.call(context)) as [INodeExecutionData[]];
			expect(slots).toContain('stackKraftS3Api');
			expect(sandbox.journal.posts).toMatchObject([{ text: 'One photo', media: [{ sizeBytes: 900 }] }]);
			expect(JSON.stringify(item)).not.toContain('X-Amz');
		} finally {
			await storage.close();
		}
	});

	it('keeps the pairing of several items when one of them breaks a rule', async () => {
		const output = await run(
			{},
			{
				continueOnFail: true,
				items: [{ text: 'x'.repeat(2_201) }, { text: 'Second' }, { text: 'y'.repeat(2_201) }],
				parameters: ({ text }) => ({ text: String(text), filePath: clip }),
			},
		);
		expect(output[0]?.json['remedy']).toBe('Shorten the text.');
		expect(output.map(({ json, pairedItem }) => [json['outcome'] ?? 'error', pairedItem])).toEqual([
			['error', { item: 0 }],
			['posted', { item: 1 }],
			['error', { item: 2 }],
		]);
	});

	it('gets what the creator may post, without the signed address of a picture', async () => {
		sandbox.tiktok.account('tester', { duetDisabled: true, maxVideoSec: 60 });
		const output = await run({ operation: 'getCreatorInfo' }, { items: [{}, {}] });
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
		expect(output[0]?.json).toEqual({
			username: 'tester',
			nickname: 'tester',
			privacyLevels: ['PUBLIC_TO_EVERYONE', 'MUTUAL_FOLLOW_FRIENDS', 'SELF_ONLY'],
			commentDisabled: false,
			duetDisabled: true,
			stitchDisabled: false,
			maxVideoSec: 60,
		});
	});

	it('lists the privacies that this creator may use, and all of them while no account is chosen', async () => {
		sandbox.tiktok.account('tester', { isPrivate: true });
		const names = async (of: Account): Promise<unknown[]> =>
			(await loadOptions(new TikTokPublisher(), 'getPrivacyLevels', of)).map(({ name }) => name);
		expect(await names(account())).toEqual(['Followers', 'Friends', 'Only Me']);
		expect(await names({ ...account(), credentialType: 'none' })).toHaveLength(4);
		sandbox.faults.add({ kind: 'status', status: 429, method: 'POST' });
		await expect(names(account())).rejects.toThrow(/rate_limit_exceeded/);
	});

	it('makes a draft of photos with words, and options of the fields', () => {
		const draftFields = { photoTitle: 'Title', photoDescription: 'Words', coverIndex: 2, transfer: 'pull' };
		const read = (name: string) => ({ delivery: 'inbox', draftFields })[name];
		expect(readTikTokContent(read)).toEqual({
			title: 'Title',
			text: 'Words',
			options: { delivery: 'inbox', coverIndex: 2, transfer: 'pull' },
		});
	});

	it('validates without an account and without a request', async () => {
		const [item] = await run({ operation: 'validate', text: 'Fine', filePath: clip });
		expect(item!.json).toMatchObject({ platform: 'tiktok', isValid: true });
		expect(sandbox.journal.requests).toHaveLength(0);
	});

	it('refreshes in time with the client key, and has n8n store the rotated token', async () => {
		tokenData = connected(60);
		const before = tokenData['refresh_token'];
		await run({ text: 'Fresh', filePath: clip });
		expect(tokenCalls()).toBe(1);
		expect(tokenData['refresh_token']).not.toBe(before);
		expect(Number(tokenData['n8n_expires_at'])).toBeGreaterThan(Date.now() + 80_000_000);
		expect(tokenData['scope']).toContain('video.publish');
		expect(sandbox.journal.requests.map(({ status }) => status)).not.toContain(401);
	});

	it('refreshes once for many that ask at once, since a refresh token works once', async () => {
		const stale = String(tokenData['access_token']);
		const asked = Array.from({ length: 8 }, () =>
			new TikTokAuthorizer(contextOf({}), credentialType, 0).refreshToken(stale, signal),
		);
		expect(new Set(await Promise.all(asked))).toEqual(new Set([tokenData['access_token']]));
		expect(tokenCalls()).toBe(1);
		const later = new TikTokAuthorizer(contextOf({}), credentialType, 0).refreshToken(stale, signal);
		expect(await later).toBe(tokenData['access_token']);
		expect(tokenCalls()).toBe(1);
	});

	it('burns no refresh token that it could not store', async () => {
		canStore = false;
		const authorizer = new TikTokAuthorizer(contextOf({}), credentialType, 0);
		const failing = authorizer.refreshToken(String(tokenData['access_token']), signal);
		await expect(failing).rejects.toMatchObject({
			class: 'auth',
			remedy: expect.stringContaining('connect'),
		});
		expect(tokenCalls()).toBe(0);
	});

	it('asks to connect again when the refresh is refused for good, and repeats no secret', async () => {
		const { access_token: access, refresh_token: refresh } = tokenData;
		sandbox.tiktok.revokeAccount('tester');
		const authorizer = new TikTokAuthorizer(contextOf({}), credentialType, 0);
		const error: unknown = await authorizer
			.refreshToken(String(access), signal)
			.catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({ class: 'auth', code: 'invalid_grant' });
		const said = `${JSON.stringify(error)} ${String((error as Error).stack)}`;
		for (const secret of [access, refresh, 'sandbox-tiktok-secret']) expect(said).not.toContain(secret);
	});

	it('tries again later when the token endpoint only stumbled', async () => {
		sandbox.faults.add({ kind: 'status', status: 503, pathPattern: '^/v2/oauth/token/$' });
		sandbox.faults.add({ kind: 'drop-before', skip: 1, pathPattern: '^/v2/oauth/token/$' });
		const refresh = async () =>
			new TikTokAuthorizer(contextOf({}), credentialType, 0).refreshToken(
				String(tokenData['access_token']),
				signal,
			);
		await expect(refresh()).rejects.toMatchObject({ class: 'platform' });
		await expect(refresh()).rejects.toMatchObject({ class: 'network' });
		expect(await refresh()).toBe(tokenData['access_token']);
	});
});
