// The single judgements that a score is made of. Each may go over its bounds; the score cuts it.
import { likenessTo, type SentenceRange } from './likeness';
import { hangsOnWhatWasBefore, hasHookPhrase, isHousekeeping, isQuestion, namesNumber } from './score-words';
import type { TalkContext } from './scoring';
import type { Sentence } from './transcript';
import { endsSentence } from './word-timing';
import { wordsOf } from './written-words';

/** Sentences on each side of an edge that are compared. */
const COMPARED = 3;

export function hookOf(talk: TalkContext, first: number, end: number): number {
	const opening = talk.sentences[first]?.text ?? '';
	const next = first + 1 < end ? (talk.sentences[first + 1]?.text ?? '') : '';
	const firstSeconds = `${opening} ${next}`.slice(0, 160);
	let points = 8 + questionPoints(opening, next) + openingPoints(opening, firstSeconds);
	// In the middle of a sentence; a transcript without full stops has only the silence to tell.
	if (/^\p{Ll}/u.test(opening) && breakAt(talk, first) < 1) points -= 3;
	return points;
}

/** "And does anybody have the file?" asks those in the room; what nobody answers makes nobody stay. */
function questionPoints(opening: string, next: string): number {
	if (hangsOnWhatWasBefore(opening) || isHousekeeping(opening)) return 0;
	if (isQuestion(opening)) return isAnsweredBy(next) ? 8 : 2;
	return isQuestion(next) ? 3 : 0;
}

const isAnsweredBy = (text: string): boolean => text !== '' && !isQuestion(text);

