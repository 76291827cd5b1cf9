import { openAsBlob } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Agent, FormData, fetch, type Response } from 'undici';
import type { z } from 'zod';

import { redact } from '../../http';
import { ClipError, runFfmpeg, stoppedError, throwIfStopped, withDeadline } from '../../media';
import type { TimedWord } from '../transcript';
import { placeWords, spreadWords, type TimeSpan } from '../word-timing';
import { answerSchema, fromWords } from '../words-json';
import { closeUp, splitUnspaced } from '../written-words';
import { planChunks, speechSpans } from './pauses';
import { SAMPLE_RATE_HZ, type SpeechAudio } from './speech-audio';

/** An endpoint that answers `POST {baseUrl}/audio/transcriptions` like OpenAI's. */
export interface TranscriptionService {
	/** With its version, for example `https://api.openai.com/v1`. */
	readonly baseUrl: string;
	readonly apiKey?: string | undefined;
	readonly model: string;
}

export interface RemoteOptions {
	readonly service: TranscriptionService;
	readonly language?: string | undefined;
	readonly folder: string;
	readonly signal: AbortSignal;
	readonly deadlineMs: number;
	readonly ffmpegPath?: string | undefined;
	readonly onProgress?: ((share: number) => void) | undefined;
}

export interface RemoteWords {
	readonly words: TimedWord[];
	readonly language: string | undefined;
	readonly wordTiming: 'measured' | 'interpolated';
}

// Ten minutes are about 10 MB of FLAC: below the 25 MB that services accept, and little is lost when one call fails.
const LONGEST_PIECE_SEC = 600;
const CALL_DEADLINE_MS = 10 * 60_000;
const ATTEMPTS = 3;
const MOST_TOLD_CHARS = 300;

type Answer = z.infer<typeof answerSchema>;

/** Words with times from a speech service, in pieces whose offsets are exact. */
export async function transcribeRemotely(audio: SpeechAudio, options: RemoteOptions): Promise<RemoteWords> {
	checkService(options.service);
	const pieces = planChunks(audio.levelsDb, LONGEST_PIECE_SEC);
	const words: TimedWord[] = [];
	let language: string | undefined;
	let isMeasured = true;
	for (const [index, piece] of pieces.entries()) {
		const answer = await transcribePiece(audio, piece, options);
		language ??= answer.language ?? undefined;
		const found = wordsOf(answer, piece, audio);
		isMeasured &&= found.isMeasured;
		words.push(...found.words);
		options.onProgress?.((index + 1) / pieces.length);
	}
	return { words, language, wordTiming: isMeasured ? 'measured' : 'interpolated' };
}

/** What no request could be made of is told at once; the words of those who would try quote it. */
function checkService({ baseUrl, apiKey = '' }: TranscriptionService): void {
	const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
	if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) {
		throw new ClipError(
			'settings',
			'The base URL of the transcription service is no plain web address.',
			'Correct it in the credential, for example to https://api.openai.com/v1; a key goes into API Key.',
		);
	}
	if (!/^[\x20-\x7e]*$/.test(apiKey.trim())) {
		throw new ClipError(
			'settings',
			'The API key of the transcription service holds a character that cannot be sent.',
			'Copy the key again, without anything before, behind or in it.',
		);
	}
}

/** The best times that an answer has: its words, else its segments, else only the pauses in the sound. */
function wordsOf(
	answer: Answer,
	piece: TimeSpan,
	audio: SpeechAudio,
): { words: TimedWord[]; isMeasured: boolean } {
	const shift = (sec: number): number => sec + piece.startSec;
	const lengthSec = piece.endSec - piece.startSec;
	const found = fromWords(answer.words ?? [], answer.text, { startSec: 0, endSec: lengthSec });
	if (found) {
		const words = found.words.map(({ text, startSec, endSec }) => ({
			text,
			startSec: shift(startSec),
			endSec: shift(endSec),
		}));
		return { words, isMeasured: found.isMeasured };
	}
	const words = answer.segments?.length
		? answer.segments.flatMap(({ text, start, end }) => {
				const span = { startSec: shift(start), endSec: shift(end) };
				const speech = speechSpans(audio.levelsDb, span);
				return speech.length > 0 ? placeWords(split(text), speech) : spreadWords(split(text), span);
			})
		: placeWords(split(answer.text ?? ''), speechSpans(audio.levelsDb, piece));
	return { words, isMeasured: false };
}

const split = (text: string): string[] => closeUp(text).split(/\s+/).filter(Boolean).flatMap(splitUnspaced);

