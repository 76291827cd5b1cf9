// The use case: one long video in, several upright clips with captions out. Finished clips are kept and reused, so a
// run that died halfway costs only what was not finished.
import { mkdtemp, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import {
	ClipError,
	contentHash,
	prepareOutputFolder,
	probe,
	stoppedError,
	throwIfStopped,
	withDeadline,
	type MediaFacts,
} from '../media';
import { captionScript } from './captions';
import { clipIdentity } from './clip-identity';
import { chooseFraming, CLIP_HEIGHT, CLIP_WIDTH, type Framing } from './framing';
import { checkSource, checkWishes, defaults, tooLittleSpeech } from './extract-checks';
import { findHighlights, type Highlight } from './highlights';
import { renderClip } from './render-clip';
import { talkContext, type ScoreParts } from './scoring';
import { suggestTexts, type Suggestions } from './suggestions';
import { keptTranscript } from './transcript-cache';
import { planTranscription, type TranscriptionChoice } from './transcribe';
import type { Transcript } from './transcript';

export interface ExtractOptions {
	readonly sourcePath: string;
	readonly outputFolder: string;
	readonly wantedClips?: number | undefined;
	readonly minSec?: number | undefined;
	readonly maxSec?: number | undefined;
	readonly language?: string | undefined;
	readonly transcription?: TranscriptionChoice | undefined;
	readonly captions?: boolean | undefined;
	readonly signal?: AbortSignal | undefined;
	readonly onProgress?: ((progress: ExtractProgress) => void) | undefined;
	/** For everything together; one hour when not given. */
	readonly deadlineMs?: number | undefined;
	readonly ffmpegPath?: string | undefined;
	readonly ffprobePath?: string | undefined;
}

export interface ExtractProgress {
	readonly step: 'read' | 'transcribe' | 'choose' | 'render';
	/** Of all steps together, 0 to 1. */
	readonly share: number;
	readonly message: string;
}

export interface Clip {
	/** The same for the same source bytes, span and settings, on every machine and in every run. */
	readonly clipId: string;
	readonly index: number;
	readonly startSec: number;
	readonly endSec: number;
	readonly durationSec: number;
	readonly title: string;
	readonly hook: string;
	readonly transcript: string;
	readonly score: number;
	readonly scoreParts: ScoreParts;
	readonly reason: string;
	readonly path: string;
	readonly sizeBytes: number;
	readonly width: number;
	readonly height: number;
	readonly sha256: string;
	readonly framing: Framing;
	readonly hasCaptions: boolean;
	/** Whether an earlier run had made the file already. */
	readonly isReused: boolean;
	readonly suggestions: Suggestions;
}

export interface ExtractResult {
	readonly source: MediaFacts & { readonly path: string; readonly sha256: string };
	readonly transcript: Transcript;
	readonly clips: readonly Clip[];
}

interface Run {
	readonly wantedClips: number;
	readonly minSec: number;
	readonly maxSec: number;
	readonly captions: boolean;
	readonly deadlineMs: number;
	readonly options: ExtractOptions;
	readonly sourcePath: string;
	readonly outputFolder: string;
	readonly signal: AbortSignal;
	readonly workFolder: string;
	readonly report: (step: ExtractProgress['step'], share: number, message: string) => void;
}

// Where each step ends on the way from 0 to 1; about what they cost on a talk of a few minutes.
const READ_UNTIL = 0.03;
const TRANSCRIBED_UNTIL = 0.35;

/** Makes the clips of a video. Throws `ClipError` for everything that a person can do something about. */
export async function extractClips(options: ExtractOptions): Promise<ExtractResult> {
	checkWishes(options);
	const deadlineMs = options.deadlineMs ?? defaults.deadlineMs;
	const signal = withDeadline(options.signal, deadlineMs);
	throwIfStopped(signal);
	const workFolder = await mkdtemp(path.join(os.tmpdir(), 'stackkraft-clips-'));
	try {
		return await work({
			options,
			signal,
			deadlineMs,
			workFolder,
			sourcePath: path.resolve(options.sourcePath),
			outputFolder: path.resolve(options.outputFolder),
			wantedClips: options.wantedClips ?? defaults.wantedClips,
			minSec: options.minSec ?? defaults.minSec,
			maxSec: options.maxSec ?? defaults.maxSec,
			captions: options.captions ?? defaults.captions,
			report: (step, share, message) => options.onProgress?.({ step, share, message }),
		});
	} catch (error) {
		if (signal.aborted && !(error instanceof ClipError)) throw stoppedError(signal);
		throw error;
	} finally {
		await rm(workFolder, { recursive: true, force: true });
	}
}

async function work(run: Run): Promise<ExtractResult> {
	run.report('read', 0, 'Reading the video');
	const facts = await probe(run.sourcePath, { ffprobePath: run.options.ffprobePath, signal: run.signal });
	checkSource(run.sourcePath, facts);
	await prepareOutputFolder(run.outputFolder);
	const choice = run.options.transcription ?? {};
	const plan = await planTranscription({ ...run, source: facts, language: run.options.language, choice });
	const sha256 = await contentHash(run.sourcePath, run.signal);
	run.report('transcribe', READ_UNTIL, 'Listening to what is said');
	const transcript = await keptTranscript(plan, sha256, run.outputFolder, {
		sourcePath: run.sourcePath,
		source: facts,
		language: run.options.language,
		choice,
		workFolder: run.workFolder,
		signal: run.signal,
		deadlineMs: run.deadlineMs,
		ffmpegPath: run.options.ffmpegPath,
		onProgress: (share) =>
			run.report(
				'transcribe',
				READ_UNTIL + share * (TRANSCRIBED_UNTIL - READ_UNTIL),
				'Listening to what is said',
			),
	});
	run.report(
		'choose',
		TRANSCRIBED_UNTIL,
		`${transcript.words.length} words heard (${transcript.methodDetail})`,
	);
	const highlights = findHighlights(transcript.words, transcript.sentences, {
		...run,
		durationSec: facts.durationSec,
	});
	if (highlights.length === 0) throw tooLittleSpeech(run.sourcePath);
	const source = { ...facts, path: run.sourcePath, sha256 };
	return { source, transcript, clips: await makeClips(run, source, transcript, highlights) };
}

async function makeClips(
	run: Run,
	source: ExtractResult['source'],
	transcript: Transcript,
	highlights: readonly Highlight[],
): Promise<Clip[]> {
	const { counts } = talkContext(transcript.words, transcript.sentences);
	const clips: Clip[] = [];
	// One at a time: a single encode keeps all cores busy, and a stop loses at most one clip.
	for (const [index, highlight] of highlights.entries()) {
		const report = (share: number): void => {
			const done = (index + share) / highlights.length;
			const message = `Rendering clip ${index + 1} of ${highlights.length}`;
			run.report('render', TRANSCRIBED_UNTIL + done * (1 - TRANSCRIBED_UNTIL), message);
		};
		report(0);
		const made = await makeFile(run, source, highlight, report);
		const suggestions = suggestTexts(highlight, counts);
		clips.push({ ...made, ...describe(highlight), index, title: suggestions.title, suggestions });
	}
	run.report('render', 1, `${clips.length} clips are ready`);
	return clips;
}

function describe(highlight: Highlight) {
	return {
		startSec: highlight.startSec,
		endSec: highlight.endSec,
		durationSec: Math.round((highlight.endSec - highlight.startSec) * 1000) / 1000,
		hook: highlight.sentences[0]?.text ?? '',
		transcript: highlight.transcript,
		score: highlight.score,
		scoreParts: highlight.scoreParts,
		reason: highlight.reason,
	};
}

type MadeFile = Pick<
	Clip,
	'clipId' | 'path' | 'sizeBytes' | 'width' | 'height' | 'sha256' | 'framing' | 'hasCaptions' | 'isReused'
>;

async function makeFile(
	run: Run,
	source: ExtractResult['source'],
	highlight: Highlight,
	onProgress: (share: number) => void,
): Promise<MadeFile> {
	const { startSec, endSec } = highlight;
	const framing = chooseFraming(source.video ?? { width: CLIP_WIDTH, height: CLIP_HEIGHT });
	const captions = run.captions ? captionScript(highlight.words, highlight) : undefined;
	const clipId = clipIdentity({
		sourceSha256: source.sha256,
		startSec,
		endSec,
		framing: framing.mode,
		captions,
	});
	const file = path.join(run.outputFolder, `clip-${clipId}.mp4`);
	const existing = await stat(file).catch(() => undefined);
	if (!existing) {
		const { sourcePath, workFolder, signal, deadlineMs } = run;
		const { ffmpegPath } = run.options;
		const request = {
			sourcePath,
			source,
			startSec,
			endSec,
			framing,
			captions,
			workFolder,
			signal,
			deadlineMs,
		};
		await renderClip({ ...request, targetPath: file, ffmpegPath, onProgress });
	}
	return {
		clipId,
		path: file,
		sizeBytes: (existing ?? (await stat(file))).size,
		width: CLIP_WIDTH,
		height: CLIP_HEIGHT,
		sha256: await contentHash(file, run.signal),
		framing,
		hasCaptions: captions !== undefined,
		isReused: existing !== undefined,
	};
}
