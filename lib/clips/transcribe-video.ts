// The first step of three: a video or a recording in, its words with times out, kept as a file that the other steps name.
import { prepareOutputFolder } from '../media';
import { clipRun, openSource, type RunOptions, type Source } from './clip-run';
import { keepTranscript, keptTranscript } from './transcript-cache';
import { planTranscription, type TranscriptionChoice } from './transcribe';
import type { Transcript } from './transcript';

export interface TranscribeVideoOptions extends RunOptions {
	readonly language?: string | undefined;
	readonly transcription?: TranscriptionChoice | undefined;
	/** Of the listening, 0 to 1. */
	readonly onProgress?: ((share: number) => void) | undefined;
}

export interface TranscribedVideo {
	readonly source: Source;
	readonly transcript: Transcript;
	readonly transcriptPath: string;
}

/** Throws `ClipError` for everything that a person can do something about. */
export async function transcribeVideo(options: TranscribeVideoOptions): Promise<TranscribedVideo> {
	const { language, onProgress, transcription: choice = {} } = options;
	return await clipRun(options, async (run) => {
		const { source, checked: plan } = await openSource(run, async (facts) => {
			await prepareOutputFolder(run.outputFolder);
			return await planTranscription({ ...run, source: facts, language, choice });
		});
		const kept = await keptTranscript(plan, source.sha256, run.outputFolder, {
			...run,
			source,
			language,
			choice,
			onProgress,
		});
		const transcriptPath = kept.path ?? (await keepTranscript(run.outputFolder, kept.transcript));
		return { source, transcript: kept.transcript, transcriptPath };
	});
}
