import type { Highlight } from './highlights';
import { meaningfulWords, spelledWords } from './score-words';
import { isUnspaced, joinWords, joint, wordsOf } from './written-words';

/** Texts to start from, made from the clip's own words; people or a language model may replace them. */
export interface Suggestions {
	readonly title: string;
	readonly description: string;
	/** Short text with its hashtags, for networks that count. */
	readonly text: string;
	readonly hashtags: readonly string[];
}

export const MAX_TITLE_LENGTH = 100;
export const MAX_TEXT_LENGTH = 280;
const MAX_DESCRIPTION_LENGTH = 1_000;
const HASHTAGS = 3;

export function suggestTexts(highlight: Highlight, talkCounts: ReadonlyMap<string, number>): Suggestions {
	const hashtags = hashtagsFor(highlight.transcript, talkCounts);
	const tags = hashtags.join(' ');
	const room = MAX_TEXT_LENGTH - countedLength(tags) - 2;
	return {
		title: capitalised(shorten(strongestOpening(highlight), MAX_TITLE_LENGTH)),
		description: `${shorten(capitalised(highlight.transcript), MAX_DESCRIPTION_LENGTH)}\n\n${tags}`.trim(),
		text: `${shorten(capitalised(highlight.transcript), room)}\n\n${tags}`.trim(),
		hashtags,
	};
}

/** A question makes the better title; else the sentence that the clip opens with. */
function strongestOpening(highlight: Highlight): string {
	const [first, second] = highlight.sentences;
	const question = [first, second].find((sentence) => sentence && /[?？؟]$/.test(sentence.text));
	const opening = (question ?? first)?.text ?? '';
	const isTooShort = wordsOf(opening).length < 4 && second && opening !== second.text;
	return (isTooShort ? joinWords([opening, second.text]) : opening).replace(/[.。।۔]$/, '');
}

function hashtagsFor(transcript: string, talkCounts: ReadonlyMap<string, number>): string[] {
	const here = new Map<string, number>();
	for (const word of spelledWords(transcript)) {
		const isLong = word.length >= (isUnspaced(word) ? 2 : 4);
		if (isLong && /^[\p{L}\p{M}]+$/u.test(word)) here.set(word, (here.get(word) ?? 0) + 1);
	}
	const inTalk = (word: string): number => talkCounts.get(meaningfulWords(word)[0] ?? word) ?? 0;
	const weight = (word: string): number => (here.get(word) ?? 0) * 2 + Math.min(inTalk(word), 6);
	return [...here.keys()]
		.sort((a, b) => weight(b) - weight(a) || b.length - a.length || a.localeCompare(b, 'en'))
		.filter((word, index, all) => !all.slice(0, index).some((better) => isSameWord(better, word)))
		.slice(0, HASHTAGS)
		.map((word) => `#${word}`);
}

const isSameWord = (a: string, b: string): boolean =>
	a === `${b}s` || b === `${a}s` || a === `${b}es` || b === `${a}es`;

/** Cuts at a word, and says that something is missing. Counts like the strictest network: wide letters are two. */
export function shorten(text: string, most: number): string {
	if (countedLength(text) <= most) return text;
	let kept = '';
	for (const word of wordsOf(text)) {
		const longer = kept && kept + joint(kept, word) + word;
		if (countedLength(longer || word) > most - 2) break;
		kept = longer || word;
	}
	const whole = kept || cutLetters(text, most - 2);
	return `${whole.replace(/[\s,;:.–—，、；：。،-]+$/, '')}…`;
}

function cutLetters(text: string, most: number): string {
	let cut = '';
	for (const letter of text) {
		if (countedLength(cut + letter) > most) break;
		cut += letter;
	}
	return cut;
}

export function countedLength(text: string): number {
	let length = 0;
	for (const letter of text) length += (letter.codePointAt(0) ?? 0) > 0x10ff ? 2 : 1;
	return length;
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
