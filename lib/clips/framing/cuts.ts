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
 */
export function cutsOf(changes: readonly FrameChange[]): number[] {
	return changes
		.filter((change) => {
			if (change.score >= SURE_CUT) return true;
			const near = changes.filter(
				(other) => other !== change && Math.abs(other.atSec - change.atSec) <= NEAR_SEC,
			);
			const most = Math.max(0, ...near.map(({ score }) => score));
			return change.score >= POSSIBLE_CUT && most * 3 <= change.score;
		})
		.map(({ atSec }) => atSec);
}
