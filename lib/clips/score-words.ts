// What single words and phrases tell about a sentence.
import { isUnspaced, wordsOf } from './written-words';

const STOP_WORDS = new Set(
	`a about after again all also am an and any are as at be because been before being but by can could did do does doing
	don't down each few for from further get go going got had has have having he her here him his how i if i'm in into is
	it it's its just know let like make me more most my no nor not now of off on once one only or other our out over own
	really said same say see she should so some such than that that's the their them then there these they thing things
	think this those through to too under until up very want was way we were what when where which while who why will with
	would yeah you your you're okay right well`.split(/\s+/),
);
const HOOK_PHRASES =
	/\b(?:did you know|imagine|here's|here is|the (?:secret|truth|problem|reason|key|one|only|biggest|best|worst|first|hardest)|what if|what would|have you ever|most people|nobody|no one|everyone|everybody|every|never|always|stop|how (?:to|do|does|can)|why (?:do|does|is|are|you|we|i)|let me tell you|the moment|mistake|i (?:learned|realized|was wrong|lost|quit|failed|made)|(?:is|are) wrong|the (?:\w{3,}est|most \w+)|(?:there's|there is) (?:a|one) reason|(?:do not|don't) (?:ever )?(?:buy|do|try|wait|trust|believe|use|go|take|start))\b/i;
// Adds to the sentence before it.
const GOING_ON =
	/^(?:and|but|so|or|then|also|well|um|uh|oh|hm+|yeah|yes|okay|ok|right|anyway|any way|as for|as i said|like i said|by the way)\b/i;
// Speaks of what the sentence before it named, or completes it.
const POINTING_BACK = /^(?:because|which|who|that|it|its|it's|they|them|he|she|this|these|those)\b/i;
// Who speaks like this does not commit to it, or means the room and the day that the speech is held in.
const VAGUE =
	/\b(?:i (?:think|guess|suppose|assume)|maybe|perhaps|probably|some(?:how|where|thing)|(?:sort|kind) of|more or less|or so|not sure|(?:do not|don't) know|as usual|at some point|(?:here|there)(?!'s| (?:is|are|was|were)\b)|today|tomorrow|yesterday)\b/i;
// Denies, compares, or speaks of all and none: somebody could disagree.
const STAND =
	/\b(?:not|no|nobody|nothing|never|none|neither|without|only|cannot|\w+n't|than|more|less|fewer|most|least|better|worse|\w{3,}est|every\w*|always|whatever|whoever|anything|any|all|instead|opposite|wrong)\b/i;
// What is said to run a meeting or a recording, and to nobody who watches it later.
const HOUSEKEEPING =
	/\b(?:please|does any(?:body|one)|has any(?:body|one)|can (?:you|every(?:one|body)) (?:hear|see)|who was it|agenda|minutes of|the minutes|next (?:page|slide|point|item)|scroll|let (?:me|us) (?:just|know)|let's move on|come back to|send (?:it|them|that) around|goes around|on the list|in the notes|put (?:it|that) into)\b/i;
const EMPHASIS =
	/\b(?:never|always|best|worst|most|biggest|every(?:one|thing|body)?|nothing|nobody|amazing|incredible|huge|totally|absolutely|exactly|free|easy|simple|secret|truth|million|billion|thousand|love|hate|great|powerful|important|change[sd]?|first|only|single|terrible)\b/gi;
const NUMBERS =
	/\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|half|hundred|thousand|million|billion|percent|twice)\b/i;
const REASONS =
	/\b(?:because|reason|that is why|so that|therefore|the secret|the answer|means that|if you)\b/i;

// "Most people think … The opposite is true." A sentence that merely opens with "but" goes on and turns nothing.
const TURN = /^(?!but\b).*\b(?:opposite|instead|wrong|not|never|but)\b/i;

/** Words that carry meaning, in one spelling and without the endings of number and time, for counting. */
export function meaningfulWords(text: string): string[] {
	return spelledWords(text).map(stem);
}

/** The same words as people write them. */
export function spelledWords(text: string): string[] {
	const words = wordsOf(text.toLowerCase()).flatMap(
		(word) => word.match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}'’-]*/gu) ?? [],
	);
	return words
		.map((word) => word.replace(/’/g, "'"))
		.filter((word) => word.length > (isUnspaced(word) ? 1 : 2) && !STOP_WORDS.has(word));
}

function stem(word: string): string {
	const bare = word.replace(/'s$/, '');
	if (bare.length > 5) return bare.replace(/(?:ies|ing|ed|es|s)$/, '').replace(/(.)\1$/, '$1');
	return bare.length > 3 ? bare.replace(/s$/, '') : bare;
}

export const hasHookPhrase = (text: string): boolean => HOOK_PHRASES.test(text);
export const goesOn = (text: string): boolean => GOING_ON.test(text);
export const hangsOnWhatWasBefore = (text: string): boolean => goesOn(text) || POINTING_BACK.test(text);
export const isVague = (text: string): boolean => VAGUE.test(text);
export const takesAStand = (text: string): boolean => STAND.test(text);
export const isHousekeeping = (text: string): boolean => HOUSEKEEPING.test(text);
export const namesNumber = (text: string): boolean => NUMBERS.test(text);
export const isQuestion = (text: string): boolean => /[?？؟]["'”’“»)\]」』]*$/.test(text);

/** What does not depend on the sentences around. */
export interface SentenceSigns {
	readonly isQuestion: boolean;
	readonly givesReason: boolean;
	readonly turnsRound: boolean;
	readonly isExclaimed: boolean;
	readonly emphaticWords: number;
}

export const signsOf = (text: string): SentenceSigns => ({
	isQuestion: isQuestion(text),
	givesReason: REASONS.test(text),
	turnsRound: TURN.test(text),
	isExclaimed: text.includes('!'),
	emphaticWords: text.match(EMPHASIS)?.length ?? 0,
});
