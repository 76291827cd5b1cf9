import path from 'node:path';

import { allOrNone, ClipError, type MediaFacts } from '../media';
import { toSentences } from './sentences';
import { EMBEDDED_MODEL_NAME, transcribeEmbedded } from './speech/embedded-model';
import { transcribeRemotely, type TranscriptionService } from './speech/remote-service';
import { allSpeech, levelOf } from './speech/pauses';
import { quietBorders } from './speech/quiet-borders';
import { snapToSpeech } from './speech/snap-to-speech';
import { readSpeechAudio, type SpeechAudio } from './speech/speech-audio';
import { findSubtitleBeside, readSubtitleFile } from './subtitle-file';
import { sceneStarts } from './scene-starts';
import { TRANSCRIPT_VERSION, type Transcript, type TranscriptionMethod } from './transcript';
import { tidyWords } from './word-timing';

// What a subtitle may be off and still mean the pause that is heard there.
const SUBTITLE_TOLERANCE_SEC = 0.3;

export interface TranscriptionChoice {
	/** `automatic`: a subtitle file when there is one, else the service when one is given, else the embedded model. */
	readonly method?: TranscriptionMethod | 'automatic' | undefined;
	/** A .srt, .vtt or .json file; without it one beside the video is looked for. */
	readonly subtitlePath?: string | undefined;
	readonly service?: TranscriptionService | undefined;
}

export interface TranscribeOptions {
	readonly sourcePath: string;
	readonly source: MediaFacts;
	/** Two letters, or nothing to let the method find out. */
	readonly language?: string | undefined;
	readonly choice: TranscriptionChoice;
	readonly workFolder: string;
	readonly signal: AbortSignal;
	readonly deadlineMs: number;
	readonly ffmpegPath?: string | undefined;
	readonly onProgress?: ((share: number) => void) | undefined;
}

export interface TranscriptionPlan {
	readonly method: TranscriptionMethod;
	readonly subtitlePath?: string;
}

/** Decides which method serves, and refuses what cannot work before any work is done. */
export async function planTranscription(
	options: Pick<TranscribeOptions, 'sourcePath' | 'source' | 'language' | 'choice'>,
): Promise<TranscriptionPlan> {
	const wished = options.choice.method ?? 'automatic';
	if (wished === 'automatic' || wished === 'subtitle-file') {
		const subtitlePath =
			options.choice.subtitlePath ?? (await findSubtitleBeside(options.sourcePath, options.language));
		if (subtitlePath) return { method: 'subtitle-file', subtitlePath };
		if (wished === 'subtitle-file') throw noSubtitle(options.sourcePath);
	}
	if (!options.source.audio) throw noSound(options.sourcePath);
	if (wished === 'openai-compatible' || (wished === 'automatic' && options.choice.service)) {
		if (!options.choice.service) throw noService();
		if (!URL.canParse(options.choice.service.baseUrl)) throw badAddress(options.choice.service.baseUrl);
		return { method: 'openai-compatible' };
	}
	if (options.language && !/^en\b/i.test(options.language)) throw englishOnly(options.language);
	return { method: 'embedded-model' };
}

/** Carries a plan out. Throws `no-speech` rather than giving an empty transcript. */
export async function transcribe(plan: TranscriptionPlan, options: TranscribeOptions): Promise<Transcript> {
	const [sceneStartsSec, transcript] = await allOrNone<[number[], Transcript]>(options.signal, (signal) => [
		sceneStarts({ ...options, signal }),
		wordsOf(plan, { ...options, signal }),
	]);
	return { ...transcript, sceneStartsSec };
}

async function wordsOf(plan: TranscriptionPlan, options: TranscribeOptions): Promise<Transcript> {
	if (plan.subtitlePath) return await fromFile(plan.subtitlePath, options);
	const audio = await readSpeechAudio({ ...options, folder: options.workFolder });
	const heard = await listen(plan, audio, options);
	const words = tidyWords(heard.words, options.source.durationSec);
	if (words.length === 0) throw noSpeech(options.sourcePath);
	return toTranscript({ ...heard, words, durationSec: options.source.durationSec }, audio);
}

