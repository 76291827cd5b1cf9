// The single judgements that a score is made of. Each may go over its bounds; the score cuts it.
import {
	emphaticWords,
	givesReason,
	hangsOnWhatWasBefore,
	hasHookPhrase,
	isHousekeeping,
	isQuestion,
	namesNumber,
} from './score-words';
import type { TalkContext } from './scoring';
import type { Sentence } from './transcript';
import { endsSentence } from './word-timing';

/** Sentences on each side of an edge that are compared. */
const COMPARED = 3;

export function hookOf(span: readonly Sentence[]): number {
	const opening = span[0]?.text ?? '';
	const firstSeconds = `${opening} ${span[1]?.text ?? ''}`.slice(0, 160);
	return 7 + questionPoints(opening, firstSeconds) + openingPoints(opening, firstSeconds);
}

function questionPoints(opening: string, firstSeconds: string): number {
	// "And does anybody have the file?" asks those in the room.
	if (hangsOnWhatWasBefore(opening) || isHousekeeping(opening)) return 0;
	if (isQuestion(opening)) return 8;
	return firstSeconds.includes('?') ? 4 : 0;
}

function openingPoints(opening: string, firstSeconds: string): number {
	let points = 0;
	if (isHousekeeping(firstSeconds)) points -= 5;
	if (hasHookPhrase(opening)) points += 7;
	else if (hasHookPhrase(firstSeconds)) points += 3;
	if (namesNumber(firstSeconds)) points += 3;
	if (/\byou(?:r|'re)?\b/i.test(opening)) points += 3;
	if (opening.split(' ').length <= 12) points += 2;
	if (hangsOnWhatWasBefore(opening)) points -= 11;
	if (/^\p{Ll}/u.test(opening)) points -= 3;
	return points;
}

export function completenessOf(talk: TalkContext, first: number, end: number): number {
	const span = talk.sentences.slice(first, end);
	const last = span[span.length - 1];
	const before = talk.sentences[first - 1];
	const after = talk.sentences[end];
	if (!last) return 0;
	const breakSec = breakOf(talk);
	let points = 3;
	if (endsSentence(last.text)) points += 4;
	if (isQuestion(last.text)) points -= 6;
	points += 5.5 * Math.min(1, last.pauseAfterSec / breakSec);
	points += 5.5 * Math.min(1, (before?.pauseAfterSec ?? breakSec) / breakSec);
	if (before && !endsSentence(before.text)) points -= 6;
	points -= 5 * Math.min(3, breaksInside(talk, first, end));
	// What goes on with "and" or "because" was not finished.
	if (after && hangsOnWhatWasBefore(after.text) && last.pauseAfterSec < 0.5) points -= 2;
	return points;
}

/** Places inside where the speaker stops clearly longer than between two sentences: another thought begins there. */
function breaksInside(talk: TalkContext, first: number, end: number): number {
	const breakSec = breakOf(talk);
	return talk.sentences.slice(first, end - 1).filter(({ pauseAfterSec }) => pauseAfterSec >= breakSec).length;
}

/** From here on a pause is a break: people who speak slowly pause long between any two sentences. */
const breakOf = ({ pauseSec }: TalkContext): number => Math.max(0.5, 1.6 * pauseSec);

/** How much the words change at both edges: a thought begins and ends where the talk goes to other things. */
export function closednessOf(talk: TalkContext, first: number, end: number): number {
	return 3.5 * (edgeChange(talk, first) + edgeChange(talk, end));
}

function edgeChange(talk: TalkContext, at: number): number {
	const before = talk.meanings.slice(Math.max(0, at - COMPARED), at).flat();
	const after = talk.meanings.slice(at, at + COMPARED).flat();
	if (before.length === 0 || after.length === 0) return 1;
	return 1 - likeness(before, after);
}

/** Cosine of two bags of words: 0 for nothing in common, 1 for the same words. */
export function likeness(left: readonly string[], right: readonly string[]): number {
	const [a, b] = [bagOf(left), bagOf(right)];
	let shared = 0;
	for (const [word, count] of a) shared += count * (b.get(word) ?? 0);
	const length = (bag: ReadonlyMap<string, number>): number =>
		Math.sqrt([...bag.values()].reduce((sum, count) => sum + count * count, 0));
	return shared === 0 ? 0 : shared / (length(a) * length(b));
}

function bagOf(words: readonly string[]): Map<string, number> {
	const bag = new Map<string, number>();
	for (const word of words) bag.set(word, (bag.get(word) ?? 0) + 1);
	return bag;
}

export function answerOf(talk: TalkContext, first: number, end: number): number {
	const span = talk.sentences.slice(first, end);
	const asked = span.slice(0, -1).findIndex(({ text }) => isQuestion(text));
	const rest = span.slice(1).map(({ text }) => text);
	let points = 2;
	// An answer speaks of what was asked, or gives a reason.
	if (asked >= 0) {
		const question = talk.meanings[first + asked] ?? [];
		const told = talk.meanings.slice(first + asked + 1, end).flat();
		points += 3;
		if (question.some((word) => told.includes(word))) points += 3;
	}
	if (rest.some(givesReason)) points += 3;
	// "Most people think … The opposite is true": raised and turned round.
	if (rest.some((text) => /\b(?:opposite|instead|wrong|not|never|but)\b/i.test(text))) points += 1;
	return points;
}

export function unityOf(talk: TalkContext, first: number, end: number): number {
	const words = talk.meanings.slice(first, end).flat();
	if (words.length === 0) return 0;
	const span = talk.sentences.slice(first, end);
	const total = span.reduce((sum, sentence) => sum + sentence.endWord - sentence.firstWord, 0);
	const unique = [...new Set(words)];
	const density = words.length / Math.max(total, 1);
	const housekeeping = span.filter(({ text }) => isHousekeeping(text)).length / span.length;
	const hanging = span.slice(1).filter(({ text }) => hangsOnWhatWasBefore(text)).length / span.length;
	const cohesion = 1 - unique.length / words.length;
	// Said here and hardly elsewhere: this is where the talk speaks of it.
	const own = [...bagOf(words)].filter(
		([word, here]) => here >= 2 && here * 2 > (talk.counts.get(word) ?? 0),
	);
	const themes = unique.filter((word) => (talk.counts.get(word) ?? 0) >= 3).length / unique.length;
	return (
		5 * Math.min(1, density / 0.5) +
		6 * Math.min(1, cohesion / 0.3) +
		5 * Math.min(1, own.length / 3) +
		4 * Math.min(1, themes / 0.35) -
		5 * Math.max(0, hanging - 0.25) -
		8 * housekeeping
	);
}

export function emphasisOf(talk: TalkContext, span: readonly Sentence[]): number {
	const startSec = span[0]?.startSec ?? 0;
	const endSec = span[span.length - 1]?.endSec ?? 0;
	const lengthSec = Math.max(endSec - startSec, 0.1);
	const text = span.map((sentence) => sentence.text).join(' ');
	const spokenSec = span.reduce((sum, sentence) => sum + sentence.endSec - sentence.startSec, 0);
	const deadAir = 1 - spokenSec / lengthSec;
	const words = span.reduce((sum, sentence) => sum + sentence.endWord - sentence.firstWord, 0);
	const pace = words / Math.max(spokenSec, 0.1) / Math.max(talk.wordsPerSec, 0.1);
	const emphatic = emphaticWords(text) / (lengthSec / 10);
	return (
		3 * Math.min(1.3, pace) +
		5 * Math.min(1, emphatic / 2.5) +
		(text.includes('!') ? 1 : 0) +
		2 +
		loudnessPoints(talk, span) -
		25 * Math.max(0, deadAir - 0.15)
	);
}

/** Up to 4 points for 3 dB above the middle of the talk, as many off for 3 dB below. */
function loudnessPoints({ levelDb }: TalkContext, span: readonly Sentence[]): number {
	if (levelDb === undefined) return 1;
	let [power, sec] = [0, 0];
	for (const sentence of span) {
		if (sentence.levelDb === undefined) continue;
		power += 10 ** (sentence.levelDb / 10) * (sentence.endSec - sentence.startSec);
		sec += sentence.endSec - sentence.startSec;
	}
	if (sec === 0 || power === 0) return 0;
	const louderDb = 10 * Math.log10(power / sec) - levelDb;
	return 4 * Math.max(-1, Math.min(1, louderDb / 3));
}
