import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { extractClips, type ExtractOptions, type ExtractResult } from '../../../lib/clips';
import { probe } from '../../../lib/media';
import {
	colourAt,
	ffmpeg,
	fiveSecondVideo,
	frameAt,
	halfMinuteTalk,
	measuredLoudness,
	musicOnlyVideo,
	oddSizeVideo,
	rotatedPhoneVideo,
	silentVideo,
	spokenVideo,
	textNamedVideo,
	videoWithoutSound,
} from '../../support/media';

jest.setTimeout(240_000);

let folder: string;
beforeEach(async () => {
	folder = await mkdtemp(path.join(os.tmpdir(), 'edges-'));
});
afterEach(async () => {
	jest.restoreAllMocks();
	await rm(folder, { recursive: true, force: true });
});

const extract = (sourcePath: string, more: Partial<ExtractOptions> = {}): Promise<ExtractResult> =>
	extractClips({ sourcePath, outputFolder: path.join(folder, 'out'), wantedClips: 1, ...more });

async function twoSecondVideo(): Promise<string> {
	const video = path.join(folder, 'short.mp4');
	await ffmpeg(['-t', '2', '-i', await fiveSecondVideo(), '-c', 'copy', video]);
	return video;
}

const srt =
	'1\n00:00:02,000 --> 00:00:06,000\nHoney never spoils.\n\n2\n00:00:06,500 --> 00:00:11,000\nDid you know that?\n';

it.each([
	['a file that is not there', async () => path.join(folder, 'nope.mp4'), 'source-missing'],
	['a text that is named like a video', textNamedVideo, 'source-unreadable'],
	['a video without sound', videoWithoutSound, 'no-audio'],
	['digital silence', silentVideo, 'no-speech'],
	['tones without a voice', musicOnlyVideo, 'no-speech'],
	['a video of two seconds', twoSecondVideo, 'too-short'],
])('answers %s with what happened and what to do', async (_what, video, code) => {
	const error: unknown = await extract(await video()).catch((reason: unknown) => reason);
	expect(error).toMatchObject({ name: 'ClipError', code, message: expect.stringMatching(/\.$/) as string });
	expect((error as { remedy: string }).remedy.length).toBeGreaterThan(20);
});

it('makes one clip of the whole when the video is shorter than the shortest clip', async () => {
	const { clips } = await extract(await fiveSecondVideo(), { wantedClips: 4 });
	expect(clips).toHaveLength(1);
	expect(clips[0]!.durationSec).toBeGreaterThan(4);
	expect(clips[0]!.transcript.toLowerCase()).toContain('only takes a minute');
});

it('works without sound when a subtitle file lies beside the video, and gives the clip a silent track', async () => {
	const video = path.join(folder, 'talk.mp4');
	await copyFile(await videoWithoutSound(), video);
	await writeFile(path.join(folder, 'talk.srt'), srt);
	const { clips, transcript } = await extract(video, { minSec: 5 });
	expect(transcript).toMatchObject({ method: 'subtitle-file', methodDetail: 'talk.srt' });
	expect(clips[0]!.transcript).toBe('Honey never spoils. Did you know that?');
	expect((await probe(clips[0]!.path)).audio).toMatchObject({ codec: 'aac' });
	expect((await measuredLoudness(clips[0]!.path)).lufs).toBeLessThan(-60);
});

it('turns a rotated phone video the right side up', async () => {
	const { clips } = await extract(await rotatedPhoneVideo(), { look: { captions: false } });
	const frame = await frameAt(clips[0]!.path, 2);
	const [topLeft, topRight, bottomLeft] = [
		colourAt(frame, 0.2, 0.2),
		colourAt(frame, 0.8, 0.2),
		colourAt(frame, 0.2, 0.8),
	];
	expect(topLeft[0]).toBeGreaterThan(180);
	expect(topRight[2]).toBeGreaterThan(180);
	expect(bottomLeft[2]).toBeGreaterThan(180);
	expect(clips[0]!.framing.mode).toBe('crop');
});

it('brings odd sizes, wide pixels and 4:4:4 colour into the same upright format', async () => {
	const { clips } = await extract(await oddSizeVideo());
	expect((await probe(clips[0]!.path)).video).toMatchObject({
		width: 1080,
		height: 1920,
		pixelFormat: 'yuv420p',
	});
});

it('leaves no half file and no working folder when it is cancelled while it renders', async () => {
	const stop = new AbortController();
	// A place of our own: other runs on this machine come and go in the shared one.
	const temporary = await mkdtemp(path.join(os.tmpdir(), 'edges-tmp-'));
	jest.spyOn(os, 'tmpdir').mockReturnValue(temporary);
	const subtitlePath = path.join(folder, 'talk.srt');
	await writeFile(subtitlePath, srt);
	const run = extract(await halfMinuteTalk(), {
		minSec: 5,
		transcription: { subtitlePath },
		signal: stop.signal,
		onProgress: ({ step, share }) => {
			if (step === 'render' && share > 0.45 && share < 1) stop.abort();
		},
	});
	await expect(run).rejects.toMatchObject({ code: 'cancelled' });
	expect(await readdir(path.join(folder, 'out'))).toEqual([]);
	expect(await readdir(temporary)).toEqual([]);
	await rm(temporary, { recursive: true });
});

it('stops the speech model, too, when it is cancelled while it listens', async () => {
	const stop = new AbortController();
	const run = extract(await halfMinuteTalk(), {
		signal: stop.signal,
		onProgress: ({ step }) => {
			if (step === 'transcribe') setTimeout(() => stop.abort(), 300);
		},
	});
	await expect(run).rejects.toMatchObject({ code: 'cancelled' });
});

it('says that the deadline was too short when it was', async () => {
	await expect(extract(await halfMinuteTalk(), { deadlineMs: 500 })).rejects.toMatchObject({
		code: 'deadline',
	});
});

it('times the edges of sentences to a quarter of a second', async () => {
	const said = [
		'Did you know that honey never spoils?',
		'People could still eat it after a very long time.',
		'That is because it holds very little water.',
	];
	const { transcript } = await extract(await spokenVideo('edges', said, 1), {
		minSec: 3,
		look: { captions: false },
	});
	expect(transcript.sentences).toHaveLength(3);
	// flite leaves about 0.2 s of silence before and after each sentence, hence 1.4 s between two.
	transcript.sentences.slice(1).forEach((sentence, index) => {
		const gapSec = sentence.startSec - transcript.sentences[index]!.endSec;
		expect(Math.abs(gapSec - 1.4)).toBeLessThan(0.25);
	});
	expect(Math.abs(transcript.sentences[0]!.startSec - 1.2)).toBeLessThan(0.25);
});
