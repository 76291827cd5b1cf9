import { cp, mkdtemp, readdir, readFile, rm, stat, unlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { extractClips, type ExtractResult } from '../../../lib/clips';
import { probe } from '../../../lib/media';
import { ffmpeg, frameAt, measuredLoudness, talkVideo } from '../../support/media';

jest.setTimeout(600_000);

// One real run serves all questions: it is the dearest thing in this suite.
let folder: string;
let result: ExtractResult;
const wishes = { wantedClips: 3, minSec: 9, maxSec: 13 };

beforeAll(async () => {
	folder = await mkdtemp(path.join(os.tmpdir(), 'talk-'));
	result = await extractClips({ sourcePath: await talkVideo(), outputFolder: folder, ...wishes });
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

it('hears what is said, with the embedded model and nothing from the network', () => {
	expect(result.transcript).toMatchObject({
		method: 'embedded-model',
		language: 'en',
		wordTiming: 'aligned',
	});
	const heard = result.transcript.words
		.map((word) => word.text)
		.join(' ')
		.toLowerCase();
	const said = [
		'take the teacher',
		'great things',
		'a little bit about how copyright works',
		'copyright protects your creativity',
		"luckily, there's an answer",
		'it only takes a minute',
		'answer a few quick questions',
		"you don't give up your copyright",
		'where collaboration rules',
	];
	expect(said.filter((phrase) => !heard.includes(phrase))).toEqual([]);
});

it('makes as many clips as were wanted, each with score, reason and texts', () => {
	expect(result.clips).toHaveLength(wishes.wantedClips);
	for (const clip of result.clips) {
		expect(clip.score).toBeGreaterThan(20);
		expect(clip.reason).toMatch(/^It .+\.$/);
		expect(clip.suggestions.title.length).toBeGreaterThan(5);
		expect(clip.clipId).toMatch(/^[0-9a-f]{24}$/);
	}
});

it('writes files that decode from the first to the last frame, upright and of the length they claim', async () => {
	for (const clip of result.clips) {
		const facts = await probe(clip.path);
		expect(facts.video).toMatchObject({ width: 1080, height: 1920, codec: 'h264', pixelFormat: 'yuv420p' });
		expect(facts.audio).toMatchObject({ codec: 'aac', sampleRateHz: 48_000, channels: 2 });
		// One frame of the picture, and one of the sound.
		const frameSec = 1 / (facts.video?.fps ?? 30);
		expect(Math.abs(facts.durationSec - clip.durationSec)).toBeLessThanOrEqual(frameSec + 0.022);
		expect((await stat(clip.path)).size).toBe(clip.sizeBytes);
		const errors = await ffmpeg(['-v', 'error', '-xerror', '-i', clip.path, '-f', 'null', '-']);
		expect(errors.trim()).toBe('');
	}
});

it('lets a player start before the whole file is there', async () => {
	for (const clip of result.clips) {
		const head = (await readFile(clip.path)).subarray(0, 64 * 1024);
		expect(head.includes('moov')).toBe(true);
	}
});

it('brings every clip to -14 LUFS with peaks below -1 dBTP', async () => {
	for (const clip of result.clips) {
		const { lufs, peakDb } = await measuredLoudness(clip.path);
		expect(Math.abs(lufs + 14)).toBeLessThanOrEqual(1);
		expect(peakDb).toBeLessThanOrEqual(-1);
	}
});

it('makes nothing again when everything is there, and only what is missing when something is not', async () => {
	// In a copy: the tests run in any order.
	const copy = await mkdtemp(path.join(os.tmpdir(), 'talk-again-'));
	await cp(folder, copy, { recursive: true });
	const options = { sourcePath: await talkVideo(), outputFolder: copy, ...wishes };
	const [, second] = result.clips;
	await unlink(path.join(copy, path.basename(second!.path)));
	const again = await extractClips(options);
	expect(again.clips.map((clip) => clip.isReused)).toEqual([true, false, true]);
	expect(again.clips.map((clip) => clip.clipId)).toEqual(result.clips.map((clip) => clip.clipId));
	expect(again.clips.map((clip) => clip.sha256)).toEqual(result.clips.map((clip) => clip.sha256));
	expect(again.transcript).toEqual(result.transcript);
	const third = await extractClips(options);
	expect(third.clips.every((clip) => clip.isReused)).toBe(true);
	await rm(copy, { recursive: true, force: true });
});

it('shows captions in the lower part of the picture while words are said, and nowhere else', async () => {
	const [first] = result.clips;
	const without = await extractClips({
		sourcePath: await talkVideo(),
		outputFolder: folder,
		...wishes,
		look: { captions: false },
		wantedClips: 1,
	});
	const bare = without.clips[0]!;
	const same = result.clips.find((clip) => clip.startSec === bare.startSec) ?? first!;
	const word = result.transcript.words.find((each) => each.startSec > bare.startSec + 3)!;
	const at = (word.startSec + word.endSec) / 2;
	const [a, b] = [await frameAt(same.path, at - same.startSec), await frameAt(bare.path, at - bare.startSec)];
	expect(same.startSec).toBe(bare.startSec);
	const rowDifference = (from: number, to: number): number => {
		const [start, end] = [from, to].map((share) => Math.floor(share * 192) * 108 * 3);
		const differences = a.subarray(start, end).map((value, i) => Math.abs(value - (b[start! + i] ?? 0)));
		return Math.max(...differences);
	};
	expect(rowDifference(0.62, 0.8)).toBeGreaterThan(100);
	expect(rowDifference(0, 0.55)).toBeLessThan(40);
	// The apps lay their own texts over the lowest fifth.
	expect(rowDifference(0.81, 1)).toBeLessThan(40);
});

it('leaves nothing behind but clips with their notes and the transcript', async () => {
	const names = await readdir(folder);
	expect(
		names.filter((name) => !/^(clip-[0-9a-f]{24}\.(mp4|json)|transcript-[0-9a-f]{24}\.json)$/.test(name)),
	).toEqual([]);
});
