// What the long talks say: ten moments that people would post, planted in minutes that nobody would.
import { fifthMaterial } from './speech-fifth';
import { heldOutMaterial } from './speech-held-out';
import { knownMaterial } from './speech-known';
import { secondMaterial } from './speech-second';
import { thirdMaterial } from './speech-third';

type List = 'openings' | 'things' | 'times' | 'people';
export type SpeechMaterial = Readonly<Record<List, readonly string[]>> & {
	readonly moments: readonly (readonly string[])[];
	/** Sentences that nobody would post; `pick` takes one of a list. */
	readonly dull: readonly ((pick: (list: List) => string) => string)[];
};

export const materials = {
	known: knownMaterial,
	second: secondMaterial,
	third: thirdMaterial,
	fifth: fifthMaterial,
	heldOut: heldOutMaterial,
};

export interface SpokenSentence {
	readonly text: string;
	/** Number of the planted moment that it belongs to. */
	readonly moment?: number;
}

export interface TalkWishes {
	readonly material: keyof typeof materials;
	/** Dull sentences before each moment and at the end. */
	readonly dullBetween: number;
	/** At most ten. */
	readonly moments: number;
}

/** The same script each time: a moment after every `dullBetween` dull sentences, and as many at the end. */
export function speechScript({ material, dullBetween, moments: count }: TalkWishes): SpokenSentence[] {
	const { moments, dull, ...lists } = materials[material];
	const pick = picker(20_261_120);
	const dullSentences = (): SpokenSentence[] =>
		Array.from({ length: dullBetween }, () => ({
			text: dull[pick(dull.length)]?.((list) => lists[list][pick(lists[list].length)] ?? '') ?? '',
		}));
	return [
		...moments
			.slice(0, count)
			.flatMap((sentences, moment) => [...dullSentences(), ...sentences.map((text) => ({ text, moment }))]),
		...dullSentences(),
	];
}

/** Park and Miller's generator: the same numbers on every machine. */
export function picker(seed: number): (below: number) => number {
	let state = seed;
	return (below) => {
		state = (state * 48_271) % 2_147_483_647;
		return state % below;
	};
}
