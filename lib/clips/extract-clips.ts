// The use case: one long video in, several upright clips with captions out. Finished clips are kept and reused, so a
// run that died halfway costs only what was not finished.
import { prepareOutputFolder } from '../media';
import { clipRun, openSource, type ClipRun, type RunOptions, type Source } from './clip-run';
import { checkSource, checkWishes, defaults, tooLittleSpeech } from './extract-checks';
import { findHighlights, type Highlight } from './highlights';
import { makeClip, type ClipFile } from './make-clip';
import { talkContext, type ScoreParts } from './scoring';
import { suggestTexts, type Suggestions } from './suggestions';
import { keptTranscript } from './transcript-cache';
import { planTranscription, type TranscriptionChoice } from './transcribe';
import type { Transcript } from './transcript';

export interface ExtractOptions extends RunOptions {
	readonly wantedClips?: number | undefined;
	readonly minSec?: number | undefined;
	readonly maxSec?: number | undefined;
	readonly language?: string | undefined;
	readonly transcription?: TranscriptionChoice | undefined;
	readonly captions?: boolean | undefined;
	readonly onProgress?: ((progress: ExtractProgress) => void) | undefined;
}

export interface ExtractProgress {
	readonly step: 'read' | 'transcribe' | 'choose' | 'render';
	/** Of all steps together, 0 to 1. */
	readonly share: number;
	readonly message: string;
}

export interface Clip extends ClipFile {
	readonly index: number;
	readonly startSec: number;
	readonly endSec: number;
	readonly title: string;
	readonly hook: string;
	readonly transcript: string;
	readonly score: number;
	readonly scoreParts: ScoreParts;
	readonly reason: string;
	readonly suggestions: Suggestions;
}

export interface ExtractResult {
	readonly source: Source;
	readonly transcript: Transcript;
	readonly clips: readonly Clip[];
}

interface Run extends ClipRun {
	readonly wantedClips: number;
	readonly minSec: number;
	readonly maxSec: number;
	readonly options: ExtractOptions;
	readonly report: (step: ExtractProgress['step'], share: number, message: string) => void;
}

// Where each step ends on the way from 0 to 1; about what they cost on a talk of a few minutes.
const READ_UNTIL = 0.03;
const TRANSCRIBED_UNTIL = 0.35;

/** Makes the clips of a video. Throws `ClipError` for everything that a person can do something about. */
export async function extractClips(options: ExtractOptions): Promise<ExtractResult> {
	checkWishes(options);
	return await clipRun(options, (run) =>
		work({
			...run,
			options,
			wantedClips: options.wantedClips ?? defaults.wantedClips,
			minSec: options.minSec ?? defaults.minSec,
			maxSec: options.maxSec ?? defaults.maxSec,
			report: (step, share, message) => options.onProgress?.({ step, share, message }),
		}),
	);
}

async function work(run: Run): Promise<ExtractResult> {
	run.report('read', 0, 'Reading the video');
	const { language } = run.options;
	const choice = run.options.transcription ?? {};
	const { source, plan } = await readSource(run, choice);
	run.report('transcribe', READ_UNTIL, 'Listening to what is said');
	const transcript = await keptTranscript(plan, source.sha256, run.outputFolder, {
		...run,
		source,
		language,
		choice,
		onProgress: (share) =>
			run.report(
				'transcribe',
				READ_UNTIL + share * (TRANSCRIBED_UNTIL - READ_UNTIL),
				'Listening to what is said',
			),
	});
	const heard = `${transcript.words.length} words heard (${transcript.methodDetail})`;
	run.report('choose', TRANSCRIBED_UNTIL, heard);
	const wishes = { ...run, durationSec: source.durationSec };
	const highlights = findHighlights(transcript, wishes);
	if (highlights.length === 0) throw tooLittleSpeech(run.sourcePath);
	return { source, transcript, clips: await makeClips(run, source, transcript, highlights) };
}

async function readSource(run: Run, choice: TranscriptionChoice) {
	const { source, checked: plan } = await openSource(run, async (facts) => {
		checkSource(run.sourcePath, facts);
		await prepareOutputFolder(run.outputFolder);
		return await planTranscription({ ...run, source: facts, language: run.options.language, choice });
	});
	return { source, plan };
}

async function makeClips(
	run: Run,
	source: Source,
	transcript: Transcript,
	highlights: readonly Highlight[],
): Promise<Clip[]> {
	const { counts } = talkContext(transcript);
	const look = { captions: run.options.captions ?? defaults.captions };
	const clips: Clip[] = [];
	// One at a time: a single encode keeps all cores busy, and a stop loses at most one clip.
	for (const [index, highlight] of highlights.entries()) {
		const onProgress = (share: number): void => {
			const done = (index + share) / highlights.length;
			const message = `Rendering clip ${index + 1} of ${highlights.length}`;
			run.report('render', TRANSCRIBED_UNTIL + done * (1 - TRANSCRIBED_UNTIL), message);
		};
		onProgress(0);
		const made = await makeClip(run, source, highlight, { look, onProgress });
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
		hook: highlight.sentences[0]?.text ?? '',
		transcript: highlight.transcript,
		score: highlight.score,
		scoreParts: highlight.scoreParts,
		reason: highlight.reason,
	};
}
