// Which parts of a talk become clips: whole sentences, cut in the silence between them.
import { setImmediate as nextTurn } from 'node:timers/promises';

import { throwIfStopped } from '../media';
import { chooseTogether } from './choose-together';
import { likenessTo } from './likeness';
import { substanceOf } from './score-parts';
import { scoreSpan, talkContext, type ScoreParts, type TalkContext } from './scoring';
import type { Sentence, TimedWord, Transcript } from './transcript';
import { joinWords } from './written-words';

export interface HighlightWishes {
	readonly wantedClips: number;
	readonly minSec: number;
	readonly maxSec: number;
	/** End of the media: room behind the last word stops there. */
	readonly durationSec: number;
}

export interface Highlight {
	readonly startSec: number;
	readonly endSec: number;
	readonly sentences: readonly Sentence[];
	readonly words: readonly TimedWord[];
	readonly transcript: string;
	readonly score: number;
	readonly scoreParts: ScoreParts;
	readonly reason: string;
}

/** Sentences from `first` up to but without `end`, as a clip would cut them. */
export interface Candidate {
	readonly first: number;
	readonly end: number;
	readonly startSec: number;
	readonly endSec: number;
	readonly score: number;
}

/** What a talk offers to choose from. */
export interface ClipSpace {
	readonly talk: TalkContext;
	readonly wishes: HighlightWishes;
	readonly edges: Edges;
}

interface Edges {
	/** Where a clip that begins with this sentence starts. */
	readonly earliest: readonly number[];
	/** Where a clip that ends with this sentence stops. */
	readonly latest: readonly number[];
}

export type Spoken = Pick<Transcript, 'words' | 'sentences' | 'sceneStartsSec'>;

/** People notice a clip that is shorter than this as broken. */
export const SHORTEST_CLIP_SEC = 3;
// Room for breath around the words, so that no first or last sound is cut; taken only from silence. Never more than
// a quarter of a second, with what the end of the sound is measured late (0.06 s): the edge of a clip stays at the
// edge of its sentence.
const ROOM_BEFORE_SEC = 0.15;
const ROOM_AFTER_SEC = 0.18;
// A clip that stands out by a whole standard deviation gains a little by going on; with less it pays. Without this the
// first or the last sentence of a thought is left out whenever the rest of it is stronger.
const COST_PER_SEC = 0.5;
const GAIN_PER_SEC = 0.6;
const COUNTED_ROOM_SEC = 60;

// More than clips of three minutes have; without this an hour of clips of up to fifteen minutes takes minutes to judge.
const MOST_ENDS = 50;
const CANDIDATES_PER_TURN = 500;

/**
 * Chooses the clips of a talk: whole sentences, no overlaps, no two about the same, the best for as many clips as were
 * wanted — or as many as fit. In the order of the talk.
 */
export async function findHighlights(
	spoken: Spoken,
	wishes: HighlightWishes,
	signal: AbortSignal,
): Promise<Highlight[]> {
	const space = clipSpace(spoken, wishes);
	return (await fillUp(space, [], signal)).map((chosen) => toHighlight(space, chosen));
}

export function clipSpace(spoken: Spoken, wishes: HighlightWishes): ClipSpace {
	const { sentences } = spoken;
	const edges = { earliest: edgesBefore(sentences), latest: edgesAfter(sentences, wishes.durationSec) };
	return { talk: talkContext(spoken), wishes, edges };
}

/** As many as were wanted, or as fit, around those that are taken already. */
export async function fillUp(
	space: ClipSpace,
	taken: readonly Candidate[],
	signal: AbortSignal,
): Promise<Candidate[]> {
	const open = (await candidatesOf(space, signal)).map((each) => ({
		...each,
		score: each.score - lengthCost(space, each),
	}));
	const likenessOf = (one: Candidate): ((other: Candidate) => number) => {
		const compare = likenessTo(space.talk.meanings, [one.first, one.end]);
		return ({ first, end }) => compare([first, end]);
	};
	const { wantedClips: wanted } = space.wishes;
	return await chooseTogether(open, { wanted, taken, likenessTo: likenessOf, pause: () => pause(signal) });
}

/** All other work of this process has its turn. */
async function pause(signal: AbortSignal): Promise<void> {
	await nextTurn();
	throwIfStopped(signal);
}

/** Of two that are about as good, people see the shorter one to its end; what stands out may take its time. */
function lengthCost({ talk, wishes }: ClipSpace, { first, end, startSec, endSec }: Candidate): number {
	const standOut = Math.max(-1, Math.min(1, substanceOf(talk, first, end)));
	// Who wishes for clips of minutes does not mean the shortest of them.
	const lengthSec = Math.min(endSec - startSec, wishes.minSec + COUNTED_ROOM_SEC);
	return lengthSec * (COST_PER_SEC - GAIN_PER_SEC * standOut);
}

