// What a model says is a proposal. It counts only where the transcript says the same.
import { z } from 'zod';

import { canBeCut, candidate, type Candidate, type ClipSpace } from '../highlights';
import { comparableParts } from '../written-words';
import type { Window } from './prompt';

const MOST_PROPOSALS = 100;
const LONGEST_TITLE = 100;
/** So many words of the opening are compared; models shorten what is longer. */
const COMPARED_WORDS = 5;

const proposalSchema = z.object({
	firstSentence: z.coerce.number(),
	lastSentence: z.coerce.number(),
	openingWords: z.string(),
	title: z.string().default(''),
	reason: z.string().default(''),
});
const answerSchema = z.object({ clips: z.array(z.unknown()).max(MOST_PROPOSALS) });
export type Proposal = z.infer<typeof proposalSchema>;

/** The proposals in a model's text, or nothing when it holds no JSON of the agreed form. */
export function readProposals(text: string): unknown[] | undefined {
	const json = text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1);
	try {
		return answerSchema.parse(JSON.parse(json)).clips;
	} catch {
		return undefined;
	}
}

export interface Accepted {
	readonly candidate: Candidate;
	readonly title: string;
	readonly reason: string;
}
export type Verdict = { readonly accepted: Accepted } | { readonly refused: string };

/** Whether a proposal is really there. Its score is ours, its times are those of the words. */
export function checkProposal(space: ClipSpace, window: Window, raw: unknown): Verdict {
	const read = proposalSchema.safeParse(raw);
	if (!read.success) return { refused: 'it has not the agreed form' };
	const { firstSentence: first, lastSentence: last, openingWords } = read.data;
	const span = `sentences ${first} to ${last}`;
	const isThere = [first, last].every((n) => Number.isInteger(n) && n >= window.first && n < window.end);
	if (!isThere || last < first) return { refused: `${span} are not in the transcript` };
	if (!opensWith(space.talk.sentences[first]?.text ?? '', openingWords))
		return { refused: `sentence ${first} does not begin with the words that were quoted` };
	const fitted = fit(space, first, last + 1);
	if (!fitted) return { refused: `${span} do not fit between the shortest and the longest length` };
	return {
		accepted: { candidate: fitted, title: oneLine(read.data.title), reason: oneLine(read.data.reason) },
	};
}

function opensWith(sentence: string, quote: string): boolean {
	const [said, quoted] = [comparableParts(sentence), comparableParts(quote)].map((words) =>
		words.slice(0, COMPARED_WORDS),
	);
	if (!said || !quoted || quoted.length < Math.min(2, said.length)) return false;
	return quoted.every((word, index) => said[index] === undefined || word === said[index]);
}

/**
 * Models are poor at adding up seconds: a little too short grows by the sentences behind it, too long is refused.
 * What is said in one breath stays together.
 */
function fit(space: ClipSpace, first: number, end: number): Candidate | undefined {
	const { minSec, maxSec } = space.wishes;
	let opening = first;
	while (!canBeCut(space.talk, opening)) opening--;
	for (let grown = end; grown <= space.talk.sentences.length; grown++) {
		if (!canBeCut(space.talk, grown)) continue;
		const found = candidate(space, opening, grown);
		const lengthSec = found.endSec - found.startSec;
		if (lengthSec > maxSec) return undefined;
		if (lengthSec >= minSec) return found;
	}
	return undefined;
}

function oneLine(text: string): string {
	const plain = text.replace(/[\p{C}\s]+/gu, ' ').trim();
	return [...plain].slice(0, LONGEST_TITLE).join('');
}
