import { z } from 'zod';

export const transcriptionMethods = ['subtitle-file', 'embedded-model', 'openai-compatible'] as const;
export type TranscriptionMethod = (typeof transcriptionMethods)[number];

/**
 * `measured`: the file or service gave a time for every word, or nearly. `aligned`: found in the sound, word by word (half
 * of all within 0.05 s). `interpolated`: placed inside a longer timed span by the length of each word.
 */
export const wordTimings = ['measured', 'aligned', 'interpolated'] as const;
export type WordTiming = (typeof wordTimings)[number];

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
	/** How loud it is said, in decibels below full scale; absent when nobody listened to the sound. */
	readonly levelDb?: number | undefined;
	/** No silence lies between it and the next: a cut there would be in a word. Absent when nobody listened. */
	readonly isRunningOn?: boolean | undefined;
}

/** Raise it when the shape changes: a transcript travels between nodes and lies on disk between runs. */
export const TRANSCRIPT_VERSION = 1;

export interface Transcript {
	readonly version: typeof TRANSCRIPT_VERSION;
	readonly method: TranscriptionMethod;
	/** The file, model or service that the words come from, in words for people. */
	readonly methodDetail: string;
	readonly wordTiming: WordTiming;
	readonly language: string;
	/** Of the media that it belongs to. */
	readonly durationSec: number;
	readonly words: readonly TimedWord[];
	readonly sentences: readonly Sentence[];
	/** When a new picture begins; absent when nobody looked. */
	readonly sceneStartsSec?: readonly number[] | undefined;
}

export const wordSchema = z.object({ text: z.string(), startSec: z.number(), endSec: z.number() });

/** A transcript of ours, whoever kept or carried it meanwhile. */
export const transcriptSchema = z.object({
	version: z.literal(TRANSCRIPT_VERSION),
	method: z.enum(transcriptionMethods),
	methodDetail: z.string(),
	wordTiming: z.enum(wordTimings),
	language: z.string(),
	durationSec: z.number().positive(),
	words: z.array(wordSchema),
	sentences: z.array(
		wordSchema.extend({
			firstWord: z.number().int(),
			endWord: z.number().int(),
			pauseAfterSec: z.number(),
			levelDb: z.number().optional(),
			isRunningOn: z.boolean().optional(),
		}),
	),
	sceneStartsSec: z.array(z.number()).optional(),
});