export function candidate({ talk, edges }: ClipSpace, first: number, end: number): Candidate {
	const [startSec, endSec] = [edges.earliest[first] ?? 0, edges.latest[end - 1] ?? 0];
	return { first, end, startSec, endSec, score: scoreSpan(talk, first, end).score };
}

// Neighbours share the silence between them half and half, so that two clips that touch never overlap.
function edgesBefore(sentences: readonly Sentence[]): number[] {
	return sentences.map((sentence, index) => {
		const previousEnd = sentences[index - 1]?.endSec ?? 0;
		return Math.max(0, sentence.startSec - Math.min(ROOM_BEFORE_SEC, (sentence.startSec - previousEnd) / 2));
	});
}

function edgesAfter(sentences: readonly Sentence[], durationSec: number): number[] {
	return sentences.map((sentence, index) => {
		const next = sentences[index + 1];
		const gapSec = next ? (next.startSec - sentence.endSec) / 2 : ROOM_AFTER_SEC;
		return Math.min(durationSec, sentence.endSec + Math.min(ROOM_AFTER_SEC, gapSec));
	});
}

async function candidatesOf(space: ClipSpace, signal: AbortSignal): Promise<Candidate[]> {
	const { minSec, maxSec } = space.wishes;
	const all: Candidate[] = [];
	for (const [first, end] of runsOf(space, minSec, maxSec)) {
		// A talk of hours has a hundred thousand.
		if (all.length % CANDIDATES_PER_TURN === 0) await pause(signal);
		all.push(candidate(space, first, end));
	}
	return all.length > 0 ? all : shorterThanWished(space);
}

/** Too little speech for one clip of the wished length: the longest run that there is, if people could use it. */
function shorterThanWished(space: ClipSpace): Candidate[] {
	const lengthOf = (run: readonly [number, number]): number => {
		const { startSec, endSec } = candidate(space, ...run);
		return endSec - startSec;
	};
	const [longest] = runsOf(space, SHORTEST_CLIP_SEC, space.wishes.maxSec).sort(
		(a, b) => lengthOf(b) - lengthOf(a),
	);
	return longest ? [candidate(space, ...longest)] : [];
}

/** Whether silence lies before the sentence with this number. */
export const canBeCut = ({ sentences }: TalkContext, sentence: number): boolean =>
	sentences[sentence - 1]?.isRunningOn !== true;

/** Runs of sentences between two lengths, without judging them. */
function runsOf(space: ClipSpace, minSec: number, maxSec: number): [number, number][] {
	const { talk } = space;
	return talk.sentences.flatMap((_, first) =>
		canBeCut(talk, first)
			? endsOf(space, first, { minSec, maxSec }).map((end): [number, number] => [first, end])
			: [],
	);
}

/** Where a clip that begins with this sentence may end; of very many places those with the longest silence. */
function endsOf(
	{ talk, edges }: ClipSpace,
	first: number,
	{ minSec, maxSec }: Pick<HighlightWishes, 'minSec' | 'maxSec'>,
): number[] {
	const ends: number[] = [];
	for (let end = first + 1; end <= talk.sentences.length; end++) {
		const lengthSec = (edges.latest[end - 1] ?? 0) - (edges.earliest[first] ?? 0);
		if (lengthSec > maxSec) break;
		if (lengthSec >= minSec && canBeCut(talk, end)) ends.push(end);
	}
	if (ends.length <= MOST_ENDS) return ends;
	const silence = (end: number): number => talk.sentences[end - 1]?.pauseAfterSec ?? 0;
	const best = [...ends].sort((a, b) => silence(b) - silence(a) || a - b).slice(0, MOST_ENDS);
	return best.sort((a, b) => a - b);
}

export function toHighlight({ talk }: ClipSpace, chosen: Candidate): Highlight {
	const sentences = talk.sentences.slice(chosen.first, chosen.end);
	const scored = scoreSpan(talk, chosen.first, chosen.end);
	return {
		startSec: toMillis(chosen.startSec),
		endSec: toMillis(chosen.endSec),
		sentences,
		words: talk.words.slice(sentences[0]?.firstWord ?? 0, sentences[sentences.length - 1]?.endWord ?? 0),
		transcript: joinWords(sentences.map((sentence) => sentence.text)),
		score: scored.score,
		scoreParts: scored.parts,
		reason: scored.reason,
	};
}

const toMillis = (sec: number): number => Math.round(sec * 1000) / 1000;
