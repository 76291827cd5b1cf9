// Where a drawn person is in the finished clip, read from its pixels: nothing of what made the clip is asked.
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import type { Aspect } from '../../lib/clips/framing/aspect';
import { encodingProfiles } from '../../lib/clips/encoding-profiles';
import { renderClip } from '../../lib/clips/render-clip';
import { probe, runFfmpeg } from '../../lib/media';
import { drawVideo, isSkin, type DrawnVideo } from './drawn-people';

const WIDTH = 120;
const HEIGHT = 120;
const FADE_SEC = 0.25;

export interface Followed {
	/** Share of all frames in which the person's centre is in the middle half of the clip. */
	readonly inside: number;
	/** The fastest pan of the crop, in its own widths per second; cuts do not count. */
	readonly fastestPan: number;
	/** Of the crop's way inside shots, how far the pixels are from the plan at most, as a share of the source's width. */
	readonly offPlan: number;
	readonly frames: number;
}

/** @param personX where the person whom the clip should show is in the source, as a share of its width. */
export async function follow(
	video: DrawnVideo,
	wanted: {
		readonly aspect: Aspect;
		readonly cutsSec: readonly number[];
		readonly personX: (sec: number) => number;
	},
): Promise<Followed> {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'follow-'));
	try {
		const [sourcePath, clip] = [path.join(folder, 'source.mp4'), path.join(folder, 'clip.mp4')];
		await drawVideo(sourcePath, video);
		const source = await probe(sourcePath);
		const { plans } = await renderClip({
			...{ sourcePath, source, startSec: 0, endSec: video.lengthSec, words: [] },
			outputs: [{ aspect: wanted.aspect, profile: encodingProfiles.everywhere, targetPath: clip }],
			...{ workFolder: folder, signal: new AbortController().signal, deadlineMs: 600_000 },
		});
		const crop = plans[0]?.crop;
		if (!crop || !source.video) throw new Error(`Nothing was cropped: ${plans[0]?.reason}`);
		const widthPx = source.video.width;
		// The clip ends in black: nobody is to be seen in that.
		const centres = (await personCentres(clip)).slice(0, -Math.ceil(video.fps * FADE_SEC));
		const cuts = wanted.cutsSec.map((sec) => Math.round(sec * video.fps));
		const pans = crop.offsets.flatMap((offset, frame) =>
			frame === 0 || cuts.includes(frame) ? [] : [Math.abs(offset - (crop.offsets[frame - 1] ?? offset))],
		);
		const off = centres.map((centre, frame) => {
			const shownAt = (crop.offsets[frame] ?? 0) + centre * crop.window.width;
			return Math.abs(shownAt / widthPx - wanted.personX(frame / video.fps));
		});
		return {
			inside: centres.filter((centre) => Math.abs(centre - 0.5) <= 0.25).length / centres.length,
			fastestPan: (Math.max(...pans) * video.fps) / crop.window.width,
			offPlan: Math.max(...off),
			frames: centres.length,
		};
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** The middle of all skin, per frame, as a share of the clip's width; 0 where there is none. */
async function personCentres(clip: string): Promise<number[]> {
	const frameBytes = WIDTH * HEIGHT * 3;
	const parts: Buffer[] = [];
	await runFfmpeg({
		inputs: [{ source: clip }],
		outputOptions: ['-vf', `scale=${WIDTH}:${HEIGHT}`, '-pix_fmt', 'rgb24', '-f', 'rawvideo'],
		output: 'pipe:1',
		onBytes: (bytes) => parts.push(bytes),
		deadlineMs: 300_000,
	});
	const all = Buffer.concat(parts);
	return Array.from({ length: Math.floor(all.length / frameBytes) }, (_none, frame) =>
		skinCentre(all.subarray(frame * frameBytes, (frame + 1) * frameBytes)),
	);
}

function skinCentre(rgb: Buffer): number {
	let [sum, count] = [0, 0];
	for (let at = 0; at < WIDTH * HEIGHT; at++) {
		if (!isSkin(rgb[at * 3] ?? 0, rgb[at * 3 + 1] ?? 0, rgb[at * 3 + 2] ?? 0)) continue;
		sum += (at % WIDTH) + 0.5;
		count++;
	}
	return count === 0 ? 0 : sum / count / WIDTH;
}

const wave = (sec: number, lengthSec: number): number =>
	0.5 - 0.5 * Math.cos((sec * 2 * Math.PI) / lengthSec);

/** Somebody who walks through the picture and back; after a cut somebody sits elsewhere. */
export function walkThenCut(lengthSec: number) {
	const cutSec = Math.round(lengthSec * 0.7);
	const personX = (sec: number): number => (sec < cutSec ? 0.2 + 0.6 * wave(sec, 10) : 0.25);
	const sceneAt = (sec: number) => ({
		place: sec < cutSec ? 0 : 2,
		faces: [{ x: personX(sec), y: 0.45, height: 0.4, mouth: Math.abs(Math.sin(sec * 8)) }],
	});
	return { video: { lengthSec, fps: 30, sceneAt }, personX, cutsSec: [cutSec] };
}

/** Two people at a table, too far apart for one crop; the left one says most, the right one answers. */
export function twoSpeakers(lengthSec: number) {
	const speaks = (sec: number): number => Math.abs(Math.sin(sec * 9));
	const personX = (sec: number): number => 0.24 + 0.012 * Math.sin(sec);
	const sceneAt = (sec: number) => {
		const isLeft = sec % 6 < 4.5;
		return {
			place: 0,
			faces: [
				{ x: personX(sec), y: 0.45, height: 0.4, mouth: isLeft ? speaks(sec) : 0 },
				{ x: 0.77 + 0.01 * Math.sin(sec * 1.3), y: 0.46, height: 0.4, mouth: isLeft ? 0 : speaks(sec) },
			],
		};
	};
	return { video: { lengthSec, fps: 30, sceneAt }, personX, cutsSec: [] };
}
