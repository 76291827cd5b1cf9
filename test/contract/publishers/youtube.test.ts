// The YouTube node as people use it: everything that may be said about a video, its thumbnail, and the lists.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type {
	IDataObject,
	IExecuteFunctions,
	ILoadOptionsFunctions,
	INodeExecutionData,
	INodePropertyOptions,
} from 'n8n-workflow';
import { YouTubePublisher } from '../../../nodes/YouTubePublisher/YouTubePublisher.node';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { connectedAccount, executionContext, type Execution } from './fake-execution';

// A machine with and without ffprobe must give the same result here: the file below is no real video.
jest.mock('../../../lib/media', () => {
	const actual = jest.requireActual<typeof import('../../../lib/media')>('../../../lib/media');
	const missing = new actual.ClipError('ffmpeg-missing', 'ffprobe is not there.', 'Install it.');
	return { ...actual, probe: async () => Promise.reject(missing) };
});

const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(5_000, 5)]);

describe('the YouTube node', () => {
	let sandbox: Sandbox;
	let folder: string;
	let clip: string;
	let thumbnail: string;

	beforeEach(async () => {
		sandbox = await startSandbox({ networks: ['youtube'], seed: 'nodes' });
		folder = await mkdtemp(path.join(tmpdir(), 'stackkraft-nodes-'));
		clip = path.join(folder, 'clip.mp4');
		thumbnail = path.join(folder, 'thumbnail.jpg');
		await writeFile(clip, Buffer.alloc(9_000, 7));
		await writeFile(thumbnail, jpeg);
	});

	afterEach(async () => {
		expect(sandbox.journal.unexpected).toEqual([]);
		await sandbox.stop();
		await rm(folder, { recursive: true });
	});

	const contextOf = (parameters: Execution['parameters'], more: Partial<Execution> = {}): IExecuteFunctions =>
		executionContext({
			node: new YouTubePublisher(),
			items: [{}],
			account: connectedAccount(sandbox, 'youtube'),
			parameters,
			allowedFolder: folder,
			...more,
		});
	const run = async (context: IExecuteFunctions): Promise<INodeExecutionData[]> =>
		(await new YouTubePublisher().execute.call(context))[0] as INodeExecutionData[];

	async function playlists(): Promise<INodePropertyOptions[]> {
		return await listed('getPlaylists');
	}

	async function listed(
		method: 'getCategories' | 'getPlaylists',
		additionalFields: IDataObject = {},
	): Promise<INodePropertyOptions[]> {
		const context = Object.assign(contextOf({}), { getCurrentNodeParameter: () => additionalFields });
		const { loadOptions } = new YouTubePublisher().methods;
		return (await loadOptions[method]?.call(context as unknown as ILoadOptionsFunctions)) ?? [];
	}

	/** What YouTube knows of a video afterwards. */
	async function seen(item: INodeExecutionData | undefined, part: string): Promise<unknown> {
		const { accessToken } = sandbox.youtube.issueTokens({ account: 'tester' });
		const id = String(item?.json['platformPostId']);
		const answer = await fetch(`${sandbox.youtube.baseUrl}/youtube/v3/videos?part=${part}&id=${id}`, {
			headers: { authorization: `Bearer ${accessToken}` },
		});
		return ((await answer.json()) as { items: unknown[] }).items[0];
	}

	it('sets the thumbnail from a file and puts the video into the chosen playlist', async () => {
		const [playlist] = await playlists();
		const additionalFields = { thumbnailRef: thumbnail, playlistIds: [playlist!.value] };
		const [item] = await run(contextOf({ title: 'With all', filePath: clip, additionalFields }));
		expect(item!.json).toMatchObject({
			outcome: 'posted',
			followUps: [
				{ name: 'thumbnail', isDone: true, problem: null },
				{ name: `playlist ${String(playlist!.value)}`, isDone: true, problem: null },
			],
		});
		expect(sandbox.journal.posts).toMatchObject([{ media: [{ sizeBytes: 9_000 }] }]);
		expect(JSON.stringify(await seen(item, 'snippet'))).toContain('default.jpg?v=');
	});

	it('sets the thumbnail from a binary property', async () => {
		const additionalFields = { thumbnailBinaryProperty: 'data' };
		const context = contextOf(
			{ title: 'Binary', filePath: clip, additionalFields },
			{ items: [{ binary: jpeg }] },
		);
		const { assertBinaryData } = context.helpers;
		context.helpers.assertBinaryData = (index, property) => ({
			...assertBinaryData(index, property),
			mimeType: 'image/jpeg',
		});
		const [item] = await run(context);
		expect(item!.json['followUps']).toEqual([{ name: 'thumbnail', isDone: true, problem: null }]);
	});

	it('says all that the additional fields say, and nothing that only the editor needs', async () => {
		const additionalFields = {
			audioLanguage: 'en-GB',
			categoryId: '28',
			categoryRegion: 'DE',
			containsSyntheticMedia: true,
			embeddable: false,
			hasPaidProductPlacement: true,
			language: 'en',
			license: 'creativeCommon',
			publicStatsViewable: false,
			recordingDate: '2026-11-01T10:00:00',
			tags: 'one, two words',
			translations: { translation: [{ language: 'de', title: 'Ein Clip', description: '' }] },
		};
		const [item] = await run(contextOf({ title: 'A clip', filePath: clip, additionalFields }));
		const parts = 'snippet,status,recordingDetails,localizations,paidProductPlacementDetails';
		expect(await seen(item, parts)).toMatchObject({
			snippet: { categoryId: '28', defaultLanguage: 'en', tags: ['one', 'two words'] },
			status: {
				privacyStatus: 'private',
				containsSyntheticMedia: true,
				embeddable: false,
				license: 'creativeCommon',
				publicStatsViewable: false,
			},
			recordingDetails: { recordingDate: '2026-10-31T21:00:00.000Z' },
			localizations: { de: { title: 'Ein Clip', description: '' } },
			paidProductPlacementDetails: { hasPaidProductPlacement: true },
		});
	});

	it('reads no thumbnail that n8n does not allow, and asks YouTube for nothing', async () => {
		const additionalFields = { thumbnailRef: '/etc/hostname' };
		const failing = run(contextOf({ title: 'x', filePath: clip, additionalFields }));
		await expect(failing).rejects.toMatchObject({
			description: expect.stringContaining('N8N_RESTRICT_FILE_ACCESS_TO'),
		});
		expect(sandbox.journal.requests).toHaveLength(0);
	});

	it('goes on with the next item when a thumbnail is no picture, and keeps the pairing', async () => {
		const output = await run(
			contextOf(
				(json) => ({
					title: String(json['name']),
					filePath: clip,
					additionalFields: { thumbnailRef: String(json['picture']) },
				}),
				{
					continueOnFail: true,
					items: [
						{ name: 'First', picture: thumbnail },
						{ name: 'Second', picture: clip },
						{ name: 'Third', picture: '' },
					],
				},
			),
		);
		expect(output.map(({ json, pairedItem }) => [json['outcome'] ?? 'error', pairedItem])).toEqual([
			['posted', { item: 0 }],
			['error', { item: 1 }],
			['posted', { item: 2 }],
		]);
		expect(output[1]!.json['error']).toContain('media.count');
		expect(sandbox.journal.posts.map(({ title }) => title)).toEqual(['First', 'Third']);
	});

	it('names what is wrong with the thumbnail without sending anything', async () => {
		const gif = path.join(folder, 'thumbnail.gif');
		await writeFile(gif, 'GIF89a');
		const additionalFields = { thumbnailRef: gif };
		const [item] = await run(
			contextOf({ operation: 'validate', title: 'x', filePath: clip, additionalFields }),
		);
		expect(item!.json).toMatchObject({ isValid: false, violations: [{ rule: 'thumbnail.type' }] });
		expect(sandbox.journal.requests).toHaveLength(0);
	});

	it('lists the playlists of the channel and the categories of the chosen region', async () => {
		expect(await playlists()).toEqual([{ name: 'Clips', value: expect.stringMatching(/^PL/) }]);
		const categories = await listed('getCategories', { categoryRegion: 'de' });
		expect(categories).toContainEqual({ name: 'Science & Technology', value: '28' });
		await listed('getCategories', { categoryRegion: '={{ $json.region }}' });
		const asked = sandbox.journal.requests.map(({ path: called }) => called);
		expect(asked.map((called) => /regionCode=(\w+)/.exec(called)?.[1])).toEqual([undefined, 'DE', 'US']);
	});

	it('shows in the editor why a list cannot be had', async () => {
		sandbox.faults.add({ kind: 'status', status: 403, reason: 'accessNotConfigured' });
		await expect(playlists()).rejects.toMatchObject({
			description: expect.stringContaining('Enable the YouTube Data API'),
		});
	});
});
