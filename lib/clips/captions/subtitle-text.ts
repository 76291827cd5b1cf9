// Captions as files of their own, for networks and players that show them themselves.
import type { TimedWord } from '../transcript';
import { joinWords } from '../written-words';
import { phrases } from './phrases';

export const subtitleFormats = ['srt', 'vtt'] as const;
export type SubtitleFormat = (typeof subtitleFormats)[number];

// Two lines of a television picture; somebody who can stop the video reads longer lines than in a clip.
const rules = { mostWords: 12, mostLetters: 74 };
const SHORTEST_CUE_SEC = 0.3;

/** The words have the clip's times. */
export function subtitleText(words: readonly TimedWord[], lengthSec: number, format: SubtitleFormat): string {
	const groups = phrases(words, rules);
	const cues = groups.flatMap((phrase, index) => {
		const startSec = Math.max(0, phrase[0]?.startSec ?? 0);
		const nextSec = Math.min(groups[index + 1]?.[0]?.startSec ?? lengthSec, lengthSec);
		const endSec = Math.min(
			nextSec,
			Math.max(phrase[phrase.length - 1]?.endSec ?? 0, startSec + SHORTEST_CUE_SEC),
		);
		// An arrow would end the cue for the readers of both formats.
		const text = joinWords(phrase.map((word) => word.text.trim())).replace(/-->/g, '→');
		return endSec > startSec ? [{ startSec, endSec, text }] : [];
	});
	if (format === 'vtt') {
		const blocks = cues.map(
			({ startSec, endSec, text }) => `${clock(startSec, '.')} --> ${clock(endSec, '.')}\n${escapeVtt(text)}`,
		);
		return ['WEBVTT', ...blocks, ''].join('\n\n').replace(/\n\n$/, '\n');
	}
	return cues
		.map(
			({ startSec, endSec, text }, index) =>
				`${index + 1}\n${clock(startSec, ',')} --> ${clock(endSec, ',')}\n${text}\n`,
		)
		.join('\n');
}

const escapeVtt = (text: string): string =>
	text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

function clock(sec: number, separator: ',' | '.'): string {
	const ms = Math.round(sec * 1000);
	const two = (value: number): string => String(value).padStart(2, '0');
	const [hours, minutes, seconds] = [
		Math.floor(ms / 3_600_000),
		Math.floor(ms / 60_000) % 60,
		Math.floor(ms / 1000) % 60,
	];
	return `${two(hours)}:${two(minutes)}:${two(seconds)}${separator}${String(ms % 1000).padStart(3, '0')}`;
}
