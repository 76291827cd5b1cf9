// What is heard, and what is chosen of it, beside the truth of a talk that was made word by word.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { chooseClips, transcribeVideo, type TimedWord, type Transcript } from '../../lib/clips';
import type { TalkWishes } from './speech-script';
import { spokenTalk, type TalkTruth } from './speech-talk';

const deadlineMs = 60 * 60_000;
/** What a clip's edge may be off and still hold the moment: the room that it may take or leave. */
const roomSec = 0.25;

export interface SpeechFigures {
	/** Share of the planted moments that lie whole inside a clip. */
	readonly recall: number;
	/** The farthest that the edge of a clip is from the edge of a sentence. */
	readonly boundaryMaxSec: number;
	/** Edges of clips inside a word. */
	readonly insideWord: number;
	/** The farthest that the first or last word of a sentence is off, among those said late. */
	readonly offsetMaxSec: number;
	/** How many places between two sentences that counted in. */
	readonly edges: number;
	/** Nine of ten single words are off by less. */
	readonly wordP90Sec: number;
	/** Time of transcribing on the clock, as a share of the talk's length. */
	readonly asrRtf: number;
	/** The same in time of the processor: what it would be if nothing else ran. Known on Linux. */
	readonly cpuRtf: number | undefined;
	readonly wordsHeard: number;
	readonly wordsRight: number;
}

/** As many clips are wanted as there are moments. */
export async function measureSpeech(
	cacheFolder: string,
	wishes: TalkWishes,
	offsetsFromSec: number,
): Promise<SpeechFigures> {
	const { videoPath, truth } = await spokenTalk(cacheFolder, wishes);
	const outputFolder = await mkdtemp(path.join(tmpdir(), 'bench-speech-'));
	try {
		const startedMs = performance.now();
		const cpuBefore = await cpuSec();
		const { transcript, source } = await transcribeVideo({
			sourcePath: videoPath,
			outputFolder,
			deadlineMs,
			transcription: { method: 'embedded-model' },
		});
		const asrRtf = (performance.now() - startedMs) / 1000 / source.durationSec;
		const cpuAfter = await cpuSec();
		const isKnown = cpuBefore !== undefined && cpuAfter !== undefined;
		return {
			asrRtf,
			cpuRtf: isKnown ? (cpuAfter - cpuBefore) / source.durationSec : undefined,
			...timing(transcript, truth, offsetsFromSec),
			...(await choosing(transcript, truth, wishes.moments)),
		};
	} finally {
		await rm(outputFolder, { recursive: true, force: true });
	}
}

/** Of this process and of all its children that have ended. */
async function cpuSec(): Promise<number | undefined> {
	const stat = await readFile('/proc/self/stat', 'utf8').catch(() => undefined);
	// Behind the name in brackets: utime, stime, cutime and cstime are the 12th to 15th, in hundredths.
	const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
	return fields?.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks) / 100, 0);
}

async function choosing(transcript: Transcript, truth: TalkTruth, planted: number) {
	const { clips } = await chooseClips({
		transcript,
		sourceName: 'talk',
		wantedClips: planted,
		minSec: 12,
		maxSec: 45,
		signal: AbortSignal.timeout(deadlineMs),
	});
	const edges = clips.flatMap(({ startSec, endSec }) => [startSec, endSec]);
	const trueEdges = truth.sentences.flatMap(({ startSec, endSec }) => [startSec, endSec]);
	const moments = Array.from({ length: planted }, (_, moment) => momentSpan(truth, moment));
	const found = moments.filter((moment) =>
		clips.some(
			(clip) => clip.startSec <= moment.startSec + roomSec && clip.endSec >= moment.endSec - roomSec,
		),
	);
	return {
		recall: found.length / moments.length,
		boundaryMaxSec: Math.max(...edges.map((edge) => nearest(edge, trueEdges))),
		insideWord: edges.filter((edge) => truth.words.some((word) => edge > word.startSec && edge < word.endSec))
			.length,
	};
}

function momentSpan(truth: TalkTruth, moment: number): { startSec: number; endSec: number } {
	const own = truth.sentences.filter((sentence) => sentence.moment === moment);
	return { startSec: own[0]?.startSec ?? 0, endSec: own[own.length - 1]?.endSec ?? 0 };
}

const nearest = (sec: number, others: readonly number[]): number =>
	Math.min(...others.map((other) => Math.abs(other - sec)));

/**
 * Sentences begin and end between two words. An edge counts where both of them were heard: beside a word that was heard
 * as another one, the one that is left may be an accident ("upon the" for "up on. The").
 */
function timing(transcript: Transcript, truth: TalkTruth, offsetsFromSec: number) {
	const pairs = sameWords(transcript.words, truth.words);
	const starts = new Set(truth.sentences.map(({ startSec }) => startSec));
	const edges = pairs.flatMap((pair, index) => {
		const before = pairs[index - 1];
		const isEdge = pair.said.startSec >= offsetsFromSec && starts.has(pair.said.startSec);
		return isEdge && before && follow(before, pair) ? [{ before, pair }] : [];
	});
	const offsets = edges
		.flatMap(({ before, pair }) => [startOff(pair), before.heard.endSec - before.said.endSec])
		.map(Math.abs);
	const all = pairs.map(startOff).map(Math.abs);
	return {
		offsetMaxSec: Math.max(0, ...offsets),
		edges: edges.length,
		wordP90Sec: all.sort((a, b) => a - b)[Math.floor(all.length * 0.9)] ?? 0,
		wordsHeard: transcript.words.length,
		wordsRight: pairs.length,
	};
}

const follow = (a: Pair, b: Pair): boolean => b.heardAt === a.heardAt + 1 && b.saidAt === a.saidAt + 1;

interface Pair {
	readonly heard: TimedWord;
	readonly said: TimedWord;
	readonly heardAt: number;
	readonly saidAt: number;
}

const startOff = ({ heard, said }: Pair): number => heard.startSec - said.startSec;

/** The longest run of words, in order, that both have: what was heard right. */
function sameWords(heard: readonly TimedWord[], said: readonly TimedWord[]): Pair[] {
	const [a, b] = [heard, said].map((words) => words.map(({ text }) => bare(text)));
	const lengths = Array.from({ length: heard.length + 1 }, () => new Uint16Array(said.length + 1));
	const lengthAt = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
	for (let i = heard.length - 1; i >= 0; i--) {
		for (let j = said.length - 1; j >= 0; j--) {
			const longest =
				a?.[i] === b?.[j] ? lengthAt(i + 1, j + 1) + 1 : Math.max(lengthAt(i + 1, j), lengthAt(i, j + 1));
			lengths[i]?.fill(longest, j, j + 1);
		}
	}
	const pairs: Pair[] = [];
	for (let i = 0, j = 0; i < heard.length && j < said.length;) {
		const [one, other] = [heard[i], said[j]];
		if (one && other && a?.[i] === b?.[j]) {
			pairs.push({ heard: one, said: other, heardAt: i, saidAt: j });
			[i, j] = [i + 1, j + 1];
		} else if (lengthAt(i + 1, j) >= lengthAt(i, j + 1)) i++;
		else j++;
	}
	return pairs;
}

const bare = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');
