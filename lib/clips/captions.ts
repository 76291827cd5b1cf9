// Burned-in captions as an ASS script: a few words at a time, the one being said in colour.
import type { TimedWord } from './transcript';
import { endsPhrase, endsSentence } from './word-timing';

export const CAPTION_FONT_FILE = 'Montserrat-ExtraBold.ttf';
const FONT_NAME = 'Montserrat ExtraBold';
const FONT_SIZE = 92;
// Colours in ASS are blue-green-red.
const SPOKEN_COLOUR = '&H0000E1FF&';
const FRAME = { width: 1080, height: 1920 };
// The apps lay their buttons over the right edge and their texts over the lowest fifth; captions stay out of both.
const SIDE_MARGIN = 110;
const BOTTOM_MARGIN = 440;

const MOST_WORDS = 5;
const MOST_LETTERS = 28;
const LONGEST_PHRASE_SEC = 3;
const PAUSE_SEC = 0.4;
// A word with more letters than this would leave the frame at full size.
const LETTERS_PER_LINE = 15;

/** The script for one clip; word times are those of the source, `clipStartSec` is where the clip begins in it. */
export function captionScript(
	words: readonly TimedWord[],
	clip: { readonly startSec: number; readonly endSec: number },
): string {
	const events = phrases(words).flatMap((phrase, index, all) => {
		const nextStartSec = all[index + 1]?.[0]?.startSec ?? clip.endSec;
		return phraseEvents(phrase, clip, nextStartSec);
	});
	return [...header, ...events, ''].join('\n');
}

const header = [
	'[Script Info]',
	'ScriptType: v4.00+',
	`PlayResX: ${FRAME.width}`,
	`PlayResY: ${FRAME.height}`,
	'WrapStyle: 0',
	'ScaledBorderAndShadow: yes',
	'YCbCr Matrix: TV.709',
	'',
	'[V4+ Styles]',
	'Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding',
	`Style: Caption,${FONT_NAME},${FONT_SIZE},&H00FFFFFF,&H00FFFFFF,&H00101010,&H90000000,0,0,0,0,100,100,0,0,1,6,3,2,${SIDE_MARGIN},${SIDE_MARGIN},${BOTTOM_MARGIN},1`,
	'',
	'[Events]',
	'Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text',
];

/** Groups of words that are read in one look. */
export function phrases(words: readonly TimedWord[]): TimedWord[][] {
	const groups: TimedWord[][] = [];
	for (const word of words) {
		const group = groups[groups.length - 1];
		if (group && belongsTo(group, word)) group.push(word);
		else groups.push([word]);
	}
	return groups;
}

function belongsTo(group: readonly TimedWord[], word: TimedWord): boolean {
	const [first, last] = [group[0], group[group.length - 1]];
	if (!first || !last || group.length >= MOST_WORDS) return false;
	if (endsSentence(last.text) || (endsPhrase(last.text) && group.length >= 3)) return false;
	if (word.startSec - last.endSec > PAUSE_SEC || word.endSec - first.startSec > LONGEST_PHRASE_SEC)
		return false;
	return [...group, word].reduce((sum, each) => sum + each.text.length + 1, -1) <= MOST_LETTERS;
}

// One event per word with the whole phrase in it: only a colour changes, so nothing moves under the reader's eyes.
function phraseEvents(
	phrase: readonly TimedWord[],
	clip: { readonly startSec: number; readonly endSec: number },
	nextStartSec: number,
): string[] {
	const lastEndSec = phrase[phrase.length - 1]?.endSec ?? 0;
	const goneSec = Math.min(nextStartSec, lastEndSec + 0.35, clip.endSec);
	return phrase.flatMap((word, index) => {
		const from = assTime(word.startSec - clip.startSec);
		const to = assTime((phrase[index + 1]?.startSec ?? goneSec) - clip.startSec);
		return from < to ? [`Dialogue: 0,${from},${to},Caption,,0,0,0,,${phraseText(phrase, index)}`] : [];
	});
}

function phraseText(phrase: readonly TimedWord[], spoken: number): string {
	const longest = Math.max(...phrase.map((word) => [...word.text].length));
	const size =
		longest > LETTERS_PER_LINE ? `{\\fs${Math.floor((FONT_SIZE * LETTERS_PER_LINE) / longest)}}` : '';
	const words = phrase.map((word, index) => {
		const text = escapeAss(word.text);
		return index === spoken ? `{\\1c${SPOKEN_COLOUR}}${text}{\\1c&HFFFFFF&}` : text;
	});
	return size + words.join(' ');
}

/** Text that shows as it is: no brace opens an override, no backslash begins a command, no line break ends the event. */
export function escapeAss(text: string): string {
	// U+2060 joins words and has no width: behind a backslash it leaves libass no letter to make a command of.
	return text
		.replace(/[\r\n\u2028\u2029]+/g, ' ')
		.replace(/\\/g, '\\\u2060')
		.replace(/\{/g, '\\{')
		.replace(/\}/g, '\\}');
}

/** `h:mm:ss.cc`; fixed width up to ten hours, so that times may be compared as text. */
export function assTime(sec: number): string {
	const hundredths = Math.max(0, Math.round(sec * 100));
	const two = (value: number): string => String(value).padStart(2, '0');
	const [minutes, seconds] = [Math.floor(hundredths / 6_000) % 60, Math.floor(hundredths / 100) % 60];
	return `${Math.floor(hundredths / 360_000)}:${two(minutes)}:${two(seconds)}.${two(hundredths % 100)}`;
}
