// Who or what a shot is about: the face that is there longest, is largest and moves its mouth most; without faces, the
// one thing that moves.
import { overlap, type FaceBox } from './find-faces';
import type { Shot, Target } from './camera-path';
import type { Sample, SeenFace } from './watch-source';

export interface Subject {
	readonly kind: 'face' | 'faces' | 'motion';
	readonly targets: readonly Target[];
}

interface Track {
	readonly seen: { readonly sample: number; readonly atSec: number; readonly face: SeenFace }[];
}

// A face that is seen in fewer of the samples is a poster, a passer-by or a mistake.
const LEAST_PRESENCE = 0.35;
// Somebody who counts nearly as much as the most important person is kept in the picture when there is room.
const COUNTS_TOO = 0.4;
const MOST_MISSED_SAMPLES = 4;
// Motion all over the picture is a moving camera, not a subject.
const COMPACT_SPREAD = 0.13;
const LEAST_MOTION = 0.004;

/** @param size of the crop along the axis, as a share of the picture. */
export function findSubject(samples: readonly Sample[], axis: 'x' | 'y', size: number): Subject | undefined {
	const tracks = faceTracks(samples)
		.filter(({ seen }) => seen.length >= Math.max(1, samples.length * LEAST_PRESENCE))
		.map((track) => ({ track, weight: importance(track, samples) }))
		.sort((a, b) => b.weight - a.weight);
	const [most] = tracks;
	if (!most) return motionSubject(samples, axis);
	const others = tracks.filter(({ weight }) => weight >= most.weight * COUNTS_TOO).map(({ track }) => track);
	if (others.length > 1 && fitTogether(others, axis, size)) {
		return { kind: 'faces', targets: togetherTargets(others, samples, axis) };
	}
	return {
		kind: 'face',
		targets: most.track.seen.map(({ atSec, face }) => ({ atSec, centre: centreOf(face, axis) })),
	};
}

/** Joins the faces of neighbouring samples that are at about the same place. */
export function faceTracks(samples: readonly Sample[]): Track[] {
	const tracks: Track[] = [];
	samples.forEach(({ atSec, faces }, sample) => {
		const free = new Set(tracks.filter((track) => sample - lastOf(track).sample <= MOST_MISSED_SAMPLES));
		for (const face of [...faces].sort((a, b) => b.score - a.score)) {
			const near = [...free]
				.map((track) => ({ track, closeness: closeness(lastOf(track).face, face) }))
				.sort((a, b) => b.closeness - a.closeness)[0];
			if (near && near.closeness > 0) {
				near.track.seen.push({ sample, atSec, face });
				free.delete(near.track);
			} else tracks.push({ seen: [{ sample, atSec, face }] });
		}
	});
	return tracks;
}

function lastOf(track: Track): Track['seen'][number] {
	const last = track.seen[track.seen.length - 1];
	if (!last) throw new Error('A track begins with a face.');
	return last;
}

/** Above 0 for boxes that can be one person a moment later: near by, and about as large. */
function closeness(before: FaceBox, now: FaceBox): number {
	const ratio = before.width / now.width;
	if (ratio < 0.5 || ratio > 2) return 0;
	const apart = Math.hypot(
		(centreOf(before, 'x') - centreOf(now, 'x')) / before.width,
		(centreOf(before, 'y') - centreOf(now, 'y')) / before.height,
	);
	return Math.max(overlap(before, now), 1 - apart / 1.5);
}

function importance({ seen }: Track, samples: readonly Sample[]): number {
	const mean = (values: readonly number[]): number =>
		values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
	const size = mean(seen.map(({ face }) => Math.sqrt(face.width * face.height)));
	const speaking = mean(seen.map(({ face }) => face.speaking));
	return (seen.length / samples.length) * size * (1 + 20 * Math.min(0.2, speaking));
}

// Both inside the middle half of the crop, or it would promise a good view of people at its edges.
function fitTogether(tracks: readonly Track[], axis: 'x' | 'y', size: number): boolean {
	const centres = tracks.flatMap(({ seen }) => seen.map(({ face }) => centreOf(face, axis)));
	return Math.max(...centres) - Math.min(...centres) <= size * 0.5;
}

function togetherTargets(tracks: readonly Track[], samples: readonly Sample[], axis: 'x' | 'y'): Target[] {
	const centres = tracks.flatMap(({ seen }) => seen.map(({ face }) => centreOf(face, axis)));
	const centre = (Math.max(...centres) + Math.min(...centres)) / 2;
	return samples.map(({ atSec }) => ({ atSec, centre }));
}

function motionSubject(samples: readonly Sample[], axis: 'x' | 'y'): Subject | undefined {
	const moving = samples.flatMap(({ atSec, motion }) => {
		const found = motion?.[axis];
		return found && motion.amount >= LEAST_MOTION && found.spread <= COMPACT_SPREAD
			? [{ atSec, centre: found.centre }]
			: [];
	});
	const isMostly = moving.length >= Math.max(2, samples.length * 0.5);
	return isMostly ? { kind: 'motion', targets: moving } : undefined;
}

function centreOf(face: FaceBox, axis: 'x' | 'y'): number {
	return axis === 'x' ? face.x + face.width / 2 : face.y + face.height / 2;
}

/** Splits the time at the cuts. */
export function shotsOf(cutsSec: readonly number[], lengthSec: number): Shot[] {
	const edges = [0, ...cutsSec.filter((sec) => sec > 0 && sec < lengthSec), lengthSec];
	return edges.slice(1).map((endSec, index) => ({ startSec: edges[index] ?? 0, endSec }));
}
