// The third step of three: any span of a video, chosen by us, by a person or by a step in between, becomes a clip.
import { ClipError, prepareOutputFolder } from '../media';
import { clipRun, openSource, type RunOptions, type Source } from './clip-run';
import { checkSource } from './extract-checks';
import { SHORTEST_CLIP_SEC } from './highlights';
import { makeClip, type ClipFile, type ClipLook } from './make-clip';
import type { TimedWord } from './transcript';
import { tidyWords } from './word-timing';

export interface RenderSpanOptions extends RunOptions {
	readonly startSec: number;
	readonly endSec: number;
	/** Of the whole talk or of the span: those inside are used. */
	readonly words: readonly TimedWord[];
	readonly look: ClipLook;
	readonly onProgress?: ((share: number) => void) | undefined;
}

export interface RenderedSpan {
	readonly source: Source;
	readonly startSec: number;
	readonly endSec: number;
	readonly clip: ClipFile;
}

const LONGEST_CLIP_SEC = 900;

export async function renderSpan(options: RenderSpanOptions): Promise<RenderedSpan> {
	return await clipRun(options, async (run) => {
		const { source } = await openSource(run, async (facts) => {
			checkSource(run.sourcePath, facts);
			await prepareOutputFolder(run.outputFolder);
		});
		const span = checkedSpan(options, source.durationSec);
		const words = wordsInside(options.words, span);
		const clip = await makeClip(
			run,
			source,
			{ ...span, words },
			{
				look: options.look,
				onProgress: options.onProgress ?? (() => undefined),
			},
		);
		return { source, ...span, clip };
	});
}

function checkedSpan(
	{ startSec, endSec }: RenderSpanOptions,
	durationSec: number,
): { startSec: number; endSec: number } {
	const end = Math.min(endSec, durationSec);
	const lengthSec = end - startSec;
	if (startSec >= 0 && lengthSec >= SHORTEST_CLIP_SEC && lengthSec <= LONGEST_CLIP_SEC)
		return { startSec, endSec: end };
	throw new ClipError(
		'settings',
		`A clip from ${startSec} to ${endSec} seconds cannot be made of a video of ${durationSec.toFixed(1)} seconds.`,
		`Give a start and an end inside the video, ${SHORTEST_CLIP_SEC} to ${LONGEST_CLIP_SEC} seconds apart.`,
	);
}

/** Words that the span cuts through are cut with it: half a word is heard, and shown. */
function wordsInside(
	words: readonly TimedWord[],
	{ startSec, endSec }: { startSec: number; endSec: number },
): TimedWord[] {
	const inside = words
		.filter(
			(word) => (word.startSec + word.endSec) / 2 > startSec && (word.startSec + word.endSec) / 2 < endSec,
		)
		.map((word) => ({ ...word, startSec: Math.max(word.startSec, startSec) }));
	return tidyWords(inside, endSec);
}