async function transcribePiece(audio: SpeechAudio, piece: TimeSpan, options: RemoteOptions): Promise<Answer> {
	const file = path.join(options.folder, 'piece.flac');
	await runFfmpeg({
		inputs: [
			{
				source: audio.pcmPath,
				options: [
					...['-f', 's16le', '-ar', String(SAMPLE_RATE_HZ), '-ac', '1'],
					...['-ss', piece.startSec.toFixed(3), '-t', (piece.endSec - piece.startSec).toFixed(3)],
				],
			},
		],
		// FLAC and not MP3: an encoder's delay would shift every word.
		outputOptions: ['-c:a', 'flac', '-f', 'flac'],
		output: file,
		signal: options.signal,
		deadlineMs: options.deadlineMs,
		ffmpegPath: options.ffmpegPath,
	});
	for (let attempt = 1; ; attempt++) {
		const outcome = await callService(file, options);
		if ('answer' in outcome) return outcome.answer;
		if (!outcome.isTemporary || attempt >= ATTEMPTS) throw outcome.error;
		await pause(outcome.waitMs ?? 2_000 * 2 ** attempt, undefined, { signal: options.signal }).catch(
			() => undefined,
		);
		throwIfStopped(options.signal);
	}
}

type Outcome =
	| { readonly answer: Answer }
	| { readonly error: ClipError; readonly isTemporary: boolean; readonly waitMs?: number | undefined };

async function callService(file: string, options: RemoteOptions): Promise<Outcome> {
	const deadlineMs = Math.min(CALL_DEADLINE_MS, options.deadlineMs);
	const signal = withDeadline(options.signal, deadlineMs);
	// A service computes before it answers; undici's own limit of five minutes would cut it off.
	const dispatcher = new Agent({
		headersTimeout: deadlineMs,
		bodyTimeout: deadlineMs,
		connect: { timeout: 20_000 },
	});
	try {
		const response = await fetch(`${options.service.baseUrl.replace(/\/+$/, '')}/audio/transcriptions`, {
			method: 'POST',
			body: await requestBody(file, options),
			headers: options.service.apiKey ? { authorization: `Bearer ${options.service.apiKey}` } : {},
			// A redirect would carry the key to an address that nobody chose.
			redirect: 'error',
			signal,
			dispatcher,
		});
		return response.ok ? await readAnswer(response) : await refused(response, options.service);
	} catch (cause) {
		if (options.signal.aborted) throw stoppedError(options.signal);
		return { error: unreachable(cause, options.service), isTemporary: true };
	} finally {
		await dispatcher.destroy();
	}
}

async function requestBody(file: string, options: RemoteOptions): Promise<FormData> {
	const body = new FormData();
	body.set('file', await openAsBlob(file, { type: 'audio/flac' }), 'speech.flac');
	body.set('model', options.service.model);
	body.set('response_format', 'verbose_json');
	body.append('timestamp_granularities[]', 'word');
	body.append('timestamp_granularities[]', 'segment');
	if (options.language) body.set('language', options.language);
	return body;
}

async function readAnswer(response: Response): Promise<Outcome> {
	const parsed = answerSchema.safeParse(await response.json().catch(() => undefined));
	if (parsed.success && isTranscript(parsed.data)) return { answer: parsed.data };
	return {
		isTemporary: false,
		error: new ClipError(
			'transcription-service',
			'The transcription service answered with something else than a transcript.',
			'Check the base URL: it must end before "/audio/transcriptions", for example https://api.openai.com/v1.',
		),
	};
}

// Without any of these it is no silence, but an error that came as a success.
const isTranscript = ({ text, words, segments }: Answer): boolean =>
	(text ?? words ?? segments ?? undefined) !== undefined;

async function refused(response: Response, service: TranscriptionService): Promise<Outcome> {
	const answer = await response.text().catch(() => '');
	const said = withoutKey(answer || response.statusText, service);
	// Whoever refuses a key quotes it, and be it in parts.
	const isAboutTheKey = response.status === 401 || response.status === 403;
	const isTemporary = response.status === 429 || response.status >= 500;
	const retryAfterSec = Number(response.headers.get('retry-after'));
	return {
		isTemporary,
		waitMs: retryAfterSec > 0 ? Math.min(retryAfterSec, 60) * 1_000 : undefined,
		error: new ClipError(
			'transcription-service',
			`The transcription service refused the request (HTTP ${response.status})${said && !isAboutTheKey ? `: ${said}` : '.'}`,
			remedyFor(response.status),
		),
	};
}

/** Cut short last: half a key would no longer be found. */
function withoutKey(text: string, { apiKey }: TranscriptionService): string {
	const key = apiKey?.trim();
	return redact(key ? text.replaceAll(key, '[hidden]') : text).slice(0, MOST_TOLD_CHARS);
}

function remedyFor(status: number): string {
	if (status === 401 || status === 403)
		return 'Check the API key in the credential and what it may be used for.';
	if (status === 404) return 'Check the base URL and the model name in the credential.';
	if (status === 429) return 'The service limits how often it may be called: wait, or raise the limit there.';
	return status >= 500
		? 'Try again later, or use the embedded model.'
		: 'Check the model name and the language.';
}

function unreachable(cause: unknown, service: TranscriptionService): ClipError {
	const told =
		cause instanceof Error ? String((cause.cause as Error | undefined)?.message ?? cause.message) : '';
	const why = withoutKey(told, service);
	return new ClipError(
		'transcription-service',
		`The transcription service could not be reached${why ? `: ${why}` : ''}.`,
		'Check the base URL in the credential and that the service runs.',
		{ cause },
	);
}
