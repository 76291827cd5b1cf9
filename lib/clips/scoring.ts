// How good a stretch of speech is as a clip, from its words and times alone: the same input always gives the same score.
import type { Sentence, TimedWord } from './transcript';
import { endsSentence } from './word-timing';

export interface ScoreParts {
	/** Do the first seconds make people stay? */
	readonly hook: number;
	/** Is it a whole thought that begins and ends cleanly? */
	readonly completeness: number;
	/** Does it say something, and one thing? */
	readonly substance: number;
	/** Is it lively: pace, emphasis, no dead air? */
	readonly energy: number;
}

export interface Scored {
	readonly score: number;
	readonly parts: ScoreParts;
	readonly reason: string;
}

/** What is known of the whole talk and needed to judge a part of it. */
export interface TalkContext {
	readonly words: readonly TimedWord[];
	readonly sentences: readonly Sentence[];
	/** How often the talk says each meaningful word. */
	readonly counts: ReadonlyMap<string, number>;
	readonly wordsPerSec: number;
}

export const MOST_PER_PART = 25;

const STOP_WORDS = new Set(
	`a about after again all also am an and any are as at be because been before being but by can could did do does doing
	don't down each few for from further get go going got had has have having he her here him his how i if i'm in into is
	it it's its just know let like make me more most my no nor not now of off on once one only or other our out over own
	really said same say see she should so some such than that that's the their them then there these they thing things
	think this those through to too under until up very want was way we were what when where which while who why will with
	would yeah you your you're`.split(/\s+/),
);
const HOOK_PHRASES =
	/\b(?:did you know|imagine|here's|the (?:secret|truth|problem|reason|key|biggest|best|worst|first)|what if|have you ever|most people|nobody|everyone|never|always|stop|how to|why (?:do|does|is|are|you|we|i)|let me tell you|the moment|i (?:learned|realized|was wrong))\b/i;
const DANGLING_START =
	/^(?:and|but|so|or|because|which|who|that|then|also|it|its|they|them|he|she|this|these|those|well|um|uh|yeah|okay)\b/i;
const EMPHASIS =
	/\b(?:never|always|best|worst|most|every(?:one|thing|body)?|nothing|nobody|amazing|incredible|huge|totally|absolutely|exactly|free|easy|secret|million|billion|love|hate|great|powerful|important|change[sd]?|first|only)\b/gi;

/** Words that carry meaning, in one spelling, for counting. */
export function meaningfulWords(text: string): string[] {
	const words = text.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{N}'’-]*/gu) ?? [];
	return words
		.map((word) => word.replace(/’/g, "'"))
		.filter((word) => word.length > 2 && !STOP_WORDS.has(word));
}

export function talkContext(words: readonly TimedWord[], sentences: readonly Sentence[]): TalkContext {
	const counts = new Map<string, number>();
	for (const { text } of words) {
		for (const word of meaningfulWords(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
	}
	const speechSec = sentences.reduce((sum, sentence) => sum + sentence.endSec - sentence.startSec, 0);
	return { words, sentences, counts, wordsPerSec: words.length / Math.max(speechSec, 1) };
}

/** Judges the sentences from `first` up to but without `end`. */
export function scoreSpan(talk: TalkContext, first: number, end: number): Scored {
	const span = talk.sentences.slice(first, end);
	const parts: ScoreParts = {
		hook: hookOf(span),
		completeness: completenessOf(talk, first, end),
		substance: substanceOf(talk, span),
		energy: energyOf(talk, span),
	};
	const score = Math.round((parts.hook + parts.completeness + parts.substance + parts.energy) * 10) / 10;
	return { score, parts, reason: reasonFor(parts, span) };
}

function hookOf(span: readonly Sentence[]): number {
	const opening = span[0]?.text ?? '';
	const firstSeconds = `${opening} ${span[1]?.text ?? ''}`.slice(0, 160);
	let points = 9;
	if (opening.includes('?')) points += 8;
	else if (firstSeconds.includes('?')) points += 4;
	if (HOOK_PHRASES.test(firstSeconds)) points += 6;
	if (/\d|\b(?:million|billion|hundred|thousand|percent)\b/i.test(firstSeconds)) points += 3;
	if (/\byou(?:r|'re)?\b/i.test(opening)) points += 3;
	if (opening.split(' ').length <= 12) points += 2;
	if (DANGLING_START.test(opening)) points -= 7;
	if (/^\p{Ll}/u.test(opening)) points -= 3;
	return bounded(points);
}

function completenessOf(talk: TalkContext, first: number, end: number): number {
	const span = talk.sentences.slice(first, end);
	const last = span[span.length - 1];
	const before = talk.sentences[first - 1];
	if (!last) return 0;
	let points = 7;
	if (endsSentence(last.text)) points += 6;
	if (last.text.endsWith('?')) points -= 5;
	points += 5 * Math.min(1, last.pauseAfterSec / 0.5);
	points += 4 * Math.min(1, (before?.pauseAfterSec ?? 1) / 0.5);
	if (before && !endsSentence(before.text)) points -= 6;
	if (span.some((sentence, index) => index < span.length - 1 && sentence.text.endsWith('?'))) points += 3;
	return bounded(points);
}

function substanceOf(talk: TalkContext, span: readonly Sentence[]): number {
	const words = meaningfulWords(span.map((sentence) => sentence.text).join(' '));
	if (words.length === 0) return 0;
	const total = span.reduce((sum, sentence) => sum + sentence.endWord - sentence.firstWord, 0);
	const density = words.length / Math.max(total, 1);
	const unique = new Set(words);
	const themes = [...unique].filter((word) => (talk.counts.get(word) ?? 0) >= 3).length / unique.size;
	const cohesion = 1 - unique.size / words.length;
	return bounded(
		25 *
			(0.35 * Math.min(1, density / 0.5) +
				0.4 * Math.min(1, themes / 0.35) +
				0.25 * Math.min(1, cohesion / 0.3)),
	);
}

function energyOf(talk: TalkContext, span: readonly Sentence[]): number {
	const startSec = span[0]?.startSec ?? 0;
	const endSec = span[span.length - 1]?.endSec ?? 0;
	const lengthSec = Math.max(endSec - startSec, 0.1);
	const text = span.map((sentence) => sentence.text).join(' ');
	const spokenSec = span.reduce((sum, sentence) => sum + sentence.endSec - sentence.startSec, 0);
	const deadAir = 1 - spokenSec / lengthSec;
	const pace = text.split(' ').length / lengthSec / Math.max(talk.wordsPerSec, 0.1);
	const emphasis = (text.match(EMPHASIS)?.length ?? 0) / (lengthSec / 10);
	const points = 10 * Math.min(1.2, pace) + 8 * Math.min(1, emphasis / 2) + (text.includes('!') ? 2 : 0) + 5;
	return bounded(points - 40 * Math.max(0, deadAir - 0.12));
}

function reasonFor(parts: ScoreParts, span: readonly Sentence[]): string {
	const opening = span[0]?.text ?? '';
	const said: Readonly<Record<keyof ScoreParts, string>> = {
		hook: opening.includes('?') ? 'opens with a question' : 'opens strongly',
		completeness: 'is a complete thought that starts and ends at a pause',
		substance: 'stays on the main topic of the talk',
		energy: 'is lively and without dead air',
	};
	const ranked = (Object.keys(said) as (keyof ScoreParts)[]).sort((a, b) => parts[b] - parts[a]);
	const [best, second, , weakest] = ranked;
	if (!best || !second || !weakest) return '';
	const start = `It ${said[best]} and ${said[second]}`;
	return parts[weakest] < 10 ? `${start}; its weakest side is ${weakness[weakest]}.` : `${start}.`;
}

const weakness: Readonly<Record<keyof ScoreParts, string>> = {
	hook: 'the opening',
	completeness: 'that it needs what was said around it',
	substance: 'how little is said on one subject',
	energy: 'its pace',
};

const bounded = (points: number): number =>
	Math.round(Math.min(MOST_PER_PART, Math.max(0, points)) * 10) / 10;