function openingPoints(opening: string, firstSeconds: string): number {
	let points = 0;
	if (isHousekeeping(firstSeconds)) points -= 5;
	if (hasHookPhrase(opening)) points += 7;
	else if (hasHookPhrase(firstSeconds)) points += 3;
	if (namesNumber(firstSeconds)) points += 3;
	if (/\byou(?:r|'re)?\b/i.test(opening)) points += 3;
	if (wordsOf(opening).length <= 12) points += 2;
	if (hangsOnWhatWasBefore(opening)) points -= 11;
	return points;
}

export function completenessOf(talk: TalkContext, first: number, end: number): number {
	const span = talk.sentences.slice(first, end);
	const last = span[span.length - 1];
	const after = talk.sentences[end];
	if (!last) return 0;
	const [opens, closes] = [breakAt(talk, first), breakAt(talk, end)];
	let points = 3;
	// Who falls silent for that long has ended, whatever the transcript writes: some write no full stops at all.
	if (endsSentence(last.text) || closes === 1) points += 4;
	if (isQuestion(last.text)) points -= 6;
	points += 5.5 * (opens + closes);
	const before = talk.sentences[first - 1];
	if (before && !endsSentence(before.text) && opens < 1) points -= 6;
	points -= 5 * Math.min(3, breaksInside(talk, first, end));
	// What goes on with "and" or "because" was not finished.
	if (after && hangsOnWhatWasBefore(after.text) && last.pauseAfterSec < 0.5) points -= 2;
	return points;
}

/** Places inside where the speaker stops clearly longer than between two sentences: another thought begins there. */
function breaksInside(talk: TalkContext, first: number, end: number): number {
	let breaks = 0;
	for (let at = first + 1; at < end; at++) if (breakAt(talk, at) === 1) breaks++;
	return breaks;
}

/**
 * How clearly the speaker stops before this sentence: 0 for not longer than between any two, 1 for a break. People who
 * speak slowly pause long between any two sentences. The beginning and the end of a talk are breaks.
 */
function breakAt({ sentences, pauseSec }: TalkContext, at: number): number {
	if (at <= 0 || at >= sentences.length) return 1;
	const breakSec = Math.max(0.5, 1.5 * pauseSec);
	return bounded01(((sentences[at - 1]?.pauseAfterSec ?? 0) - pauseSec) / (breakSec - pauseSec));
}

/** How much the talk changes at both edges: a thought begins and ends where it goes to other things. */
export function closednessOf(talk: TalkContext, first: number, end: number): number {
	const words = (talk.changes[first] ?? 1) + (talk.changes[end] ?? 1);
	const lift =
		liftOver(talk, [first, first + 1], [first - 1, first]) + liftOver(talk, [end - 1, end], [end, end + 1]);
	return 1.5 * words + 2 * lift;
}

/** How much more the one stands out than the other, from -1 to 1; nothing lies before and behind a talk. */
function liftOver(talk: TalkContext, inside: SentenceRange, outside: SentenceRange): number {
	if (outside[0] < 0 || outside[1] > talk.sentences.length) return 1;
	const lift = substanceOf(talk, ...inside) - substanceOf(talk, ...outside);
	return Math.max(-1, Math.min(1, lift));
}

/** How little the words before and behind this place have in common. */
export function changeAt(meanings: TalkContext['meanings'], at: number): number {
	const before = meanings.slice(Math.max(0, at - COMPARED), at).flat();
	const after = meanings.slice(at, at + COMPARED).flat();
	if (before.length === 0 || after.length === 0) return 1;
	return 1 - likenessTo([before, after], [0, 1])([1, 2]);
}

export function answerOf(talk: TalkContext, first: number, end: number): number {
	let points = 2;
	const asked = questionIn(talk, first, end);
	if (asked !== undefined) {
		points += 3;
		// An answer speaks of what was asked, or gives a reason.
		if (isSpokenOf(talk, talk.meanings[asked] ?? [], [asked + 1, end])) points += 3;
	}
	const rest = talk.signs.slice(first + 1, end);
	if (rest.some(({ givesReason }) => givesReason)) points += 3;
	if (rest.some(({ turnsRound }) => turnsRound)) points += 1;
	return points;
}

/** The first question that a statement follows. */
function questionIn({ signs }: TalkContext, first: number, end: number): number | undefined {
	for (let at = first; at + 1 < end; at++) {
		if (signs[at]?.isQuestion && !signs[at + 1]?.isQuestion) return at;
	}
	return undefined;
}

function isSpokenOf(talk: TalkContext, words: readonly string[], [first, end]: SentenceRange): boolean {
	for (let at = first; at < end; at++) {
		if (words.some((word) => talk.meanings[at]?.includes(word))) return true;
	}
	return false;
}

/** Up to 12 points for what it says beside the rest of the talk, up to 8 for staying with it. */
export function unityOf(talk: TalkContext, first: number, end: number): number {
	const substance = 12 * bounded01((substanceOf(talk, first, end) + 0.3) / 1.3);
	return substance + 8 * coherenceOf(talk, first, end);
}

const bounded01 = (value: number): number => Math.max(0, Math.min(1, value));

/** How far its sentences stand out of the talk, the long ones more than the short ones. */
export function substanceOf(talk: TalkContext, first: number, end: number): number {
	let [sum, sec] = [0, 0];
	for (let at = Math.max(0, first); at < Math.min(end, talk.sentences.length); at++) {
		const sentence = talk.sentences[at];
		const lengthSec = sentence ? sentence.endSec - sentence.startSec : 0;
		sum += (talk.standOuts[at] ?? 0) * lengthSec;
		sec += lengthSec;
	}
	return sec > 0 ? sum / sec : 0;
}

// So many words of its own make a span one that stays with its subject.
const ENOUGH_OWN_WORDS = 3;

/** Words that the span says more than once, and more often than the rest of the talk does. */
function coherenceOf(talk: TalkContext, first: number, end: number): number {
	const said = new Map<string, number>();
	let own = 0;
	for (let at = first; at < end && own < ENOUGH_OWN_WORDS; at++) {
		for (const word of talk.meanings[at] ?? []) {
			const here = (said.get(word) ?? 0) + 1;
			said.set(word, here);
			if (here === ownFrom(talk.counts.get(word) ?? 0)) own++;
		}
	}
	return 0.5 + 0.5 * Math.min(1, own / ENOUGH_OWN_WORDS);
}

const ownFrom = (inTalk: number): number => Math.max(2, Math.floor(inTalk / 2) + 1);

export function emphasisOf(talk: TalkContext, first: number, end: number): number {
	const span = talk.sentences.slice(first, end);
	const signs = talk.signs.slice(first, end);
	const startSec = span[0]?.startSec ?? 0;
	const endSec = span[span.length - 1]?.endSec ?? 0;
	const lengthSec = Math.max(endSec - startSec, 0.1);
	const spokenSec = span.reduce((sum, sentence) => sum + sentence.endSec - sentence.startSec, 0);
	const deadAir = 1 - spokenSec / lengthSec;
	const words = span.reduce((sum, sentence) => sum + sentence.endWord - sentence.firstWord, 0);
	const pace = words / Math.max(spokenSec, 0.1) / Math.max(talk.wordsPerSec, 0.1);
	const emphatic = signs.reduce((sum, { emphaticWords }) => sum + emphaticWords, 0) / (lengthSec / 10);
	return (
		3 * Math.min(1.3, pace) +
		5 * Math.min(1, emphatic / 2.5) +
		(signs.some(({ isExclaimed }) => isExclaimed) ? 1 : 0) +
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
