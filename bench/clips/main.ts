// Clips beside the truth: a long talk that was made word by word, with ten moments planted in it. Ends with
//   clips: recall <0..1>, boundary_max_s <x>, inside_word <n>, offset_max_s <x>, subject_inside <0..1>,
//     speed_ratio <x>, asr_rtf <x>, peak_rss_mib <x>        (in one line)
// and with 1 when a bound is broken. asr_rtf is the time on the clock: it wants a machine that does nothing else.
//   npm run bench:clips
import path from 'node:path';

import { measurePicture, type PictureFigures } from './picture';
import { measureSpeech, type SpeechFigures } from './speech';

const cacheFolder = path.join(__dirname, '../../.stackkraft/media');
/** 13 minutes and a half: offsets count after ten. */
const talk = { material: 'known', dullBetween: 14, moments: 10 } as const;
/** Other words. The last one is what the choice of clips has not learned from. */
const otherTalks = (['second', 'third', 'heldOut'] as const).map((material) => ({
	...{ material, dullBetween: 9, moments: 10 },
}));
/** Short recordings hide what a wrong chunk does to all that follows. */
const offsetsFromSec = 600;

interface Bound {
	readonly name: string;
	readonly value: number;
	readonly isKept: boolean;
	readonly digits: number;
}

const atMost = (name: string, value: number, most: number, digits = 2): Bound => ({
	name,
	value,
	isKept: value <= most,
	digits,
});
const atLeast = (name: string, value: number, least: number, digits = 2): Bound => ({
	name,
	value,
	isKept: value >= least,
	digits,
});

/** In the order of the last line. */
const boundsOf = (speech: SpeechFigures, picture: PictureFigures): Bound[] => [
	atLeast('recall', speech.recall, 0.8),
	atMost('boundary_max_s', speech.boundaryMaxSec, 0.25, 3),
	atMost('inside_word', speech.insideWord, 0, 0),
	atMost('offset_max_s', speech.offsetMaxSec, 0.15, 3),
	atLeast('subject_inside', picture.subjectInside, 0.95, 3),
	atMost('speed_ratio', picture.speedRatio, 1.25),
	atMost('asr_rtf', speech.asrRtf, 0.25, 3),
	atMost('peak_rss_mib', picture.peakRssMib, 1200, 0),
];

function worstOf(all: readonly SpeechFigures[]): SpeechFigures {
	const [first] = all;
	if (!first) throw new Error('Nothing was measured.');
	const most = (figure: (figures: SpeechFigures) => number): number => Math.max(...all.map(figure));
	return {
		...first,
		recall: Math.min(...all.map(({ recall }) => recall)),
		boundaryMaxSec: most(({ boundaryMaxSec }) => boundaryMaxSec),
		insideWord: most(({ insideWord }) => insideWord),
		offsetMaxSec: most(({ offsetMaxSec }) => offsetMaxSec),
		asrRtf: most(({ asrRtf }) => asrRtf),
	};
}

async function main(): Promise<void> {
	const speech = await measureSpeech(cacheFolder, talk, offsetsFromSec);
	const right = `${speech.wordsRight} of ${speech.wordsHeard} words right`;
	const within = `nine of ten within ${speech.wordP90Sec.toFixed(3)} s`;
	console.log(`speech: ${right}, ${within}, cpu_rtf ${speech.cpuRtf?.toFixed(3) ?? 'unknown'}`);
	const all = [speech];
	for (const other of otherTalks) all.push(await measureSpeech(cacheFolder, other, 0));
	const found = [talk, ...otherTalks].map(
		({ material }, index) => `${material} ${all[index]?.recall.toFixed(2)}`,
	);
	console.log(`recall: ${found.join(', ')}`);
	const picture = await measurePicture(cacheFolder);
	const pan = `fastest_pan ${picture.fastestPan.toFixed(3)} (bound ${picture.panBound.toFixed(3)})`;
	console.log(`picture: ${pan}`);
	const bounds = boundsOf(worstOf(all), picture);
	const isSteady = picture.fastestPan <= picture.panBound;
	for (const { name } of bounds.filter(({ isKept }) => !isKept)) console.log(`broken: ${name}`);
	if (!isSteady) console.log('broken: fastest_pan');
	const figures = bounds.map(({ name, value, digits }) => `${name} ${value.toFixed(digits)}`);
	console.log(`clips: ${figures.join(', ')}`);
	process.exitCode = isSteady && bounds.every(({ isKept }) => isKept) ? 0 : 1;
}

void main();
