// What SubRip and WebVTT files say, and when.
import type { TimedWord } from './transcript';
import { spreadWords, type TimeSpan } from './word-timing';
import type { WordsFound } from './words-json';
import { spokenWords, withoutMarkup } from './written-words';

const CLOCK = String.raw`(?:(\d+):)?(\d{1,2}):(\d{2})[.,](\d{1,3})`;
const CUE = new RegExp(`^\\s*${CLOCK}\\s*-->\\s*${CLOCK}`);
const INLINE = new RegExp(`<${CLOCK}>`, 'g');

// Nobody speaks faster: what a cue keeps for each of its words when another lies over it.
const LEAST_SEC_PER_WORD = 0.1;
// The pictures between two rolling captions last a hundredth of a second and say nothing new.
const SHORTEST_CUE_SEC = 0.05;
const TOUCHING_SEC = 0.1;
const ROLLING_SHARE = 0.5;

interface Cue extends TimeSpan {
	readonly lines: readonly string[];
}

/** SubRip and WebVTT: everything between two arrow lines is what is said, except what only looks like it. */
export function parseCues(content: string): WordsFound {
	const cues = withoutRepeats(cuesIn(content));
	const measured = cues.filter(hasInlineTimes);
	const words = measured.flatMap(inlineWords);
	const spoken = cues
		.filter((cue) => !hasInlineTimes(cue) && cue.endSec - cue.startSec >= SHORTEST_CUE_SEC)
		.map(({ lines, ...span }) => ({ ...span, texts: spokenWords(lines.join(' ')) }));
	return {
		words: [...words, ...apart(spoken).flatMap((cue) => spreadWords(cue.texts, cue))].sort(
			(a, b) => a.startSec - b.startSec,
		),
		isMeasured: measured.length > 0,
	};
}

function cuesIn(content: string): Cue[] {
	const lines = content
		.replace(/^\uFEFF/, '')
		.replace(/\r\n?/g, '\n')
		.split('\n')
		.map((line) => line.trim());
	const arrows = lines.flatMap((line, index) => (CUE.test(line) ? [index] : []));
	return arrows.flatMap((at, cue) => {
		const clock = CUE.exec(lines[at] ?? '');
		if (!clock) return [];
		const own = withoutNotes(lines.slice(at + 1, arrows[cue + 1]), cue + 1 < arrows.length);
		return [{ startSec: seconds(clock, 1), endSec: seconds(clock, 5), lines: own.filter(Boolean) }];
	});
}

/**
 * Rolling captions, as YouTube makes them, show each line twice: when it is new, and again above the next. In a file
 * that does so throughout the second is left out; anywhere else people really say it twice.
 */
function withoutRepeats(cues: readonly Cue[]): readonly Cue[] {
	const repeated = cues.map((cue, index) => repeatedLines(cues[index - 1], cue));
	const isRolling = repeated.some((count, index) => count > 0 && count < (cues[index]?.lines.length ?? 0));
	const share = repeated.filter((count) => count > 0).length / Math.max(1, cues.length - 1);
	if (!isRolling || share < ROLLING_SHARE) return cues;
	return cues.map((cue, index) => ({ ...cue, lines: cue.lines.slice(repeated[index]) }));
}

/** How many lines on top of a cue are those at the end of the one before it. */
function repeatedLines(before: Cue | undefined, cue: Cue): number {
	if (!before || cue.startSec - before.endSec > TOUCHING_SEC) return 0;
	const [shown, now] = [before.lines.map(plain), cue.lines.map(plain)];
	// A line with times is new, whatever it says.
	const firstTimed = cue.lines.findIndex((line) => line.search(INLINE) >= 0);
	const most = Math.min(shown.length, firstTimed < 0 ? now.length : firstTimed);
	for (let count = most; count > 0; count--) {
		if (shown.slice(-count).every((line, index) => line === now[index])) return count;
	}
	return 0;
}

const plain = (line: string): string => withoutMarkup(line).replace(/\s+/g, ' ').trim();

interface SpokenCue extends TimeSpan {
	readonly texts: readonly string[];
}

/**
 * Of cues that lie over each other (a song under talk, two people at once) the earlier ends where the later begins:
 * mixed word by word nobody could read them. Where that leaves no time to say it, both share what the later has.
 */
function apart(cues: readonly SpokenCue[]): SpokenCue[] {
	const placed: SpokenCue[] = [];
	const inOrder = cues
		.filter(({ texts }) => texts.length > 0)
		.sort((a, b) => a.startSec - b.startSec || b.endSec - a.endSec);
	for (const cue of inOrder) {
		const before = placed[placed.length - 1];
		if (!before || before.endSec <= cue.startSec) {
			placed.push(cue);
			continue;
		}
		placed.pop();
		const needSec = before.texts.length * LEAST_SEC_PER_WORD;
		if (cue.startSec - before.startSec >= Math.min(needSec, (before.endSec - before.startSec) / 2))
			placed.push({ ...before, endSec: cue.startSec }, cue);
		else placed.push(together(before, cue));
	}
	return placed;
}

function together(before: SpokenCue, cue: SpokenCue): SpokenCue {
	const texts = [...before.texts, ...cue.texts];
	const readableSec = before.startSec + texts.length * LEAST_SEC_PER_WORD;
	const endSec = Math.max(cue.endSec, Math.min(before.endSec, readableSec));
	return { texts, startSec: before.startSec, endSec };
}

/** Takes away the name or number of the next cue and WebVTT's comments: both stand behind an empty line. */
function withoutNotes(lines: readonly string[], hasNext: boolean): readonly string[] {
	const note = lines.findIndex(
		(line, index) => lines[index - 1] === '' && /^(?:NOTE|STYLE|REGION)\b/.test(line),
	);
	const own = note >= 0 ? lines.slice(0, note) : lines;
	const endsWithName = hasNext && note < 0 && own[own.length - 2] === '' && own[own.length - 1] !== '';
	return endsWithName ? own.slice(0, -1) : own;
}

const hasInlineTimes = ({ lines }: Cue): boolean => lines.some((line) => line.search(INLINE) >= 0);

// Rolling captions repeat the line before, and only the new line carries times for its words.
function inlineWords({ lines, ...span }: Cue): TimedWord[] {
	const line = lines.filter((each) => each.search(INLINE) >= 0).join(' ');
	const marks = [...line.matchAll(INLINE)];
	const starts = [span.startSec, ...marks.map((mark) => seconds(mark, 1))];
	const pieces = line.split(new RegExp(INLINE.source.replace(/\((?!\?)/g, '(?:'), 'g'));
	return pieces.flatMap((piece, index) => {
		const startSec = starts[index] ?? span.startSec;
		const endSec = starts[index + 1] ?? Math.min(span.endSec, startSec + 1);
		return spreadWords(spokenWords(piece), { startSec, endSec });
	});
}

function seconds(match: RegExpMatchArray, from: number): number {
	const [hours, minutes, secs, fraction] = [0, 1, 2, 3].map((offset) => match[from + offset] ?? '0');
	return Number(hours) * 3600 + Number(minutes) * 60 + Number(secs) + Number(`0.${fraction}`);
}
