import { copyFile, mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { NodeHelpers, type IDataObject, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';

import { encodingProfiles } from '../../../lib/clips/encoding-profiles';
import { probe } from '../../../lib/media';
import { Media } from '../../../nodes/Media/Media.node';
import {
	ffmpeg,
	fiveSecondVideo,
	rotatedPhoneVideo,
	textNamedVideo,
	videoWithoutSound,
} from '../../support/media';
import { startS3Server, type S3Server } from '../../support/s3-server';

jest.setTimeout(180_000);

let folder: string;
beforeEach(async () => {
	folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'media-node-')));
	await mkdir(path.join(folder, 'out'));
	await copyFile(await fiveSecondVideo(), path.join(folder, 'talk.mp4'));
	await copyFile(await textNamedVideo(), path.join(folder, 'letter.mp4'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

/** What n8n gives a node: parameters with their defaults as the editor would show them, and one folder that is allowed. */
async function run(
	parameters: IDataObject,
	items: readonly IDataObject[],
	continues = false,
	{ s3, binary }: { s3?: Record<string, unknown>; binary?: { data: string; mimeType: string } } = {},
) {
	const media = new Media();
	const node = {
		name: 'Media',
		type: 'n8n-nodes-stackkraft.media',
		id: '1',
		typeVersion: 1,
		position: [0, 0],
	};
	const given = { resource: 'file', videoFrom: 'filePath', ...parameters };
	const parametersOf = (index: number) =>
		NodeHelpers.getNodeParameters(
			media.description.properties,
			{ ...given, ...items[index] },
			true,
			false,
			{ typeVersion: 1 },
			media.description,
		);
	const prepared: Buffer[] = [];
	const context = {
		getInputData: () => items.map((json) => ({ json })),
		getNode: () => ({
			...node,
			parameters: given,
			...(s3 && { credentials: { stackKraftS3Api: { id: '1', name: 'S3' } } }),
		}),
		getCredentials: () => Promise.resolve(s3),
		continueOnFail: () => continues,
		getExecutionCancelSignal: () => undefined,
		logger: { info: () => undefined, warn: () => undefined, debug: () => undefined, error: () => undefined },
		getNodeParameter: (name: string, index: number, fallback?: unknown) =>
			parametersOf(index)?.[name] ?? fallback,
		helpers: {
			resolvePath: realpath,
			assertBinaryData: () => binary,
			isFilePathBlocked: (file: string) => !file.startsWith(folder),
			prepareBinaryData: async (stream: Readable, fileName: string, mimeType: string) => {
				for await (const part of stream) prepared.push(part as Buffer);
				return { data: '', fileName, mimeType };
			},
		},
	};
	const [output = []] = await media.execute.call(context as unknown as IExecuteFunctions);
	return { output, prepared };
}

const file = (name: string): IDataObject => ({ filePath: path.join(folder, name) });
const options = (more: IDataObject = {}): IDataObject => ({
	options: { outputFolder: path.join(folder, 'out'), ...more },
});
const pathOf = (item: INodeExecutionData | undefined): string => String(item?.json['path']);

it('probes each item, and goes on past a broken one when it is told to', async () => {
	const wishes = { operation: 'probe', options: { measureLoudness: true } };
	const { output } = await run(wishes, [file('letter.mp4'), file('talk.mp4')], true);
	expect(output.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
	expect(output[0]?.json).toMatchObject({
		error: expect.stringContaining('letter.mp4') as string,
		remedy: expect.any(String) as string,
	});
	expect(output[1]?.json).toMatchObject({
		video: { width: 480, height: 352, isHdr: false },
		audio: { codec: 'aac' },
		loudness: { integratedLufs: expect.any(Number) as number },
	});
	await expect(run(wishes, [file('letter.mp4')])).rejects.toMatchObject({ context: { itemIndex: 0 } });
});

interface NetworkSays {
	readonly platform: string;
	readonly isValid: boolean;
	readonly violations: readonly { readonly rule: string; readonly fix: string }[];
	readonly media: IDataObject;
}
const said = (item: INodeExecutionData | undefined) => item?.json['platforms'] as NetworkSays[];

it('says of each network whether it takes a file, and why not', async () => {
	const { output } = await run({ operation: 'validate', platforms: ['youtube', 'facebook'] }, [
		file('talk.mp4'),
	]);
	const [youtube, facebook] = said(output[0]);
	expect(youtube).toMatchObject({ platform: 'youtube', isValid: true, violations: [] });
	// Wide, and Facebook's videos are reels.
	expect(facebook).toMatchObject({ platform: 'facebook', isValid: false });
	expect(facebook?.violations.map(({ rule }) => rule)).toContain('media.aspect');
	facebook?.violations.forEach(({ fix }) => expect(fix.length).toBeGreaterThan(10));
	expect(output[0]?.json['isValid']).toBe(false);
	const alone = await run({ operation: 'validate', platforms: ['youtube'] }, [file('talk.mp4')]);
	expect(alone.output[0]?.json['isValid']).toBe(true);
});

it('knows what a file without an ending is by its first bytes, and binary data by what it is called', async () => {
	await ffmpeg([
		...['-f', 'lavfi', '-i', 'color=c=red:size=640x480', '-frames:v', '1', '-update', '1'],
		...['-f', 'image2', '-c:v', 'mjpeg', path.join(folder, 'picture')],
	]);
	await copyFile(await fiveSecondVideo(), path.join(folder, 'talk'));
	const validate = { operation: 'validate', platforms: ['linkedin'] };
	const { output } = await run(validate, [file('picture'), file('talk')]);
	const expected = { kind: 'image', mimeType: 'image/jpeg', widthPx: 640, heightPx: 480 };
	expect(said(output[0])[0]).toMatchObject({ isValid: true, media: expected });
	expect(said(output[1])[0]).toMatchObject({ media: { kind: 'video', mimeType: 'video/mp4' } });
	const data = (await readFile(path.join(folder, 'picture'))).toString('base64');
	const inItem = { ...validate, videoFrom: 'binary', binaryPropertyName: 'photo' };
	for (const mimeType of ['image/jpeg', 'application/octet-stream', '']) {
		const named = await run(inItem, [{}], false, { binary: { data, mimeType } });
		expect(said(named.output[0])[0]).toMatchObject({ isValid: true, media: expected });
	}
});

it('renders what every chosen network then takes, one item per network', async () => {
	const platforms = ['facebook', 'x', 'tiktok'];
	const { output } = await run(
		{ operation: 'render', platforms, shape: '9:16', ...options({ endSec: 3.5 }) },
		[file('talk.mp4')],
	);
	expect(output.map(({ json }) => json['platform']).sort()).toEqual([...platforms].sort());
	for (const item of output) {
		expect(item.json).toMatchObject({ isValid: true, violations: [], encoder: { name: 'libx264' } });
		const { video, durationSec } = await probe(pathOf(item));
		expect(video).toMatchObject(
			item.json['platform'] === 'x' ? { width: 720, height: 1280 } : { width: 1080, height: 1920 },
		);
		expect(video?.fps).toBeGreaterThanOrEqual(24);
		expect(Math.abs(durationSec - 3.5)).toBeLessThan(0.1);
	}
});

it('refuses a part that a network does not take, and cuts it where that is wanted', async () => {
	const render = { operation: 'render', platforms: ['x', 'linkedin'], shape: '16:9' };
	const short = run({ ...render, ...options({ endSec: 2 }) }, [file('talk.mp4')]);
	await expect(short).rejects.toMatchObject({ message: expect.stringContaining('linkedin') as string });
	// Instead of two minutes and a half of video.
	const limit = jest.replaceProperty(encodingProfiles.x, 'maxSec', 3.2);
	try {
		const long = run({ ...render, ...options() }, [file('talk.mp4')]);
		await expect(long).rejects.toMatchObject({ message: expect.stringContaining('at most 3.2') as string });
		expect(await readdir(path.join(folder, 'out'))).toEqual([]);
		const { output } = await run({ ...render, ...options({ whenTooLong: 'cut', startSec: 1 }) }, [
			file('talk.mp4'),
		]);
		const lengths = await Promise.all(
			output.map(async (item) => [item.json['platform'], (await probe(pathOf(item))).durationSec] as const),
		);
		expect(Math.abs((Object.fromEntries(lengths)['x'] ?? 0) - 3.2)).toBeLessThan(0.1);
		expect(Math.abs((Object.fromEntries(lengths)['linkedin'] ?? 0) - 4)).toBeLessThan(0.1);
	} finally {
		limit.restore();
	}
});

it('makes a thumbnail of the best frame or of a time, with the bytes only on request', async () => {
	const best = await run({ operation: 'thumbnail', frame: 'best', ...options() }, [file('talk.mp4')]);
	expect(best.output[0]?.binary).toBeUndefined();
	expect(best.output[0]?.json['reason']).toMatch(/^Of \d+ frames/);
	const timed = await run(
		{
			operation: 'thumbnail',
			frame: 'time',
			atSec: 2.5,
			...options({ format: 'png', outputField: 'cover', maxWidthPx: 240 }),
		},
		[file('talk.mp4')],
	);
	expect(timed.output[0]?.binary?.['cover']).toMatchObject({ mimeType: 'image/png' });
	expect(Buffer.concat(timed.prepared).subarray(1, 4).toString()).toBe('PNG');
	expect(Buffer.concat(timed.prepared).readUInt32BE(16)).toBe(240);
	await expect(
		run({ operation: 'thumbnail', frame: 'time', atSec: 60, ...options() }, [file('talk.mp4')]),
	).rejects.toThrow('60 seconds');
});

it('joins the videos of all items, whatever their shape and whether they have sound', async () => {
	await copyFile(await rotatedPhoneVideo(), path.join(folder, 'phone.mp4'));
	await copyFile(await videoWithoutSound(), path.join(folder, 'mute.mp4'));
	const files = [file('talk.mp4'), file('phone.mp4'), file('mute.mp4')];
	const { output } = await run({ operation: 'concatenate', ...options() }, files);
	expect(output).toHaveLength(1);
	expect(output[0]?.pairedItem).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
	const facts = await probe(pathOf(output[0]));
	expect(facts.video).toMatchObject({ width: 480, height: 352 });
	const parts = await Promise.all(files.map(({ filePath }) => probe(String(filePath))));
	const wholeSec = parts.reduce((sum, { durationSec }) => sum + durationSec, 0);
	expect(Math.abs(facts.durationSec - wholeSec)).toBeLessThan(0.15);
});

describe('with S3 as the storage', () => {
	let server: S3Server;
	beforeEach(async () => {
		server = await startS3Server();
	});
	afterEach(async () => server.close());

	it.each([
		{ operation: 'render', platforms: ['x'], shape: '9:16', more: { endSec: 1 } },
		{ operation: 'thumbnail', frame: 'time', atSec: 1, more: {} },
		{ operation: 'concatenate', more: {} },
	])(
		'hands on where the file of $operation can be fetched by another machine',
		async ({ more, ...wishes }) => {
			const inS3 = { ...wishes, ...options(more), storage: 's3' };
			const { output } = await run(inS3, [file('talk.mp4')], false, { s3: server.credential() });
			const fetched = await fetch(String(output[0]?.json['url']));
			expect(fetched.status).toBe(200);
			expect(fetched.headers.get('content-type')).toMatch(/^(video\/mp4|image\/jpeg)$/);
			expect(Buffer.from(await fetched.arrayBuffer())).toEqual(await readFile(pathOf(output[0])));
		},
	);

	it('asks for a missing credential before anything is made', async () => {
		const thumbnail = { operation: 'thumbnail', frame: 'time', atSec: 1, ...options(), storage: 's3' };
		await expect(run(thumbnail, [file('talk.mp4')])).rejects.toMatchObject({
			message: 'No S3 credential is chosen.',
		});
		expect(await readdir(path.join(folder, 'out'))).toEqual([]);
	});
});

it('writes nowhere and reads nothing outside of what n8n allows', async () => {
	const outside = await mkdtemp(path.join(os.tmpdir(), 'outside-'));
	await writeFile(path.join(outside, 'private.mp4'), 'secret');
	const refused = { message: expect.stringContaining('does not allow access') as string };
	await expect(
		run({ operation: 'probe' }, [{ filePath: path.join(outside, 'private.mp4') }]),
	).rejects.toMatchObject(refused);
	const into = { operation: 'thumbnail', frame: 'best', options: { outputFolder: outside } };
	await expect(run(into, [file('talk.mp4')])).rejects.toMatchObject(refused);
	await rm(outside, { recursive: true });
});
