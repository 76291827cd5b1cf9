import { scoreSpan, talkContext, type ScoreParts, type TalkContext } from './scoring';
import type { Sentence, TimedWord } from './transcript';

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

interface Candidate {
	readonly first: number;
	readonly end: number;
	readonly startSec: number;
	readonly endSec: number;
	readonly score: number;
}

/** People notice a clip that is shorter than this as broken. */
export const SHORTEST_CLIP_SEC = 3;
// Room for breath around the words, so that no first or last sound is cut; taken only from silence.
const ROOM_BEFORE_SEC = 0.2;
const ROOM_AFTER_SEC = 0.4;

/**
 * Chooses the clips of a talk: whole sentences, no overlaps, the best total score for as many clips as were wanted —
 * or as many as fit, because few clips are worth less to people than several good ones. In the order of the talk.
 */
export function findHighlights(
	words: readonly TimedWord[],
	sentences: readonly Sentence[],
	wishes: HighlightWishes,
): Highlight[] {
	const talk = talkContext(words, sentences);
	const edges = { earliest: edgesBefore(sentences), latest: edgesAfter(sentences, wishes.durationSec) };
	const candidates = candidatesOf(talk, edges, wishes);
	return bestTogether(candidates, wishes.wantedClips).map((chosen) => toHighlight(talk, chosen));
}

interface Edges {
	/** Where a clip that begins with this sentence starts. */
	readonly earliest: readonly number[];
	/** Where a clip that ends with this sentence stops. */
	readonly latest: readonly number[];
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

function candidatesOf(talk: TalkContext, edges: Edges, wishes: HighlightWishes): Candidate[] {
	const all: Candidate[] = [];
	talk.sentences.forEach((_, first) => {
		const startSec = edges.earliest[first] ?? 0;
		for (let end = first + 1; end <= talk.sentences.length; end++) {
			const endSec = edges.latest[end - 1] ?? 0;
			if (endSec - startSec > wishes.maxSec) break;
			if (endSec - startSec < wishes.minSec) continue;
			all.push({ first, end, startSec, endSec, score: scoreSpan(talk, first, end).score });
		}
	});
	return all.length > 0 ? all : shorterThanWished(talk, edges, wishes);
}

/** Too little speech for one clip of the wished length: the longest run that there is, if people could use it. */
function shorterThanWished(talk: TalkContext, edges: Edges, wishes: HighlightWishes): Candidate[] {
	let best: Candidate | undefined;
	talk.sentences.forEach((_, first) => {
		for (let end = first + 1; end <= talk.sentences.length; end++) {
			const [startSec, endSec] = [edges.earliest[first] ?? 0, edges.latest[end - 1] ?? 0];
			const lengthSec = endSec - startSec;
			if (lengthSec > wishes.maxSec || lengthSec < SHORTEST_CLIP_SEC) continue;
			if (best && best.endSec - best.startSec >= lengthSec) continue;
			best = { first, end, startSec, endSec, score: scoreSpan(talk, first, end).score };
		}
	});
	return best ? [best] : [];
}

// Weighted interval scheduling with a count: total[c][i] is the best sum of c clips among the first i candidates.
function bestTogether(candidates: readonly Candidate[], wanted: number): Candidate[] {
	const byEnd = [...candidates].sort((a, b) => a.endSec - b.endSec || a.startSec - b.startSec);
	const compatible = byEnd.map((candidate) => countEndingBy(byEnd, candidate.startSec));
	const totals: number[][] = [Array<number>(byEnd.length + 1).fill(0)];
	for (let clips = 1; clips <= wanted; clips++) {
		const row = [-Infinity];
		byEnd.forEach((candidate, index) => {
			const withIt = (totals[clips - 1]?.[compatible[index] ?? 0] ?? -Infinity) + candidate.score;
			row.push(Math.max(row[index] ?? -Infinity, withIt));
		});
		// No room for one more clip: fewer, but still the best of that many.
		if ((row[byEnd.length] ?? -Infinity) === -Infinity) break;
		totals.push(row);
	}
	return readBack(byEnd, compatible, totals);
}

function readBack(
	byEnd: readonly Candidate[],
	compatible: readonly number[],
	totals: readonly (readonly number[])[],
): Candidate[] {
	const chosen: Candidate[] = [];
	let at = byEnd.length;
	let clips = totals.length - 1;
	while (clips > 0 && at > 0) {
		const candidate = byEnd[at - 1];
		if (candidate && totals[clips]?.[at] !== totals[clips]?.[at - 1]) {
			chosen.unshift(candidate);
			at = compatible[at - 1] ?? 0;
			clips--;
		} else {
			at--;
		}
	}
	return chosen;
}

/** How many candidates end at or before a moment; they are sorted by their end. */
function countEndingBy(byEnd: readonly Candidate[], startSec: number): number {
	let [low, high] = [0, byEnd.length];
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((byEnd[middle]?.endSec ?? Infinity) <= startSec + 1e-9) low = middle + 1;
		else high = middle;
	}
	return low;
}

function toHighlight(talk: TalkContext, chosen: Candidate): Highlight {
	const sentences = talk.sentences.slice(chosen.first, chosen.end);
	const scored = scoreSpan(talk, chosen.first, chosen.end);
	return {
		startSec: toMillis(chosen.startSec),
		endSec: toMillis(chosen.endSec),
		sentences,
		words: talk.words.slice(sentences[0]?.firstWord ?? 0, sentences[sentences.length - 1]?.endWord ?? 0),
		transcript: sentences.map((sentence) => sentence.text).join(' '),
		score: scored.score,
		scoreParts: scored.parts,
		reason: scored.reason,
	};
}

const toMillis = (sec: number): number => Math.round(sec * 1000) / 1000;
