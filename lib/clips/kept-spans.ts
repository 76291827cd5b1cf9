// Which parts of a span stay when its long silences go, and where its words are afterwards.
import type { TimedWord } from './transcript';
import type { TimeSpan } from './word-timing';

/** Shorter silences are the rhythm of speech. */
export const LONG_SILENCE_SEC = 0.8;
// What stays of a silence on both sides together: a cut right at a word sounds like a mistake.
const LEFT_OVER_SEC = 0.3;

export interface KeptSpans {
	/** Relative to the beginning of the span; edges lie on frames. */
	readonly spans: readonly TimeSpan[];
	readonly lengthSec: number;
}

export function wholeSpan(lengthSec: number): KeptSpans {
	return { spans: [{ startSec: 0, endSec: lengthSec }], lengthSec };
}

/**
 * Takes the long silences out. What is a silence to the ear but a word to the transcript stays: a whisper is speech.
 * Edges are moved to frames, so that picture and sound lose exactly the same.
 */
export function withoutSilences(
	lengthSec: number,
	silences: readonly TimeSpan[],
	words: readonly TimeSpan[],
	fps: number,
): KeptSpans {
	const removed = silences
		.flatMap((silence) => withoutWords({ ...silence, endSec: Math.min(silence.endSec, lengthSec) }, words))
		.filter(({ startSec, endSec }) => endSec - startSec >= LONG_SILENCE_SEC)
		.map(({ startSec, endSec }) => ({
			startSec: Math.ceil((startSec + LEFT_OVER_SEC / 2) * fps) / fps,
			endSec: Math.floor((endSec - LEFT_OVER_SEC / 2) * fps) / fps,
		}))
		.sort((a, b) => a.startSec - b.startSec);
	const spans: TimeSpan[] = [];
	let fromSec = 0;
	for (const gap of removed) {
		if (gap.startSec > fromSec) spans.push({ startSec: fromSec, endSec: gap.startSec });
		fromSec = Math.max(fromSec, gap.endSec);
	}
	if (fromSec < lengthSec) spans.push({ startSec: fromSec, endSec: lengthSec });
	return { spans, lengthSec: spans.reduce((sum, { startSec, endSec }) => sum + endSec - startSec, 0) };
}

function withoutWords(silence: TimeSpan, words: readonly TimeSpan[]): TimeSpan[] {
	return words
		.filter((word) => word.endSec > silence.startSec && word.startSec < silence.endSec)
		.reduce<TimeSpan[]>(
			(parts, word) =>
				parts.flatMap((part) =>
					[
						{ startSec: part.startSec, endSec: Math.min(part.endSec, word.startSec) },
						{ startSec: Math.max(part.startSec, word.endSec), endSec: part.endSec },
					].filter(({ startSec, endSec }) => endSec > startSec),
				),
			[silence],
		);
}

/** The words with the times of the finished clip. */
export function clipWords(
	words: readonly TimedWord[],
	span: TimeSpan,
	{ spans, lengthSec }: KeptSpans,
): TimedWord[] {
	const inClip = (sec: number): number => {
		let passedSec = 0;
		for (const kept of spans) {
			if (sec <= kept.endSec) return passedSec + Math.max(0, sec - kept.startSec);
			passedSec += kept.endSec - kept.startSec;
		}
		return lengthSec;
	};
	return words
		.filter((word) => word.endSec > span.startSec && word.startSec < span.endSec)
		.map(({ text, startSec, endSec }) => ({
			text,
			startSec: inClip(startSec - span.startSec),
			endSec: inClip(endSec - span.startSec),
		}))
		.filter(({ startSec, endSec }) => endSec > startSec);
}
