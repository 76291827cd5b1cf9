// One chosen span becomes one file. A file that an earlier run has finished is used again.
import { stat } from 'node:fs/promises';
import path from 'node:path';

import { contentHash } from '../media';
import { captionScript } from './captions';
import { clipIdentity } from './clip-identity';
import type { ClipRun, Source } from './clip-run';
import { chooseFraming, CLIP_HEIGHT, CLIP_WIDTH, type Framing } from './framing';
import { renderClip } from './render-clip';
import type { TimedWord } from './transcript';

export interface ClipSpan {
	readonly startSec: number;
	readonly endSec: number;
	/** What is said in it, with the source's times; empty when nobody knows. */
	readonly words: readonly TimedWord[];
}

export interface ClipLook {
	readonly captions: boolean;
}

export interface ClipFile {
	/** The same for the same source bytes, span and settings, on every machine and in every run. */
	readonly clipId: string;
	readonly path: string;
	readonly sizeBytes: number;
	readonly width: number;
	readonly height: number;
	readonly sha256: string;
	readonly framing: Framing;
	readonly hasCaptions: boolean;
	/** Whether an earlier run had made the file already. */
	readonly isReused: boolean;
}

export async function makeClip(
	run: ClipRun,
	source: Source,
	span: ClipSpan,
	{ look, onProgress }: { readonly look: ClipLook; readonly onProgress: (share: number) => void },
): Promise<ClipFile> {
	const { startSec, endSec } = span;
	const framing = chooseFraming(source.video ?? { width: CLIP_WIDTH, height: CLIP_HEIGHT });
	const captions = look.captions && span.words.length > 0 ? captionScript(span.words, span) : undefined;
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
		const { sourcePath, workFolder, signal, deadlineMs, ffmpegPath } = run;
		const work = { sourcePath, workFolder, signal, deadlineMs, ffmpegPath };
		await renderClip({ ...work, source, startSec, endSec, framing, captions, targetPath: file, onProgress });
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