async function fromFile(subtitlePath: string, options: TranscribeOptions): Promise<Transcript> {
	const { source, language } = options;
	const read = await readSubtitleFile(subtitlePath, { durationSec: source.durationSec, language });
	if (!source.audio) return read;
	const audio = await readSpeechAudio({ ...options, folder: options.workFolder });
	// People set subtitles by hand and by eye; where a pause is heard close by, it is the better edge.
	const words =
		read.wordTiming === 'measured'
			? read.words
			: snapToSpeech(read.words, allSpeech(audio.levelsDb), SUBTITLE_TOLERANCE_SEC);
	return toTranscript({ ...read, words: tidyWords(words, source.durationSec) }, audio);
}

type Heard = Pick<Transcript, 'method' | 'methodDetail' | 'wordTiming' | 'language' | 'words'>;
type HeardAll = Heard & Pick<Transcript, 'durationSec'>;

async function listen(
	plan: TranscriptionPlan,
	audio: SpeechAudio,
	options: TranscribeOptions,
): Promise<Heard> {
	if (plan.method === 'openai-compatible' && options.choice.service) {
		const service = options.choice.service;
		const heard = await transcribeRemotely(audio, { ...options, service, folder: options.workFolder });
		return {
			method: 'openai-compatible',
			methodDetail: `${service.model} at ${new URL(service.baseUrl).host}`,
			wordTiming: heard.wordTiming,
			language: options.language ?? heard.language ?? 'und',
			words: heard.words,
		};
	}
	return {
		method: 'embedded-model',
		methodDetail: EMBEDDED_MODEL_NAME,
		wordTiming: 'aligned',
		language: 'en',
		words: await transcribeEmbedded(audio, options),
	};
}

function toTranscript(
	{ method, methodDetail, wordTiming, language, words, durationSec }: HeardAll,
	{ levelsDb }: SpeechAudio,
): Transcript {
	const sentences = quietBorders(toSentences(words), allSpeech(levelsDb)).map((sentence) => ({
		...sentence,
		levelDb: levelOf(levelsDb, sentence),
	}));
	const facts = { version: TRANSCRIPT_VERSION, method, methodDetail, wordTiming, language } as const;
	return { ...facts, durationSec, words, sentences };
}

const SUPPLY = 'put a .srt or .vtt file with the same name beside the video, or name one in the settings';

function noSubtitle(sourcePath: string): ClipError {
	return new ClipError(
		'subtitle-unreadable',
		`There is no subtitle file beside "${path.basename(sourcePath)}".`,
		`Choose another transcription method, or ${SUPPLY}.`,
	);
}

function noSound(sourcePath: string): ClipError {
	return new ClipError(
		'no-audio',
		`"${path.basename(sourcePath)}" has no sound, so there is nothing that could be transcribed.`,
		`Supply what is said as subtitles: ${SUPPLY}.`,
	);
}

function noSpeech(sourcePath: string): ClipError {
	return new ClipError(
		'no-speech',
		`No speech was found in "${path.basename(sourcePath)}".`,
		`Clips are chosen by what is said. If there is speech in it: ${SUPPLY}, or use another transcription method.`,
	);
}

function noService(): ClipError {
	return new ClipError(
		'settings',
		'The transcription method needs a service, and none is connected.',
		'Connect a Transcription Service credential, or choose another method.',
	);
}

function badAddress(baseUrl: string): ClipError {
	return new ClipError(
		'settings',
		`"${baseUrl}" is no web address, and the transcription service is looked for there.`,
		'Set the base URL like https://api.openai.com/v1.',
	);
}

function englishOnly(language: string): ClipError {
	return new ClipError(
		'settings',
		`The embedded speech model understands English only, and the language is set to "${language}".`,
		`Connect a transcription service, or ${SUPPLY}.`,
	);
}
