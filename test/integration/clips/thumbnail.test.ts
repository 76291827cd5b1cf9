import { mkdir, mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { makeThumbnail } from '../../../lib/clips';
import { readPictureSize } from '../../../lib/media';
import { colourAt, ffmpeg, FRAME_HEIGHT, FRAME_WIDTH } from '../../support/media';

let folder: string;
beforeEach(async () => {
	folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'thumbnail-')));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

const fast = ['-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '4'];

async function made(name: string, args: readonly string[]): Promise<string> {
	const file = path.join(folder, name);
	await mkdir(path.dirname(file), { recursive: true });
	await ffmpeg([...args, file]);
	return file;
}

const plain = (colour: string, size: string, lengthSec = 1): string[] => [
	...['-f', 'lavfi', '-i', `color=c=${colour}:size=${size}:rate=25:duration=${lengthSec}`],
];

/** In the middle of a picture. Without a seek, behind which FFmpeg finds nothing in some JPEGs. */
async function colourOf(picture: string): Promise<readonly [number, number, number]> {
	const raw = `${picture}.rgb`;
	const look = `scale=${FRAME_WIDTH}:${FRAME_HEIGHT}`;
	await ffmpeg(['-i', picture, '-vf', look, '-pix_fmt', 'rgb24', '-f', 'rawvideo', raw]);
	const frame = await readFile(raw);
	await rm(raw);
	return colourAt(frame, 0.5, 0.5);
}

const thumbnail = (sourcePath: string, more: Partial<Parameters<typeof makeThumbnail>[0]> = {}) =>
	makeThumbnail({ sourcePath, outputFolder: path.join(folder, 'out'), at: 0.2, format: 'jpg', ...more });

it('keeps the pictures of two videos of one name apart, and gives the same picture the same name', async () => {
	const red = await made('a/video.mp4', [...plain('red', '320x240'), ...fast]);
	const blue = await made('b/video.mp4', [...plain('blue', '320x240'), ...fast]);
	const [first, second, again] = [await thumbnail(red), await thumbnail(blue), await thumbnail(red)];
	expect(again.path).toBe(first.path);
	expect((await readdir(path.join(folder, 'out'))).sort()).toEqual(
		[first.path, second.path].map((file) => path.basename(file)).sort(),
	);
	expect((await colourOf(first.path))[0]).toBeGreaterThan(200);
	expect((await colourOf(second.path))[2]).toBeGreaterThan(200);
});

it('names a picture after its video also where that name is as long as one can be', async () => {
	for (const name of ['x'.repeat(251), '😀'.repeat(62)]) {
		const source = await made(`${name}.mp4`, [...plain('red', '320x240'), ...fast]);
		const { path: file } = await thumbnail(source);
		expect(path.basename(file).startsWith(name.slice(0, 80))).toBe(true);
		expect((await colourOf(file))[0]).toBeGreaterThan(200);
	}
});

it.each([
	['wide pixels', '64/45', undefined, { widthPx: 1024, heightPx: 576 }],
	['wide pixels, made smaller', '64/45', 512, { widthPx: 512, heightPx: 288 }],
	['narrow pixels', '1/2', undefined, { widthPx: 360, heightPx: 576 }],
])('has the shape that people see: %s', async (_what, shape, maxWidthPx, size) => {
	const source = await made('wide.mp4', [...plain('green', '720x576'), '-vf', `setsar=${shape}`, ...fast]);
	const { path: file } = await thumbnail(source, { maxWidthPx });
	expect(await readPictureSize(file, new AbortController().signal)).toEqual(size);
});

it.each(['jpg', 'png'] as const)('shows HDR as bright as a usual screen does, as %s', async (format) => {
	const source = await made('hdr.mp4', [
		...[...plain('0x949494', '540x960'), '-pix_fmt', 'yuv420p10le', '-c:v', 'libx265', '-preset'],
		...['ultrafast', '-x265-params'],
		'colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:log-level=error',
	]);
	const { path: file } = await thumbnail(source, { format });
	expect((await colourOf(file))[0]).toBeGreaterThan(165);
});

describe.each(['jpg', 'png'] as const)('as %s', (format) => {
	it.each([
		['HD that says so', { size: '720x1280', matrix: 'bt709', told: 'bt709', range: 'tv' }],
		['HD that does not say so', { size: '720x1280', matrix: 'bt709', told: 'unknown', range: 'tv' }],
		['HD in the range of a computer', { size: '720x1280', matrix: 'bt709', told: 'bt709', range: 'pc' }],
		[
			'old television that does not say so',
			{ size: '304x540', matrix: 'bt601', told: 'unknown', range: 'tv' },
		],
	])('keeps the colours of %s', async (_what, { size, matrix, told, range }) => {
		const source = await made('coloured.mp4', [
			...['-f', 'lavfi', '-i', `color=c=0xC8503C:size=${size}:rate=30:duration=1,format=rgb24`, '-vf'],
			`scale=out_color_matrix=${matrix}:out_range=${range},format=yuv420p,setparams=colorspace=${told}`,
			...fast,
		]);
		const { path: file } = await thumbnail(source, { format });
		const colour = await colourOf(file);
		const off = [0xc8, 0x50, 0x3c].map((wanted, at) => Math.abs((colour[at] ?? 0) - wanted));
		expect(Math.max(...off)).toBeLessThanOrEqual(4);
	});
});

it.each([
	['at the very end', ['-t', '2'], 1.99],
	['where the sound outlasts the picture', ['-t', '6'], 5],
])('shows the last picture for a time %s', async (_what, soundLength, at) => {
	const source = await made('ends.mkv', [
		...[...plain('red', '320x240', 2), '-f', 'lavfi', ...soundLength, '-i', 'sine'],
		...['-vf', "drawbox=color=blue:t=fill:enable='gte(t,1.95)'", ...fast, '-c:a', 'aac'],
	]);
	const { path: file, atSec, reason } = await thumbnail(source, { at });
	// The sound begins a little before the picture (its encoder's first samples).
	expect(Math.abs(atSec - 1.97)).toBeLessThan(0.03);
	expect(reason).toContain('last picture');
	expect((await colourOf(file))[2]).toBeGreaterThan(200);
});

it('shows one moment of a video in half pictures', async () => {
	const source = await made('interlaced.mp4', [
		...['-f', 'lavfi', '-i', 'color=c=black:size=320x240:rate=50:duration=1', '-vf'],
		"drawbox=color=white:t=fill:enable='mod(n,2)',tinterlace=interleave_top,fieldorder=tff",
		...[...fast, '-flags', '+ildct+ilme'],
	]);
	const { path: file } = await thumbnail(source, { format: 'png' });
	const said = await ffmpeg(['-i', file, '-vf', 'format=gray,signalstats,metadata=print', '-f', 'null', '-']);
	const [darkest, lightest] = ['YMIN', 'YMAX'].map((name) =>
		Number(new RegExp(`${name}=(\\d+)`).exec(said)?.[1]),
	);
	expect((lightest ?? 255) - (darkest ?? 0)).toBeLessThan(40);
});

it('finds a time in what a browser recorded, which has no index', async () => {
	const source = await made('recording.webm', [
		...[...plain('red', '320x240', 3), '-vf', "drawbox=color=blue:t=fill:enable='gte(t,1.99)'"],
		...['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-threads', '1', '-live', '1'],
	]);
	const before = await thumbnail(source, { at: 1.5 });
	const after = await thumbnail(source, { at: 2.5 });
	expect((await colourOf(before.path))[0]).toBeGreaterThan(200);
	expect((await colourOf(after.path))[2]).toBeGreaterThan(200);
	expect((await thumbnail(source, { at: 'best' })).atSec).toBeLessThan(3);
});

it('refuses a width at which nothing could be seen, and says which would do', async () => {
	const source = await made('small.mp4', [...plain('red', '320x240'), ...fast]);
	await expect(thumbnail(source, { maxWidthPx: 1 })).rejects.toMatchObject({
		code: 'settings',
		remedy: expect.stringContaining('16') as string,
	});
	const { path: file } = await thumbnail(source, { maxWidthPx: 16 });
	expect(await readPictureSize(file, new AbortController().signal)).toEqual({ widthPx: 16, heightPx: 12 });
});
