import { z } from 'zod';

export const transcriptionMethods = ['subtitle-file', 'embedded-model', 'openai-compatible'] as const;
export type TranscriptionMethod = (typeof transcriptionMethods)[number];

export interface TimedWord {
	readonly text: string;
	readonly startSec: number;
	readonly endSec: number;
}

export interface Sentence {
	readonly text: string;
	readonly startSec: number;
	readonly endSec: number;
	/** Where its words are in `Transcript.words`: from `firstWord` up to but without `endWord`. */
	readonly firstWord: number;
	readonly endWord: number;
	/** Silence behind it; a cut there is heard by nobody. */
	readonly pauseAfterSec: number;
}

export interface Transcript {
	readonly method: TranscriptionMethod;
	/** The file, model or service that the words come from, in words for people. */
	readonly methodDetail: string;
	/** Whether every word was timed by the method, or placed inside a longer timed span by its length. */
	readonly wordTiming: 'measured' | 'interpolated';
	readonly language: string;
	readonly words: readonly TimedWord[];
	readonly sentences: readonly Sentence[];
}

const word = z.object({ text: z.string(), startSec: z.number(), endSec: z.number() });

/** Reads back a transcript that an earlier run kept on disk. */
export const transcriptSchema = z.object({
	method: z.enum(transcriptionMethods),
	methodDetail: z.string(),
	wordTiming: z.enum(['measured', 'interpolated']),
	language: z.string(),
	words: z.array(word),
	sentences: z.array(
		word.extend({ firstWord: z.number().int(), endWord: z.number().int(), pauseAfterSec: z.number() }),
	),
});
