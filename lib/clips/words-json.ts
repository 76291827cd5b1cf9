// Transcripts that others made, as JSON: a list of words, a speech service's answer, or our own format.
import { z } from 'zod';

import { ClipError } from '../media';
import { fillTimes, type LooselyTimed } from './fill-times';
import { toSentences } from './sentences';
import { TRANSCRIPT_VERSION, transcriptSchema, type TimedWord, type Transcript } from './transcript';
import { spreadWords, tidyWords, type TimeSpan } from './word-timing';
import { closeUp, isUnspaced, spokenWords } from './written-words';

export interface WordsFound {
	readonly words: TimedWord[];
	readonly isMeasured: boolean;
	readonly language?: string | undefined;
	/** As the giver says; it may not know. */
	readonly durationSec?: number | undefined;
}

// With fewer than this it is something else, or not worth more than the times of its segments.
const LEAST_TIMED = 0.5;
const MEASURED = 0.9;

/** The entries that can be used: one broken entry must not cost an answer that was paid for. None where most are. */
const mostOf = <Entry extends z.ZodType>(entry: Entry) =>
	z.array(entry.nullable().catch(null)).transform((list) => {
		const usable = list.filter((each): each is NonNullable<typeof each> => each !== null);
		return usable.length < list.length * LEAST_TIMED ? [] : usable;
	});

const sec = z.number().nonnegative();
const anySec = sec.nullish().catch(undefined);
const anyText = z.string().nullish().catch(undefined);
const jsonWord = z
	.object({ text: anyText, word: anyText })
	.extend({ startSec: anySec, start: anySec, endSec: anySec, end: anySec })
	.refine(({ text, word }) => (text ?? word) !== undefined)
	.transform((w) => ({
		text: (w.text ?? w.word ?? '').trim(),
		startSec: w.startSec ?? w.start ?? undefined,
		endSec: w.endSec ?? w.end ?? undefined,
	}));
const jsonWords = mostOf(jsonWord).transform((words) => words.filter(({ text }) => text !== ''));
const someWords = jsonWords.nullish().catch(undefined);
// The first may begin a little before the beginning, where a service rounds.
const segmentSec = z.number().transform((told) => Math.max(0, told));
const segment = z.object({
	text: z.string().default(''),
	start: segmentSec,
	end: segmentSec,
	words: someWords,
});
type Segment = z.infer<typeof segment>;
/**
 * What can be used of an answer in which anything may be missing or broken: OpenAI's verbose_json and everything that
 * answers like it; Whisper's own program and WhisperX, which nest words.
 */
export const answerSchema = z.object({
	text: z.string().optional().catch(undefined),
	language: z.string().nullish().catch(undefined),
	duration: z.coerce.number().positive().nullish().catch(undefined),
	words: someWords,
	segments: mostOf(segment).nullish().catch(undefined),
});
const millis = sec.transform((ms) => ms / 1000);
const whisperCppSchema = z
	.object({
		result: z.object({ language: z.string().nullish() }).nullish().catch(undefined),
		transcription: z.array(z.object({ text: z.string(), offsets: z.object({ from: millis, to: millis }) })),
	})
	.transform(({ result, transcription }) => ({
		language: result?.language,
		segments: transcription.map(({ text, offsets }) => ({ text, start: offsets.from, end: offsets.to })),
	}));

/** The words in a JSON value, or nothing when it is no transcript that we know. */
export function wordsIn(value: unknown): WordsFound | undefined {
	const list = jsonWords.safeParse(value);
	if (list.success) return fromWords(list.data);
	const cpp = whisperCppSchema.safeParse(value);
	const answer = answerSchema.safeParse(cpp.success ? cpp.data : value);
	if (!answer.success) return undefined;
	const { text, language, duration, words, segments } = answer.data;
	const facts = { language: language ?? undefined, durationSec: duration ?? undefined };
	const found = fromWords(words ?? [], text) ?? fromSegments(segments ?? []);
	return found && { ...facts, ...found };
}

/** Nothing where too few of them are timed. `text` is the same in writing, with its signs. */
export function fromWords(
	words: readonly LooselyTimed[],
	text = '',
	within?: TimeSpan,
): WordsFound | undefined {
	const share = timedShare(words);
	if (words.length === 0 || share < LEAST_TIMED) return undefined;
	const texts = punctuated(
		words.map((word) => word.text),
		text,
	);
	const named = words.map((word, index) => ({ ...word, text: texts[index] ?? word.text }));
	return { words: fillTimes(named, within), isMeasured: share >= MEASURED };
}

const timedShare = (words: readonly LooselyTimed[]): number =>
	words.filter(({ startSec }) => startSec !== undefined).length / Math.max(1, words.length);

function fromSegments(segments: readonly Segment[]): WordsFound | undefined {
	if (segments.length === 0) return undefined;
	let measured = 0;
	const words = segments.flatMap(({ text, start, end, words: own }) => {
		const span = { startSec: start, endSec: end };
		const found = fromWords(own ?? [], text, span);
		measured += (own ?? []).length * timedShare(own ?? []);
		return found?.words ?? spreadWords(spokenWords(text), span);
	});
	return { words, isMeasured: measured >= words.length * MEASURED };
}

/** Services give timed words without punctuation, which captions and sentences need: it is taken from the full text. */
export function punctuated(words: readonly string[], fullText: string): string[] {
	if (words.filter(isUnspaced).length * 2 > words.length) return signsFrom(fullText, words);
	const bare = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
	const tokens = closeUp(fullText).split(/\s+/).filter(Boolean);
	let next = 0;
	return words.map((word) => {
		const near = tokens.slice(next, next + 4).findIndex((token) => bare(token) === bare(word));
		if (near < 0) return word;
		next += near + 1;
		return tokens[next - 1] ?? word;
	});
}

// Further ahead it is another word that looks the same.
const NEAR_LETTERS = 20;

// Where words have no spaces, service and text need not agree on what a word is: they agree on the letters.
function signsFrom(fullText: string, words: readonly string[]): string[] {
	let read = 0;
	return words.map((word) => {
		const bare = word.replace(/[^\p{L}\p{N}\p{M}]/gu, '');
		const at = fullText.indexOf(bare, read);
		if (!bare || at < 0 || at - read > NEAR_LETTERS) return word;
		const opening = /[\p{Ps}\p{Pi}]*$/u.exec(fullText.slice(read, at))?.[0] ?? '';
		const behind = fullText.slice(at + bare.length, at + bare.length + NEAR_LETTERS);
		const signs = /^[^\p{L}\p{N}\p{M}\p{Ps}\p{Pi}\s]*/u.exec(behind)?.[0] ?? '';
		read = at + bare.length + signs.length;
		return opening + bare + signs;
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
