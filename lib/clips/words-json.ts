// Transcripts that others made, as JSON: a list of words, a speech service's answer, or our own format.
import { z } from 'zod';

import { ClipError } from '../media';
import { toSentences } from './sentences';
import { TRANSCRIPT_VERSION, transcriptSchema, type TimedWord, type Transcript } from './transcript';
import { spreadWords, tidyWords } from './word-timing';

export interface WordsFound {
	readonly words: TimedWord[];
	readonly isMeasured: boolean;
	readonly language?: string | undefined;
	/** As the giver says; it may not know. */
	readonly durationSec?: number | undefined;
}

const sec = z.number().nonnegative();
const jsonWord = z.union([
	z.object({ text: z.string(), startSec: sec, endSec: sec }),
	z
		.object({ word: z.string(), start: sec, end: sec })
		.transform((w) => ({ text: w.word, startSec: w.start, endSec: w.end })),
	z
		.object({ text: z.string(), start: sec, end: sec })
		.transform((w) => ({ text: w.text, startSec: w.start, endSec: w.end })),
]);
const segment = z.object({ text: z.string(), start: sec, end: sec });
// OpenAI's verbose_json, and everything that answers like it.
const answerSchema = z.object({
	text: z.string().default(''),
	language: z.string().nullish(),
	duration: z.coerce.number().positive().nullish().catch(undefined),
	words: z.array(jsonWord).nullish(),
	segments: z.array(segment).nullish(),
});

/** The words in a JSON value, or nothing when it is no transcript that we know. */
export function wordsIn(value: unknown): WordsFound | undefined {
	const list = z.array(jsonWord).min(1).safeParse(value);
	if (list.success) return { words: list.data, isMeasured: true };
	const answer = answerSchema.safeParse(value);
	if (!answer.success) return undefined;
	const { text, language, duration, words, segments } = answer.data;
	const facts = { language: language ?? undefined, durationSec: duration ?? undefined };
	if (words?.length) {
		const texts = punctuated(
			words.map((word) => word.text.trim()),
			text,
		);
		return {
			...facts,
			words: words.map((word, index) => ({ ...word, text: texts[index] ?? word.text.trim() })),
			isMeasured: true,
		};
	}
	if (!segments?.length) return undefined;
	const spread = segments.flatMap(({ text: said, start, end }) =>
		spreadWords(said.split(/\s+/).filter(Boolean), { startSec: start, endSec: end }),
	);
	return { ...facts, words: spread, isMeasured: false };
}

/** Services give timed words without punctuation, which captions and sentences need: it is taken from the full text. */
export function punctuated(words: readonly string[], fullText: string): string[] {
	const bare = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
	const tokens = fullText.split(/\s+/).filter(Boolean);
	let next = 0;
	return words.map((word) => {
		const near = tokens.slice(next, next + 4).findIndex((token) => bare(token) === bare(word));
		if (near < 0) return word;
		next += near + 1;
		return tokens[next - 1] ?? word;
	});
}

// Behind the last word of somebody who did not say how long the media is.
const ROOM_BEHIND_SEC = 0.5;

/** A transcript out of a JSON value that came from anywhere. Throws `subtitle-unreadable` when it is none. */
export function readTranscript(value: unknown, givenBy: string): Transcript {
	const own = transcriptSchema.safeParse(value);
	if (own.success) return own.data;
	const found = wordsIn(value);
	const last = found?.words[found.words.length - 1];
	const durationSec = found?.durationSec ?? (last ? last.endSec + ROOM_BEHIND_SEC : 0);
	const words = tidyWords(found?.words ?? [], durationSec);
	if (!found || words.length === 0) throw unreadable(givenBy);
	return {
		version: TRANSCRIPT_VERSION,
		method: 'subtitle-file',
		methodDetail: givenBy,
		wordTiming: found.isMeasured ? 'measured' : 'interpolated',
		language: found.language ?? 'und',
		durationSec,
		words,
		sentences: toSentences(words),
	};
}

function unreadable(givenBy: string): ClipError {
	return new ClipError(
		'subtitle-unreadable',
		`"${givenBy}" is not a transcript with times.`,
		'Give what Transcribe gave, a list of {text, startSec, endSec}, or the verbose JSON answer of a speech service.',
	);
}
