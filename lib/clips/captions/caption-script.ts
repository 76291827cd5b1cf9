// Burned-in captions as an ASS script: a few words at a time, the one being said stands out.
import type { Platform } from '../../publishing/platform';
import type { FrameSize } from '../framing/aspect';
import type { TimedWord } from '../transcript';
import { captionStyles, type CaptionStyle, type CaptionStyleName } from './caption-styles';
import { fontRuns, MAIN_FONT } from './fonts';
import { phrases } from './phrases';
import { captionMargins } from './safe-area';
import { joinWords, widthInLetters } from '../written-words';

export interface CaptionLook {
	readonly frame: FrameSize;
	readonly style: CaptionStyleName;
	/** Whose buttons to keep out of; of all networks when not given. */
	readonly platform?: Platform | undefined;
}

// What stays on screen after the last word of a phrase, while nobody speaks.
const LINGER_SEC = 0.35;
// Letters of the main font are about this wide, as a share of their height.
const LETTER_WIDTH = 0.62;
// Chinese and Japanese letters are square.
const WIDE_LETTER = 1.4;
// The letters of the other fonts are smaller at the same size.
const OTHER_FONTS_SCALE = 125;

/** The script for one clip; the words have the clip's times. */
export function captionScript(words: readonly TimedWord[], lengthSec: number, look: CaptionLook): string {
	const style = captionStyles[look.style];
	const shown = words.map((word) => ({
		...word,
		text: style.isUpperCase ? word.text.toUpperCase() : word.text,
	}));
	const events = phrases(shown, style.rules).flatMap((phrase, index, all) => {
		const nextStartSec = all[index + 1]?.[0]?.startSec ?? lengthSec;
		const lastEndSec = phrase[phrase.length - 1]?.endSec ?? 0;
		const goneSec = Math.min(nextStartSec, lastEndSec + LINGER_SEC, lengthSec);
		return phraseEvents(phrase, goneSec, { style, sizePx: fittingSize(phrase, look, style) });
	});
	return [...header(look, style), ...events, ''].join('\n');
}

function header(look: CaptionLook, style: CaptionStyle): string[] {
	const { frame } = look;
	const { sidePx, bottomPx } = captionMargins(frame, look.platform);
	const [first, second] = [style.spokenColour, style.restColour];
	// Only "fill" goes from the second colour to the first; everywhere else both are the colour at rest.
	const [primary, secondary] = style.motion === 'fill' ? [first, second] : [second, second];
	const border = style.boxColour ? 4 : 1;
	const fields = [
		...['Caption', MAIN_FONT, fullSize(frame, style), primary, secondary, style.outlineColour],
		...[style.boxColour ?? '&H90000000', 0, 0, 0, 0, 100, 100, 0, 0, border, scaled(style.outline, frame)],
		// The last is the encoding: -1 lets each line find its own direction, so that Arabic and Hebrew begin at the right.
		...[scaled(style.shadow, frame), 2, sidePx, sidePx, bottomPx, -1],
	];
	return [
		'[Script Info]',
		'ScriptType: v4.00+',
		`PlayResX: ${frame.width}`,
		`PlayResY: ${frame.height}`,
		'WrapStyle: 0',
		'ScaledBorderAndShadow: yes',
		'YCbCr Matrix: TV.709',
		'',
		'[V4+ Styles]',
		'Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding',
		`Style: ${fields.join(',')}`,
		'',
		'[Events]',
		'Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text',
	];
}

const fullSize = (frame: FrameSize, style: CaptionStyle): number =>
	Math.round(Math.min(frame.width, frame.height) * style.size);
const scaled = (px: number, frame: FrameSize): number =>
	Math.round((px * Math.min(frame.width, frame.height)) / 108) / 10;

const textsOf = (phrase: readonly TimedWord[]): string[] => phrase.map((word) => word.text);

/** What is longer than a line would leave the frame at full size: lines break at spaces only. */
function fittingSize(
	phrase: readonly TimedWord[],
	look: CaptionLook,
	style: CaptionStyle,
): number | undefined {
	const full = fullSize(look.frame, style);
	const lineWidth = look.frame.width - 2 * captionMargins(look.frame, look.platform).sidePx;
	const unbroken = joinWords(textsOf(phrase)).split(' ');
	const letters = Math.max(...unbroken.map((text) => widthInLetters(text, WIDE_LETTER)));
	const longest = letters * LETTER_WIDTH * full;
	return longest > lineWidth ? Math.max(12, Math.floor((full * lineWidth) / longest)) : undefined;
}

interface PhraseLook {
	readonly style: CaptionStyle;
	readonly sizePx: number | undefined;
}

function phraseEvents(phrase: readonly TimedWord[], goneSec: number, look: PhraseLook): string[] {
	const size = look.sizePx === undefined ? '' : `{\\fs${look.sizePx}}`;
	if (look.style.motion === 'fill') {
		return event(phrase[0]?.startSec ?? 0, goneSec, size + filledText(phrase, goneSec));
	}
	// One event per word with the whole phrase in it: only a colour changes, so nothing moves under the reader's eyes.
	return phrase.flatMap((word, index) => {
		const endSec = phrase[index + 1]?.startSec ?? goneSec;
		return event(word.startSec, endSec, size + colouredText(phrase, index, look.style));
	});
}

function event(startSec: number, endSec: number, text: string): string[] {
	const [from, to] = [assTime(startSec), assTime(endSec)];
	return from < to ? [`Dialogue: 0,${from},${to},Caption,,0,0,0,,${text}`] : [];
}

function colouredText(phrase: readonly TimedWord[], spoken: number, style: CaptionStyle): string {
	const shown = phrase.map((word, index) => {
		const text = wordText(word.text);
		const colour = (of: string): string => `{\\1c${of.replace('&H00', '&H')}&}`;
		return index === spoken ? `${colour(style.spokenColour)}${text}${colour(style.restColour)}` : text;
	});
	return joinWords(textsOf(phrase), shown);
}

/** Each word fills from one side to the other while it is said; the time up to the next word belongs to it. */
function filledText(phrase: readonly TimedWord[], goneSec: number): string {
	const shown = phrase.map((word, index) => {
		const untilSec = phrase[index + 1]?.startSec ?? Math.min(goneSec, word.endSec);
		const hundredths = Math.max(0, Math.round((untilSec - word.startSec) * 100));
		return `{\\kf${hundredths}}${wordText(word.text)}`;
	});
	return joinWords(textsOf(phrase), shown);
}

function wordText(word: string): string {
	return fontRuns(word)
		.map(({ text, font }) => {
			const escaped = escapeAss(text);
			if (!font) return escaped;
			const larger = `\\fscx${OTHER_FONTS_SCALE}\\fscy${OTHER_FONTS_SCALE}`;
			return `{\\fn${font}\\b1${larger}}${escaped}{\\fn${MAIN_FONT}\\b0\\fscx100\\fscy100}`;
		})
		.join('');
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
