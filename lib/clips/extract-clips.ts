// The use case: one long video in, several upright clips with captions out. Finished clips are kept and reused, so a
// run that died halfway costs only what was not finished.
import { allOrNone, prepareOutputFolder } from '../media';
import { chooseClips, type Choice, type ChosenClip } from './choose-clips';
import { clipRun, openSource, type ClipRun, type RunOptions, type Source } from './clip-run';
import { checkSource, checkWishes, defaults } from './extract-checks';
import { makeClip, type ClipFile, type ClipLook } from './make-clip';
import type { ChatModel } from './model-choice/chat-model';
import type { ModelReport } from './model-choice/choose-with-model';
import { keptTranscript } from './transcript-cache';
import { planTranscription, type TranscriptionChoice } from './transcribe';
import type { Transcript } from './transcript';

export interface ExtractOptions extends RunOptions {
	readonly wantedClips?: number | undefined;
	readonly minSec?: number | undefined;
	readonly maxSec?: number | undefined;
	readonly language?: string | undefined;
	readonly transcription?: TranscriptionChoice | undefined;
	/** Captions in the middle of upright clips, when nothing else is said. */
	readonly look?: Partial<ClipLook> | undefined;
	/** Asked for proposals when given; each is checked against the transcript. */
	readonly model?: ChatModel | undefined;
	readonly onProgress?: ((progress: ExtractProgress) => void) | undefined;
}

export interface ExtractProgress {
	readonly step: 'read' | 'transcribe' | 'choose' | 'render';
	/** Of all steps together, 0 to 1. */
	readonly share: number;
	readonly message: string;
}

export interface Clip extends ClipFile, Omit<ChosenClip, 'words'> {
	readonly index: number;
}

export interface ExtractResult {
	readonly source: Source;
	readonly transcript: Transcript;
	readonly clips: readonly Clip[];
	/** Only when a model was asked. */
	readonly model?: ModelReport;
}

interface Run extends ClipRun {
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
	const { transcript } = await keptTranscript(plan, source.sha256, run.outputFolder, {
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
	const { wantedClips, minSec, maxSec, model } = run.options;
	const { signal, sourcePath: sourceName } = run;
	const wishes = { wantedClips, minSec, maxSec };
	const chosen = await chooseClips({ transcript, sourceName, ...wishes, model, signal });
	const clips = await makeClips(run, source, chosen);
	return { source, transcript, clips, ...(chosen.model && { model: chosen.model }) };
}

async function readSource(run: Run, choice: TranscriptionChoice) {
	const { source, checked: plan } = await openSource(run, async (facts) => {
		checkSource(run.sourcePath, facts);
		await prepareOutputFolder(run.outputFolder);
		return await planTranscription({ ...run, source: facts, language: run.options.language, choice });
	});
	return { source, plan };
}

async function makeClips(run: Run, source: Source, choice: Choice): Promise<Clip[]> {
	const look = { captions: defaults.captions, ...run.options.look };
	const shares = choice.clips.map(() => 0);
	// All are asked for at once; how many are made at once is up to the turns of the encoder.
	const clips = await allOrNone<Clip[]>(run.signal, (signal) =>
		choice.clips.map(async (chosen, index) => {
			const onProgress = (share: number): void => {
				shares[index] = share;
				const done = shares.reduce((sum, each) => sum + each, 0) / shares.length;
				const message = `Rendering clip ${index + 1} of ${shares.length}`;
				run.report('render', TRANSCRIBED_UNTIL + done * (1 - TRANSCRIBED_UNTIL), message);
			};
			const made = await makeClip({ ...run, signal }, source, chosen, { look, onProgress });
			onProgress(1);
			const { words: _words, ...described } = chosen;
			return { ...made, ...described, index };
		}),
	);
	run.report('render', 1, `${clips.length} clips are ready`);
	return clips;
}
