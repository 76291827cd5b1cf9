// How good a stretch of speech is as a clip, from its words, its times and how it sounds: the same input always gives
// the same score.
import { answerOf, changeAt, closednessOf, completenessOf, emphasisOf, hookOf, unityOf } from './score-parts';
import { meaningfulWords, signsOf, type SentenceSigns } from './score-words';
import { standingOut } from './standing-out';
import type { Sentence, TimedWord, Transcript } from './transcript';

export interface ScoreParts {
	/** Do the first seconds make people stay? 0 to 25 */
	readonly hook: number;
	/** Is it a whole thought that begins and ends cleanly? 0 to 25 */
	readonly completeness: number;
	/** Is something asked or claimed, and answered inside? 0 to 10 */
	readonly answer: number;
	/** Does it say something, and one thing? 0 to 20 */
	readonly unity: number;
	/** Is it said with emphasis: louder, faster, without dead air? 0 to 15 */
	readonly emphasis: number;
	/** Does the picture begin anew with it? 0 to 5 */
	readonly scene: number;
}

export const MOST_POINTS: Readonly<ScoreParts> = {
	hook: 25,
	completeness: 25,
	answer: 10,
	unity: 20,
	emphasis: 15,
	scene: 5,
};

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
	/** The meaningful words of each sentence. */
	readonly meanings: readonly (readonly string[])[];
	/** How much the talk changes at the beginning of each sentence, and at its own end: 0 to 1. */
	readonly changes: readonly number[];
	/** What each sentence does: looked for once and not again in each of the thousands of spans that it is part of. */
	readonly signs: readonly SentenceSigns[];
	/** How far each sentence stands out of the talk, in standard deviations. */
	readonly standOuts: readonly number[];
	readonly wordsPerSec: number;
	/** The middle one of all pauses between sentences. */
	readonly pauseSec: number;
	/** How loud the middle one of all sentences is; nothing when nobody listened. */
	readonly levelDb: number | undefined;
	/** When a new picture begins, in order. */
	readonly sceneStartsSec: readonly number[];
}

export function talkContext({
	words,
	sentences,
	sceneStartsSec = [],
}: Pick<Transcript, 'words' | 'sentences' | 'sceneStartsSec'>): TalkContext {
	const meanings = sentences.map(({ text }) => meaningfulWords(text));
	const counts = new Map<string, number>();
	for (const word of meanings.flat()) counts.set(word, (counts.get(word) ?? 0) + 1);
	const speechSec = sentences.reduce((sum, sentence) => sum + sentence.endSec - sentence.startSec, 0);
	return {
		words,
		sentences,
		counts,
		meanings,
		changes: [...meanings, []].map((_, at) => changeAt(meanings, at)),
		signs: sentences.map(({ text }) => signsOf(text)),
		sceneStartsSec,
		standOuts: standingOut(sentences),
		wordsPerSec: words.length / Math.max(speechSec, 1),
		pauseSec: middle(sentences.map(({ pauseAfterSec }) => pauseAfterSec)) ?? 0,
		levelDb: middle(sentences.flatMap(({ levelDb }) => levelDb ?? [])),
	};
}

function middle(values: readonly number[]): number | undefined {
	return [...values].sort((a, b) => a - b)[values.length >> 1];
}

/** Judges the sentences from `first` up to but without `end`. */
export function scoreSpan(talk: TalkContext, first: number, end: number): Scored {
	const span = talk.sentences.slice(first, end);
	const points: ScoreParts = {
		hook: hookOf(talk, first, end),
		completeness: completenessOf(talk, first, end) + closednessOf(talk, first, end),
		answer: answerOf(talk, first, end),
		unity: unityOf(talk, first, end),
		emphasis: emphasisOf(talk, first, end),
		scene: sceneOf(talk, span[0]?.startSec ?? 0),
	};
	const parts = mapParts(points, (part, value) => bounded(value, MOST_POINTS[part]));
	const score = Math.round(partNames.reduce((sum, part) => sum + parts[part], 0) * 10) / 10;
	return { score, parts, reason: reasonFor(parts, span[0], talk) };
}

const partNames = Object.keys(MOST_POINTS) as (keyof ScoreParts)[];

const mapParts = (
	parts: ScoreParts,
	change: (part: keyof ScoreParts, value: number) => number,
): ScoreParts => ({
	hook: change('hook', parts.hook),
	completeness: change('completeness', parts.completeness),
	answer: change('answer', parts.answer),
	unity: change('unity', parts.unity),
	emphasis: change('emphasis', parts.emphasis),
	scene: change('scene', parts.scene),
});

const bounded = (points: number, most: number): number =>
	Math.round(Math.min(most, Math.max(0, points)) * 10) / 10;

const SCENE_NEAR_SEC = 1;

/** Half of the points when nothing is known of the picture, so that a clip is not blamed for it. */
function sceneOf({ sceneStartsSec }: TalkContext, startSec: number): number {
	if (sceneStartsSec.length === 0) return MOST_POINTS.scene / 2;
	const after = sceneStartsSec.findIndex((sec) => sec >= startSec);
	const near = after < 0 ? sceneStartsSec.slice(-1) : sceneStartsSec.slice(Math.max(0, after - 1), after + 1);
	const nearestSec = Math.min(...near.map((sec) => Math.abs(sec - startSec)));
	return MOST_POINTS.scene * Math.max(0, 1 - nearestSec / SCENE_NEAR_SEC);
}

function reasonFor(
	parts: ScoreParts,
	opening: Sentence | undefined,
	{ sceneStartsSec }: TalkContext,
): string {
	const said: Readonly<Record<keyof ScoreParts, string>> = {
		hook: opening?.text.includes('?') ? 'opens with a question' : 'opens strongly',
		completeness: 'is a complete thought that starts and ends at a pause',
		answer: 'answers what it raises',
		unity: 'stands out from the talk and stays with one subject',
		emphasis: 'is said with emphasis and without dead air',
		scene: 'begins with a new picture',
	};
	const share = (part: keyof ScoreParts): number => parts[part] / MOST_POINTS[part];
	const known = partNames.filter((part) => part !== 'scene' || sceneStartsSec.length > 0);
	const [best, second, ...others] = known.sort((a, b) => share(b) - share(a));
	const weakest = others.filter((part) => part in weakness).pop();
	if (!best || !second) return '';
	const start = `It ${said[best]} and ${said[second]}`;
	return weakest && share(weakest) < 0.4
		? `${start}; its weakest side is ${weakness[weakest]}.`
		: `${start}.`;
}

const weakness: Readonly<Partial<Record<keyof ScoreParts, string>>> = {
	hook: 'the opening',
	completeness: 'that it needs what was said around it',
	unity: 'how little it says',
	emphasis: 'how it is said',
};
