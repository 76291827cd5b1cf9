// When new pictures begin. Only key frames are decoded: encoders put one at each cut, and a whole hour takes seconds.
import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { runFfmpeg, type MediaFacts } from '../media';

export interface SceneOptions {
	readonly sourcePath: string;
	readonly source: MediaFacts;
	readonly signal: AbortSignal;
	readonly deadlineMs: number;
	readonly ffmpegPath?: string | undefined;
	readonly workFolder: string;
}

// ffmpeg's measure from 0 to 1: a cut between two cameras is far above, one person who moves is below.
const NEW_PICTURE = 0.3;
const REPORT = 'scenes.txt';

/** In order; nothing when the media has no picture. */
export async function sceneStarts(options: SceneOptions): Promise<number[]> {
	if (!options.source.video) return [];
	await runFfmpeg({
		inputs: [
			{
				source: options.sourcePath,
				// Deblocking makes pictures nicer to look at; nobody looks at these.
				options: [
					...['-protocol_whitelist', 'file', '-an', '-sn', '-dn'],
					...['-skip_frame', 'nokey', '-skip_loop_filter', 'all'],
				],
			},
		],
		// Into a file and not into the messages, of which only the last are kept.
		outputOptions: [
			...['-map', '0:V:0', '-vf'],
			`scale=160:-2:flags=fast_bilinear,select='gt(scene,${NEW_PICTURE})',metadata=mode=print:file=${REPORT}`,
			...['-fps_mode', 'passthrough', '-f', 'null'],
		],
		output: '-',
		folder: options.workFolder,
		signal: options.signal,
		deadlineMs: options.deadlineMs,
		ffmpegPath: options.ffmpegPath,
	});
	const report = await readFile(path.join(options.workFolder, REPORT), 'utf8');
	return [...report.matchAll(/\bpts_time:([\d.]+)/g)].map((match) => Number(match[1]));
}
