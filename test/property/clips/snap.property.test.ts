import * as fc from 'fast-check';

import { snapToSpeech } from '../../../lib/clips/speech/snap-to-speech';
import { tidyWords } from '../../../lib/clips/word-timing';

const TOLERANCE_SEC = 0.25;
const sayings = fc.array(
	fc.record({
		text: fc.constantFrom('a', 'honey', 'jars.', 'never,'),
		gapMs: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(1_500) }),
		lengthMs: fc.integer({ min: 20, max: 900 }),
		offMs: fc.integer({ min: -100, max: 100 }),
	}),
	{ minLength: 1, maxLength: 40 },
);

/** Words as they were said, the stretches of sound that they make, and words as they were heard, a little off. */
const talks = sayings.map((sayings) => {
	let atMs = 1_000;
	const said = sayings.map(({ text, gapMs, lengthMs }) => {
		const startSec = (atMs += gapMs) / 1000;
		return { text, startSec, endSec: (atMs += lengthMs) / 1000 };
	});
	const speech: { startSec: number; endSec: number }[] = [];
	for (const { startSec, endSec } of said) {
		const last = speech[speech.length - 1];
		if (last && startSec - last.endSec < 0.14) last.endSec = endSec;
		else speech.push({ startSec, endSec });
	}
	// Off, but in order: nobody hears the second word before the first.
	let earliestSec = 0;
	const heard = tidyWords(
		said.map(({ text, startSec, endSec }, index) => {
			const offSec = (sayings[index]?.offMs ?? 0) / 1000;
			const fromSec = Math.max(startSec + offSec, earliestSec);
			earliestSec = fromSec + 0.02;
			return { text, startSec: fromSec, endSec: endSec + offSec };
		}),
	);
	return { said, speech, heard };
});

it('keeps every word once, in order and apart', () => {
	fc.assert(
		fc.property(talks, ({ speech, heard }) => {
			const snapped = snapToSpeech(heard, speech, TOLERANCE_SEC);
			expect(snapped.map(({ text }) => text)).toEqual(heard.map(({ text }) => text));
			snapped.forEach((word, index) => {
				expect(word.endSec).toBeGreaterThan(word.startSec);
				expect(word.startSec).toBeGreaterThanOrEqual((snapped[index - 1]?.endSec ?? 0) - 1e-9);
			});
		}),
	);
});

it('puts the first word at the first sound and the last word at the last, exactly', () => {
	fc.assert(
		fc.property(talks, ({ said, speech, heard }) => {
			const snapped = snapToSpeech(heard, speech, TOLERANCE_SEC);
			expect(snapped[0]?.startSec).toBeCloseTo(said[0]?.startSec ?? 0, 6);
			expect(snapped.at(-1)?.endSec).toBeCloseTo(said.at(-1)?.endSec ?? 0, 6);
		}),
	);
});

it('puts words that a long pause parts at its two edges', () => {
	const speech = [
		{ startSec: 1, endSec: 2 },
		{ startSec: 2.8, endSec: 4 },
	];
	const heard = [
		{ text: 'Honey', startSec: 1.05, endSec: 1.5 },
		{ text: 'lasts.', startSec: 1.5, endSec: 2.6 },
		{ text: 'Always', startSec: 2.6, endSec: 3.9 },
	];
	expect(snapToSpeech(heard, speech, TOLERANCE_SEC)).toEqual([
		{ text: 'Honey', startSec: 1, endSec: 1.5 },
		{ text: 'lasts.', startSec: 1.5, endSec: 2 },
		{ text: 'Always', startSec: 2.8, endSec: 4 },
	]);
});

it('gives the last word all that is still heard of it, but no long sound that may be something else', () => {
	const endWhenHeardUntil = (endSec: number): number | undefined =>
		snapToSpeech(
			[{ text: 'yesterday.', startSec: 1, endSec: 1.6 }],
			[{ startSec: 1, endSec }],
			TOLERANCE_SEC,
		).at(-1)?.endSec;
	expect(endWhenHeardUntil(2.05)).toBe(2.05);
	expect(endWhenHeardUntil(3)).toBe(1.6);
});

it('puts a breath before an "and" that was heard too early, and not behind it', () => {
	const speech = [
		{ startSec: 1, endSec: 2 },
		{ startSec: 2.6, endSec: 4 },
	];
	const heard = [
		{ text: 'yesterday,', startSec: 1, endSec: 1.7 },
		{ text: 'and', startSec: 1.7, endSec: 2.75 },
		{ text: 'so', startSec: 2.75, endSec: 4 },
	];
	expect(snapToSpeech(heard, speech, TOLERANCE_SEC)).toMatchObject([
		{ text: 'yesterday,', endSec: 2 },
		{ text: 'and', startSec: 2.6 },
		{ text: 'so', startSec: 2.75 },
	]);
});

it('leaves words alone that no pause is near to', () => {
	const heard = [
		{ text: 'far', startSec: 10, endSec: 11 },
		{ text: 'away', startSec: 11, endSec: 12 },
	];
	expect(snapToSpeech(heard, [{ startSec: 1, endSec: 30 }], TOLERANCE_SEC)).toEqual(heard);
	expect(snapToSpeech(heard, [], TOLERANCE_SEC)).toEqual(heard);
});
