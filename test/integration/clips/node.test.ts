import { createReadStream } from 'node:fs';
import {
	copyFile,
	mkdir,
	mkdtemp,
	readdir,
	readFile,
	realpath,
	rm,
	symlink,
	writeFile,
} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { NodeHelpers, type IDataObject, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';

import { ClipExtractor } from '../../../nodes/ClipExtractor/ClipExtractor.node';
import { halfMinuteTalk } from '../../support/media';
import { startS3Server } from '../../support/s3-server';

let folder: string;
let log: string[];

beforeEach(async () => {
	folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'node-')));
	await mkdir(path.join(folder, 'allowed'));
	await copyFile(await halfMinuteTalk(), path.join(folder, 'allowed/talk.mp4'));
	await writeFile(
		path.join(folder, 'allowed/talk.srt'),
		'1\n00:00:01,500 --> 00:00:04,500\nHoney never spoils.\n\n2\n00:00:05,000 --> 00:00:08,000\nDid you know?\n',
	);
	log = [];
});
afterEach(async () => {
	jest.restoreAllMocks();
	await rm(folder, { recursive: true, force: true });
});

const node = {
	name: 'Clip Extractor',
	type: 'n8n-nodes-stackkraft.clipExtractor',
	id: '1',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

/** What n8n gives a node, with its rule that only one folder may be used. */
function run(
	items: readonly IDataObject[],
	more: {
		continues?: boolean;
		binary?: INodeExecutionData['binary'];
		model?: unknown;
		s3?: Record<string, unknown>;
		isTool?: boolean;
	} = {},
) {
	const base = {
		resource: 'clip',
		operation: 'extract',
		videoFrom: 'filePath',
		wantedClips: 2,
		transcriptionMethod: 'automatic',
	};
	const options = {
		minSec: 3,
		maxSec: 4,
		captions: false,
		outputFolder: path.join(folder, 'allowed/made/clips'),
	};
	const context = {
		getInputData: () => items.map((json) => ({ json, ...(more.binary && { binary: more.binary }) })),
		getNode: () => (more.s3 ? { ...node, credentials: { stackKraftS3Api: { id: '1', name: 'S3' } } } : node),
		getCredentials: () => Promise.resolve(more.s3),
		continueOnFail: () => more.continues ?? false,
		getExecutionCancelSignal: () => undefined,
		logger: { info: (line: string) => log.push(line), warn: (line: string) => log.push(line) },
		getNodeInputs: () => (more.isTool ? [] : [{ type: 'main' }, { type: 'ai_languageModel' }]),
		getInputConnectionData: () =>
			more.isTool ? Promise.reject(new Error('no such input')) : Promise.resolve(more.model),
		getNodeParameter: (name: string, index: number, fallback?: unknown) =>
			({ ...base, options, ...items[index] })[name] ?? fallback,
		helpers: {
			resolvePath: realpath,
			isFilePathBlocked: (file: string) => !file.startsWith(path.join(folder, 'allowed')),
			assertBinaryData: (_index: number, field: string) => more.binary![field],
			getBinaryStream: () => Promise.resolve(createReadStream(path.join(folder, 'allowed/talk.mp4'))),
		},
	};
	return new ClipExtractor().execute.call(context as unknown as IExecuteFunctions);
}

it('gives one item per clip with its place, texts and origin, and never the bytes', async () => {
	const [items] = await run([{ filePath: path.join(folder, 'allowed/talk.mp4') }]);
	expect(items).toHaveLength(2);
	for (const item of items!) {
		expect(item.binary).toBeUndefined();
		expect(item.pairedItem).toEqual({ item: 0 });
		expect(item.json).toMatchObject({
			clipId: expect.stringMatching(/^[0-9a-f]{24}$/) as string,
			path: expect.stringContaining(path.join(folder, 'allowed/made/clips')) as string,
			source: path.join(folder, 'allowed/talk.mp4'),
			transcription: { method: 'subtitle-file', methodDetail: 'talk.srt' },
		});
	}
	expect(log.some((line) => line.includes('Rendering clip 2 of 2'))).toBe(true);
});

it('streams a video out of binary data and leaves no copy of it', async () => {
	// A place of our own: other runs on this machine come and go in the shared one.
	const temporary = path.join(folder, 'temporary');
	await mkdir(temporary);
	jest.spyOn(os, 'tmpdir').mockReturnValue(temporary);
	const binary = { data: { id: 'filesystem-v2:1', data: '', mimeType: 'video/mp4', fileName: 'upload.mp4' } };
	const options = {
		minSec: 3,
		maxSec: 4,
		captions: false,
		outputFolder: path.join(folder, 'allowed'),
		subtitlePath: path.join(folder, 'allowed/talk.srt'),
	};
	const [items] = await run([{ videoFrom: 'binary', binaryPropertyName: 'data', options }], { binary });
	expect(items![0]!.json).toMatchObject({ source: 'upload.mp4' });
	expect(await readdir(temporary)).toEqual([]);
});

it('stops with what happened, what to do and which item', async () => {
	const missing = run([{ filePath: path.join(folder, 'allowed/nope.mp4') }]);
	await expect(missing).rejects.toMatchObject({
		message: expect.stringContaining('nope.mp4') as string,
		description: expect.stringContaining('Check the path') as string,
		context: { itemIndex: 0 },
	});
});

it('goes on with the other items when it is told to, and pairs each answer with its item', async () => {
	const [items] = await run(
		[
			{ filePath: path.join(folder, 'allowed/nope.mp4') },
			{ filePath: path.join(folder, 'allowed/talk.mp4') },
		],
		{ continues: true },
	);
	expect(items!.map((item) => item.pairedItem)).toEqual([{ item: 0 }, { item: 1 }, { item: 1 }]);
	expect(items![0]!.json).toMatchObject({
		error: expect.stringContaining('nope.mp4') as string,
		remedy: expect.any(String) as string,
	});
});

it('reaches no file outside of what n8n allows, neither by name nor by a link nor as the output folder', async () => {
	const outside = path.join(folder, 'private.mp4');
	await copyFile(path.join(folder, 'allowed/talk.mp4'), outside);
	await symlink(outside, path.join(folder, 'allowed/link.mp4'));
	await symlink(folder, path.join(folder, 'allowed/up'));
	const refused = { message: expect.stringContaining('does not allow access') as string };
	await expect(run([{ filePath: outside }])).rejects.toMatchObject(refused);
	await expect(run([{ filePath: path.join(folder, 'allowed/link.mp4') }])).rejects.toMatchObject(refused);
	const talk = path.join(folder, 'allowed/talk.mp4');
	const into = (outputFolder: string) => run([{ filePath: talk, options: { outputFolder } }]);
	await expect(into(path.join(folder, 'elsewhere'))).rejects.toMatchObject(refused);
	await expect(into(path.join(folder, 'allowed/up/new/deep'))).rejects.toMatchObject(refused);
});

it('gives in three steps what the one step gives, with small JSON in between that anybody may change', async () => {
	const filePath = path.join(folder, 'allowed/talk.mp4');
	const outputFolder = path.join(folder, 'allowed/made');
	const lengths = { minSec: 3, maxSec: 5 };
	const look = { captions: false, outputFolder };
	const step = async (given: IDataObject) => (await run([given]))[0]!.map(({ json }) => json);
	const [transcribed] = await step({ operation: 'transcribe', filePath, options: { outputFolder } });
	expect(transcribed).toMatchObject({ version: 1, source: filePath, wordCount: 6 });
	expect(JSON.stringify(transcribed)).not.toContain('"words"');
	const found = await step({
		...transcribed,
		operation: 'findHighlights',
		transcriptFrom: 'filePath',
		options: lengths,
	});
	expect(found).toHaveLength(2);
	expect(found[0]).toMatchObject({
		version: 1,
		source: filePath,
		chosenBy: 'scorer',
		hook: 'Honey never spoils.',
	});
	const changed = { ...found[0], title: 'Mine' };
	const [rendered] = await step({ operation: 'render', filePath, highlight: changed, options: look });
	const atOnce = await step({ filePath, options: { ...lengths, ...look } });
	expect(rendered).toMatchObject({ title: 'Mine', clipId: atOnce[0]!['clipId'], isReused: false });
	expect(atOnce.map((clip) => clip['isReused'])).toEqual([true, false]);
});

/** Fields that nobody touched, as the editor fills them in. */
const defaultsOf = (operation: string): IDataObject => {
	const { description } = new ClipExtractor();
	const given = { resource: 'clip', operation };
	const filled = NodeHelpers.getNodeParameters(
		description.properties,
		given,
		true,
		false,
		{ typeVersion: 1 },
		description,
	);
	return { videoFrom: filled?.['videoFrom'], filePath: filled?.['filePath'] } as IDataObject;
};

it.each(['a path', 'binary data'])(
	'takes a video given as %s through all three steps, with nothing said in the last one',
	async (kind) => {
		const isBinary = kind === 'binary data';
		const binary = { film: { id: 'filesystem-v2:1', data: '', mimeType: 'video/mp4', fileName: 'up.mp4' } };
		const more = isBinary ? { binary } : {};
		const filePath = path.join(folder, 'allowed/talk.mp4');
		const outputFolder = path.join(folder, 'allowed/made');
		const from = isBinary ? { videoFrom: 'binary', binaryPropertyName: 'film' } : { filePath };
		const options = { outputFolder, subtitlePath: path.join(folder, 'allowed/talk.srt') };
		const [transcribed] = await run([{ operation: 'transcribe', ...from, options }], more);
		const [found] = await run(
			[
				{
					...transcribed![0]!.json,
					operation: 'findHighlights',
					transcriptFrom: 'filePath',
					options: { minSec: 3, maxSec: 5 },
				},
			],
			{ ...(transcribed![0]!.binary && { binary: transcribed![0]!.binary }) },
		);
		expect(found).toHaveLength(2);
		expect(found!.map((item) => item.binary)).toEqual([more.binary, more.binary]);
		const last = found![1]!.json;
		const untouched = { ...last, ...defaultsOf('render'), operation: 'render', highlight: last };
		const rendering = { ...untouched, options: { captions: false, outputFolder } };
		const [rendered] = await run([rendering], more);
		expect(rendered![0]!.json).toMatchObject({
			source: isBinary ? 'up.mp4' : filePath,
			transcript: 'Did you know?',
			path: expect.stringContaining(outputFolder) as string,
		});
		// The clip, and not the whole video, is what the next step should find.
		expect(rendered![0]!.binary).toBeUndefined();
		expect(rendered![0]!.json['sourceField']).toBeUndefined();
		if (isBinary) {
			await expect(run([rendering])).rejects.toMatchObject({
				message: expect.stringContaining('binary field "film"') as string,
				description: expect.stringContaining('pass binary data on') as string,
			});
		}
	},
);

it('says what to do when the item does not say where the video is', async () => {
	const highlight = { startSec: 1, endSec: 5 };
	await expect(run([{ ...defaultsOf('render'), operation: 'render', highlight }])).rejects.toMatchObject({
		message: 'The item does not say where the video is.',
		description: expect.stringContaining('File Path') as string,
	});
});

it('takes the words that another node heard, as they come', async () => {
	const verbose = {
		text: 'Honey never spoils. Did you know?',
		words: [
			{ word: 'Honey', start: 1, end: 2 },
			{ word: 'never', start: 2, end: 3 },
			{ word: 'spoils', start: 3, end: 4.5 },
			{ word: 'Did', start: 5, end: 6 },
			{ word: 'you', start: 6, end: 7 },
			{ word: 'know', start: 7, end: 8 },
		],
	};
	const given = { operation: 'findHighlights', transcriptFrom: 'json', transcript: JSON.stringify(verbose) };
	const [items] = await run([{ ...given, options: { minSec: 3, maxSec: 5 } }]);
	expect(items!.map(({ json }) => json['transcript'])).toEqual(['Honey never spoils.', 'Did you know?']);
	expect(items![0]!.json['words']).toHaveLength(3);
	await expect(run([{ ...given, transcript: { some: 'thing' } }])).rejects.toMatchObject({
		message: expect.stringContaining('not a transcript') as string,
	});
});

it.each([
	[{ startSec: 20, endSec: 21 }, 'cannot be made'],
	[{ startSec: 25, endSec: 400 }, undefined],
	[{ startSec: 'soon', endSec: 9 }, 'startSec'],
	[{ version: 2, startSec: 1, endSec: 9 }, 'version'],
])('renders a span that somebody else chose only where the video has it: %j', async (highlight, refusal) => {
	const filePath = path.join(folder, 'allowed/talk.mp4');
	const options = { captions: false, outputFolder: path.join(folder, 'allowed/made') };
	const rendering = run([{ operation: 'render', filePath, highlight, options }]);
	if (refusal) {
		await expect(rendering).rejects.toMatchObject({ message: expect.stringContaining(refusal) as string });
		return;
	}
	const [items] = await rendering;
	expect(items![0]!.json['endSec']).toBeLessThan(31);
});

it('lets a connected chat model choose, and says by whom each clip was chosen', async () => {
	const asked: string[] = [];
	const model = {
		invoke: (prompt: string) => {
			asked.push(prompt);
			const clips = [{ firstSentence: 1, lastSentence: 1, openingWords: 'Did you know', title: 'Know it' }];
			return Promise.resolve({ content: [{ type: 'text', text: JSON.stringify({ clips }) }] });
		},
	};
	const filePath = path.join(folder, 'allowed/talk.mp4');
	const [items] = await run(
		[
			{
				filePath,
				options: { minSec: 3, maxSec: 5, captions: false, outputFolder: path.join(folder, 'allowed/made') },
			},
		],
		{ model },
	);
	expect(asked).toHaveLength(1);
	expect(items!.map(({ json }) => [json['chosenBy'], json['title']])).toEqual([
		['scorer', 'Honey never spoils'],
		['model', 'Know it'],
	]);
	expect(items![0]!.json['model']).toMatchObject({ accepted: 1, refused: [] });
});

it('puts a clip and its subtitle files into a bucket as well when it is told to, and hands on where they can be fetched', async () => {
	const server = await startS3Server();
	try {
		const filePath = path.join(folder, 'allowed/talk.mp4');
		const outputFolder = path.join(folder, 'allowed/made');
		const options = { captions: false, outputFolder, subtitles: ['srt', 'vtt'] };
		const words = [{ text: 'Honey', startSec: 2, endSec: 3 }];
		const highlight = { startSec: 1, endSec: 5, words };
		const item = { operation: 'render', filePath, highlight, options, storage: 's3' };
		const [items] = await run([item], { s3: server.credential() });
		const json = items![0]!.json;
		const [urls, paths] = [json['subtitleUrls'], json['subtitlePaths']].map((each) => each as string[]);
		expect(paths).toHaveLength(2);
		const files = [json['path'], ...paths!].map(String);
		for (const [index, url] of [json['url'], ...urls!].entries()) {
			const fetched = await fetch(String(url));
			expect(fetched.status).toBe(200);
			expect(Buffer.from(await fetched.arrayBuffer())).toEqual(await readFile(files[index]!));
		}
		expect(server.contentTypes).toEqual(expect.arrayContaining(['video/mp4', 'text/vtt']));
		await rm(outputFolder, { recursive: true });
		await expect(run([item])).rejects.toMatchObject({ message: 'No S3 credential is chosen.' });
		expect(await readdir(path.join(folder, 'allowed'))).not.toContain('made');
	} finally {
		await server.close();
	}
});

it('works as a tool of an agent, where it has no input for a model', async () => {
	const words = Array.from({ length: 20 }, (_, at) => ({
		text: at === 19 ? 'honey.' : 'honey',
		startSec: at,
		endSec: at + 0.9,
	}));
	const item = { operation: 'findHighlights', transcriptFrom: 'json', transcript: words };
	const [items] = await run([{ ...item, wantedClips: 1, options: {} }], { isTool: true });
	expect(items!.map(({ json }) => json['chosenBy'])).toEqual(['scorer']);
});
