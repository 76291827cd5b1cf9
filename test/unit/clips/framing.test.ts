import { clipIdentity } from '../../../lib/clips/clip-identity';
import { encodingProfiles, outputFps, outputSize, videoKbps } from '../../../lib/clips/encoding-profiles';
import { aspects, cropWindow, frameSizes } from '../../../lib/clips/framing/aspect';
import { cameraScript } from '../../../lib/clips/framing/framing-graph';
import { cutsOf } from '../../../lib/clips/framing/cuts';
import { framingOf, framingWithoutLooking } from '../../../lib/clips/framing/plan-framing';
import type { Sample } from '../../../lib/clips/framing/watch-source';

it.each([
	['1080x1920', '9:16', 'crop', 'as it is'],
	['1080x1920', '4:5', undefined, ''],
	['1920x1080', '9:16', undefined, ''],
	['1280x720', '9:16', undefined, ''],
	['1920x1080', '16:9', 'crop', 'as it is'],
	['480x352', '9:16', 'fit-blur', 'too small'],
] as const)('knows of %s in %s without looking: %s', (size, aspect, mode, why) => {
	const [width = 0, height = 0] = size.split('x').map(Number);
	const plan = framingWithoutLooking({ width, height }, aspect);
	expect(plan?.mode).toBe(mode);
	expect(plan?.reason ?? '').toContain(why);
});

const picture = { width: 1920, height: 1080 };
const wishes = { picture, aspect: '9:16' as const, fps: 30, lengthSec: 6 };
const face = (x: number) => ({ x: x - 0.05, y: 0.3, width: 0.1, height: 0.2, score: 0.9, speaking: 0 });
const samples = (faces: (sec: number) => number[]): Sample[] =>
	Array.from({ length: 18 }, (_none, index) => ({
		atSec: index / 3,
		faces: faces(index / 3).map(face),
		motion: undefined,
	}));

it('shows the whole picture where there is nobody and nothing moves', () => {
	const plan = framingOf({ samples: samples(() => []), cutsSec: [], said: '' }, wishes);
	expect(plan.mode).toBe('fit-blur');
	expect(plan.crop).toBeUndefined();
});

it('stands on the new person in the very frame of a cut', () => {
	const cutSec = 3;
	const watched = { samples: samples((sec) => [sec < cutSec ? 0.2 : 0.8]), cutsSec: [cutSec], said: '' };
	const offsets = framingOf(watched, wishes).crop?.offsets ?? [];
	const centre = (frame: number): number => ((offsets[frame] ?? 0) + 304) / 1920;
	expect(offsets).toHaveLength(180);
	expect(centre(89)).toBeCloseTo(0.2, 1);
	expect(centre(90)).toBeCloseTo(0.8, 1);
});

it('shows both people when both fit into the middle of the crop, and one of them for good when they do not', () => {
	const near = framingOf({ samples: samples(() => [0.45, 0.57]), cutsSec: [], said: '' }, wishes);
	expect(near.reason).toContain('people');
	expect(((near.crop?.offsets[90] ?? 0) + 304) / 1920).toBeCloseTo(0.51, 1);
	const apart = framingOf({ samples: samples(() => [0.2, 0.8]), cutsSec: [], said: '' }, wishes);
	expect(new Set(apart.crop?.offsets).size).toBe(1);
});

it('crops shots with a person and shows shots without one whole', () => {
	const watched = { samples: samples((sec) => (sec < 3 ? [0.3] : [])), cutsSec: [3], said: '' };
	const plan = framingOf(watched, wishes);
	expect(plan.mode).toBe('mixed');
	expect(plan.fitted).toEqual([{ startSec: 3, endSec: 6 }]);
});

it('tells a cut between two rooms of one colour from a hand that waves', () => {
	const cut = { atSec: 4, score: 0.2 };
	const hand = [10, 10.1, 10.2, 10.3].map((atSec) => ({ atSec, score: 0.2 }));
	expect(cutsOf([cut, ...hand, { atSec: 20, score: 0.6 }])).toEqual([4, 20]);
});

it('takes a face that is seen once for a mistake', () => {
	const watched = { samples: samples((sec) => (sec === 1 ? [0.3] : [])), cutsSec: [], said: '' };
	expect(framingOf(watched, wishes).mode).toBe('fit-blur');
});

it('tells ffmpeg only of moves, half a frame before they happen', () => {
	const plan = framingOf({ samples: samples(() => [0.5]), cutsSec: [], said: '' }, wishes);
	const still = cameraScript(plan, { name: 'v0', fps: 30 });
	expect(still?.trim().split('\n')).toHaveLength(1);
	const window = cropWindow(picture, frameSizes['9:16']);
	const moving = { ...plan, crop: { window, offsets: [0, 0, 4] } };
	expect(cameraScript(moving, { name: 'v0', fps: 30 })).toBe(
		'0.0000 crop@camerav0 x 0;\n0.0500 crop@camerav0 x 4;\n',
	);
});

it.each(aspects)('cuts a window of the shape %s that lies inside of every picture', (aspect) => {
	for (const [width, height] of [
		[1920, 1080],
		[1080, 1920],
		[640, 480],
		[2560, 1080],
		[468, 240],
	] as const) {
		const window = cropWindow({ width, height }, frameSizes[aspect]);
		expect(window.width).toBeLessThanOrEqual(width);
		expect(window.height).toBeLessThanOrEqual(height);
		const shape = frameSizes[aspect].width / frameSizes[aspect].height;
		expect(Math.abs(window.width / window.height - shape)).toBeLessThan(0.02);
	}
});

it.each([
	[30, 30],
	[29.97, 29.97],
	[25, 25],
	[60, 30],
	[50, 25],
	[59.94, 29.97],
	[23.976, 24],
	[15, 30],
	[12, 30],
	[240, 30],
])('turns %d pictures a second into %d, which every network takes', (source, output) => {
	expect(outputFps(source, encodingProfiles.everywhere)).toBeCloseTo(output, 3);
});

it('stays below what a network takes, in size and in bytes', () => {
	expect(outputSize('9:16', encodingProfiles.x)).toEqual({ width: 720, height: 1280 });
	const { instagram } = encodingProfiles;
	const bytes =
		((videoKbps(instagram, instagram.maxSec) + instagram.audioKbps) * 1000 * instagram.maxSec) / 8;
	expect(bytes).toBeLessThan(instagram.maxBytes);
});

it('gives one content one name, and any other content another', () => {
	const base = { sourceSha256: 'a'.repeat(64), startSec: 1, endSec: 20.5, look: ['9:16', 'box'] };
	const others = [
		{ ...base, sourceSha256: 'b'.repeat(64) },
		{ ...base, startSec: 1.001 },
		{ ...base, endSec: 20.501 },
		{ ...base, look: ['1:1', 'box'] },
		{ ...base, look: ['9:16', null] },
	];
	expect(clipIdentity({ ...base })).toBe(clipIdentity(base));
	expect(new Set([base, ...others].map(clipIdentity)).size).toBe(others.length + 1);
});
