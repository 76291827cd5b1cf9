/** How much a frame differs from the one before, as ffmpeg's scene filter measures it: 0 to 1. */
export interface FrameChange {
	readonly atSec: number;
	readonly score: number;
}

/** Changes below this are of no interest, and not asked for. */
export const LEAST_CHANGE = 0.08;
const SURE_CUT = 0.3;
const POSSIBLE_CUT = 0.12;
const NEAR_SEC = 0.5;

/**
 * Where one shot ends and another begins. Two rooms of one colour differ less than a hand that waves before the lens;
 * but a hand changes many frames, and a cut only one.
 * @param changes in the order of their times.
 */
export function cutsOf(changes: readonly FrameChange[]): number[] {
	return changes
		.filter(({ score }, at) => {
			if (score >= SURE_CUT) return true;
			return score >= POSSIBLE_CUT && mostBeside(changes, at) * 3 <= score;
		})
		.map(({ atSec }) => atSec);
}

/** Only neighbours are looked at: a video of hours that flickers has tens of thousands of changes. */
function mostBeside(changes: readonly FrameChange[], at: number): number {
	const atSec = changes[at]?.atSec ?? 0;
	let most = 0;
	for (const step of [-1, 1]) {
		for (let next = at + step; next >= 0 && next < changes.length; next += step) {
			const { atSec: otherSec = 0, score = 0 } = changes[next] ?? {};
			if (Math.abs(otherSec - atSec) > NEAR_SEC) break;
			most = Math.max(most, score);
		}
	}
	return most;
}
