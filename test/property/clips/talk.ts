import * as fc from 'fast-check';

import { toSentences } from '../../../lib/clips/sentences';
import type { Sentence, TimedWord } from '../../../lib/clips/transcript';
import { tidyWords } from '../../../lib/clips/word-timing';

const wordText = fc.constantFrom(
	'you',
	'honey',
	'never',
	'spoils.',
	'why?',
	'and',
	'because',
	'7',
	'Wait!',
	'people,',
	'ß',
	'…',
);

/** Any talk that a transcription could give: any pace, pauses anywhere, punctuation or none. */
export const talks: fc.Arbitrary<{ words: TimedWord[]; sentences: Sentence[]; durationSec: number }> = fc
	.record({
		spoken: fc.array(
			fc.record({
				text: wordText,
				gapMs: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(4_000) }),
				lengthMs: fc.integer({ min: 20, max: 900 }),
			}),
			{ maxLength: 250 },
		),
		afterMs: fc.nat(5_000),
	})
	.map(({ spoken, afterMs }) => {
		let atMs = 0;
		const words = spoken.map(({ text, gapMs, lengthMs }) => {
			const startSec = (atMs + gapMs) / 1000;
			atMs += gapMs + lengthMs;
			return { text, startSec, endSec: atMs / 1000 };
		});
		const durationSec = (atMs + afterMs) / 1000;
		const tidy = tidyWords(words, durationSec);
		return { words: tidy, sentences: toSentences(tidy), durationSec };
	});
