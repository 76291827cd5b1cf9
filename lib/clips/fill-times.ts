// Programs that time words leave some without: WhisperX has none for numbers and signs.
import type { TimedWord } from './transcript';
import { spreadWords, type TimeSpan } from './word-timing';

export interface LooselyTimed {
	readonly text: string;
	readonly startSec?: number | undefined;
	readonly endSec?: number | undefined;
}

const USUAL_WORD_SEC = 0.3;
// A number takes long to say. More than this of a gap is silence.
const LONGEST_WORD_SEC = 1;
const SHORTEST_WORD_SEC = 0.1;

/** Places words that have no time between their neighbours, or in the end of the one before where no room is left. */
export function fillTimes(words: readonly LooselyTimed[], within?: TimeSpan): TimedWord[] {
	const timed: TimedWord[] = [];
	let waiting: string[] = [];
	for (const { text, startSec, endSec } of words) {
		if (startSec === undefined) {
			waiting.push(text);
			continue;
		}
		const from = timed.length > 0 ? undefined : within?.startSec;
		timed.push(...between(timed.pop(), waiting, { fromSec: from, untilSec: startSec }));
		timed.push({ text, startSec, endSec: endSec ?? startSec + USUAL_WORD_SEC });
		waiting = [];
	}
	timed.push(...between(timed.pop(), waiting, { fromSec: within?.startSec, untilSec: within?.endSec }));
	return timed;
}

interface Room {
	readonly fromSec: number | undefined;
	readonly untilSec: number | undefined;
}

/** The word before, and behind it those that wait. */
function between(before: TimedWord | undefined, waiting: readonly string[], room: Room): TimedWord[] {
	if (waiting.length === 0) return before ? [before] : [];
	const usualSec = waiting.length * USUAL_WORD_SEC;
	const startSec = before?.endSec ?? room.fromSec ?? Math.max(0, (room.untilSec ?? 0) - usualSec);
	const untilSec = room.untilSec ?? startSec + usualSec;
	if (before && untilSec - startSec < waiting.length * SHORTEST_WORD_SEC) {
		const endSec = Math.max(untilSec, before.startSec);
		return spreadWords([before.text, ...waiting], { startSec: before.startSec, endSec });
	}
	const endSec = Math.min(untilSec, startSec + waiting.length * LONGEST_WORD_SEC);
	return [...(before ? [before] : []), ...spreadWords(waiting, { startSec, endSec })];
}
