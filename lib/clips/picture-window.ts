// Where in the source the pictures of a span are. Mostly in the span itself; but a slide may have begun long before it,
// and the last picture may stand while somebody still speaks.
import { packetTimes, pictureTimes, type MediaFacts } from '../media';
import { checkWhole } from './check-whole';

export interface PictureWindow {
	/** Of the span. */
	readonly lengthSec: number;
	/** How much earlier than the span the picture begins that is seen at its beginning. */
	readonly leadSec: number;
	/** How long the last picture stays at most when no other comes. */
	readonly lastStaysSec: number;
}

export interface WindowRequest {
	readonly sourcePath: string;
	readonly source: MediaFacts;
	readonly startSec: number;
	readonly endSec: number;
	readonly signal: AbortSignal;
	readonly ffprobePath?: string | undefined;
}

// As long as it may be missing before a source counts as one that breaks off.
const STAYS_SEC = 1;

// What the eye does not notice; every steady rate is above ten pictures a second.
const LATE_SEC = 0.1;
// Times are rounded: better a hair too early than without the picture.
const EARLIER_SEC = 0.002;

/** @throws ClipError where the source itself ends before the span does. */
export async function pictureWindow(request: WindowRequest): Promise<PictureWindow> {
	const { source, startSec, endSec, sourcePath, signal, ffprobePath } = request;
	const { video } = source;
	const lengthSec = endSec - startSec;
	const usual = { lengthSec, leadSec: 0, lastStaysSec: STAYS_SEC };
	const endsEarly = video?.endSec !== undefined && video.endSec < endSec - STAYS_SEC;
	if (!video || (!video.mayStandStill && !endsEarly)) return usual;
	const span = { startSec, endSec, fileStartSec: source.startSec };
	const times = await pictureTimes(sourcePath, span, { signal, ffprobePath });
	if (!times) return usual;
	const { shownSec, nextSec = Infinity, lastSec } = times;
	const isLate = shownSec !== undefined && nextSec - startSec > LATE_SEC;
	const leadSec = isLate ? Math.min(startSec, startSec - shownSec + EARLIER_SEC) : 0;
	if (lastSec !== undefined) return { ...usual, leadSec };
	const packets = await packetTimes(sourcePath, { signal, ffprobePath });
	checkWhole(sourcePath, { lengthSec: endSec, foundSec: packets.endSec });
	return { lengthSec, leadSec, lastStaysSec: leadSec + lengthSec };
}

/** A constant rate from the first moment of a span to its last: everything behind counts pictures. */
export function steadyPictures(fps: number, { lengthSec, leadSec, lastStaysSec }: PictureWindow): string {
	const earlier = leadSec > 0 ? `setpts=PTS-${leadSec.toFixed(4)}/TB,` : '';
	const fromSec = -Math.ceil(leadSec * fps) / fps;
	const whole = `fps=fps=${fps}:start_time=${fromSec.toFixed(6)},tpad=stop_mode=clone:stop_duration=${lastStaysSec.toFixed(3)}`;
	return `${earlier}${whole},trim=start=0:end=${lengthSec.toFixed(3)}`;
}

/** How much of a finished clip is of the source itself, and not its last picture that stays. */
export function readSec(shownSec: number, { lengthSec, fps }: { lengthSec: number; fps: number }): number {
	const isComplete = shownSec >= lengthSec - 2 / fps;
	return isComplete ? lengthSec : Math.max(0, shownSec - STAYS_SEC);
}
