import path from 'node:path';

import { ClipError, type MediaFacts } from '../media';
import { SHORTEST_CLIP_SEC } from './highlights';

export const defaults = {
	wantedClips: 4,
	minSec: 15,
	maxSec: 60,
	captions: true,
	deadlineMs: 3_600_000,
} as const;

interface Wishes {
	readonly wantedClips?: number | undefined;
	readonly minSec?: number | undefined;
	readonly maxSec?: number | undefined;
}

/** Refuses wishes that no video could fulfil. */
export function checkWishes(options: Wishes): void {
	const { wantedClips = defaults.wantedClips, minSec = defaults.minSec, maxSec = defaults.maxSec } = options;
	const problem =
		!Number.isInteger(wantedClips) || wantedClips < 1 || wantedClips > 50
			? `The number of clips must be between 1 and 50, not ${wantedClips}.`
			: !(minSec >= SHORTEST_CLIP_SEC)
				? `The shortest clip must be at least ${SHORTEST_CLIP_SEC} seconds, not ${minSec}.`
				: !(maxSec >= minSec && maxSec <= 900)
					? `The longest clip must be between the shortest (${minSec} s) and 900 seconds, not ${maxSec}.`
					: undefined;
	if (problem) throw new ClipError('settings', problem, 'Correct the number and run it again.');
}

/** Refuses what can never become a clip, before any work is done. */
export function checkSource(sourcePath: string, facts: MediaFacts): void {
	const name = path.basename(sourcePath);
	if (!facts.video || facts.video.width === 0) {
		throw new ClipError(
			'no-video',
			`"${name}" has no picture.`,
			'Give a video file; sound alone cannot become clips.',
		);
	}
	if (facts.durationSec < SHORTEST_CLIP_SEC) {
		throw new ClipError(
			'too-short',
			`"${name}" lasts ${facts.durationSec.toFixed(1)} seconds; a clip needs at least ${SHORTEST_CLIP_SEC}.`,
			`Give a video of at least ${SHORTEST_CLIP_SEC} seconds.`,
		);
	}
}

export function tooLittleSpeech(sourcePath: string): ClipError {
	return new ClipError(
		'too-short',
		`What is said in "${path.basename(sourcePath)}" is too short for a clip of at least ${SHORTEST_CLIP_SEC} seconds.`,
		'Give a video with more speech, or a subtitle file that belongs to it.',
	);
}
