// One run of the whole pipeline in a process of its own, as the first of a user is: nothing is loaded or known yet but
// the code. Told by speed.ts what to do, in JSON.
import { extractClips } from '../../lib/clips';
import { oneRunAnswer, oneRunWishes } from './one-run-messages';

async function main(): Promise<void> {
	const wishes = oneRunWishes.parse(JSON.parse(process.argv[2] ?? ''));
	const startedMs = performance.now();
	const { clips } = await extractClips(wishes);
	const spans = clips.map(({ startSec, endSec, durationSec }) => ({ startSec, endSec, durationSec }));
	process.send?.(oneRunAnswer.parse({ tookMs: performance.now() - startedMs, spans }));
}

void main();
