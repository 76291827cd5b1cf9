// What all uses of a video share: one deadline, one working folder that never outlives the run, one look at the source.
import path from 'node:path';

import {
	ClipError,
	contentHash,
	probe,
	stoppedError,
	throwIfStopped,
	withDeadline,
	type MediaFacts,
} from '../media';
import { defaults } from './extract-checks';
import { withWorkFolder } from './work-folder';

export interface RunOptions {
	readonly sourcePath: string;
	readonly outputFolder: string;
	readonly signal?: AbortSignal | undefined;
	/** For everything together; one hour when not given. */
	readonly deadlineMs?: number | undefined;
	readonly ffmpegPath?: string | undefined;
	readonly ffprobePath?: string | undefined;
}

/** A run under way: the same wishes with nothing left open. */
export interface ClipRun {
	readonly sourcePath: string;
	readonly outputFolder: string;
	readonly workFolder: string;
	readonly signal: AbortSignal;
	readonly deadlineMs: number;
	readonly ffmpegPath: string | undefined;
	readonly ffprobePath: string | undefined;
}

export type Source = MediaFacts & { readonly path: string; readonly sha256: string };

/** Gives the work its folder and its deadline; everything that a stop breaks off is told as the stop. */
export async function clipRun<Result>(
	options: RunOptions,
	work: (run: ClipRun) => Promise<Result>,
): Promise<Result> {
	const deadlineMs = options.deadlineMs ?? defaults.deadlineMs;
	const signal = withDeadline(options.signal, deadlineMs);
	throwIfStopped(signal);
	return await withWorkFolder('clips', async (workFolder) => {
		try {
			return await work({
				workFolder,
				signal,
				deadlineMs,
				sourcePath: path.resolve(options.sourcePath),
				outputFolder: path.resolve(options.outputFolder),
				ffmpegPath: options.ffmpegPath,
				ffprobePath: options.ffprobePath,
			});
		} catch (error) {
			if (signal.aborted && !(error instanceof ClipError)) throw stoppedError(signal);
			throw error;
		}
	});
}

/** What the source holds, and the name that its content has; `check` may refuse it before all of it is read. */
export async function openSource<Checked>(
	run: ClipRun,
	check: (facts: MediaFacts) => Promise<Checked>,
): Promise<{ readonly source: Source; readonly checked: Checked }> {
	const facts = await probe(run.sourcePath, { ffprobePath: run.ffprobePath, signal: run.signal });
	const checked = await check(facts);
	const sha256 = await contentHash(run.sourcePath, run.signal);
	return { source: { ...facts, path: run.sourcePath, sha256 }, checked };
}
