import * as fc from 'fast-check';

import { findHighlights } from '../../../lib/clips/highlights';
import { toSentences } from '../../../lib/clips/sentences';
import { quietBorders } from '../../../lib/clips/speech/quiet-borders';
import { tidyWords, type TimeSpan } from '../../../lib/clips/word-timing';

/** Breaths of one to three sentences, silence between breaths, and words heard a little late or clearly early. */
const talks = fc
	.array(
		fc.record({
			sentences: fc.constantFrom(1, 1, 1, 2, 3),
			pauseMs: fc.integer({ min: 1_100, max: 1_900 }),
			offMs: fc.integer({ min: -700, max: 300 }),
		}),
		{ minLength: 3, maxLength: 40 },
	)
	.map((breaths) => {
		let atSec = 1;
		const speech: TimeSpan[] = [];
		const heard = breaths.flatMap(({ sentences, pauseMs, offMs }) => {
			const startSec = atSec;
			const words = Array.from({ length: sentences * 5 }, (_, index) => ({
				text: index % 5 === 4 ? 'jars.' : 'honey',
				startSec: startSec + index * 0.5 + offMs / 1000,
				endSec: startSec + (index + 1) * 0.5 + offMs / 1000,
			}));
			speech.push({ startSec, endSec: startSec + sentences * 2.5 });
			atSec = startSec + sentences * 2.5 + pauseMs / 1000;
			return words;
		});
		return { speech, words: tidyWords(heard), durationSec: atSec };
	});

it('cuts in no sound where silence tells where words end, however the words were timed', async () => {
	await fc.assert(
		fc.asyncProperty(talks, async ({ speech, words, durationSec }) => {
			const heard = toSentences(words);
			const sentences = quietBorders(heard, speech);
			fc.pre(speech.length * 2 > heard.length);
			const wishes = { wantedClips: 5, minSec: 3, maxSec: 15, durationSec };
			for (const { startSec, endSec } of await findHighlights(
				{ words, sentences },
				wishes,
				new AbortController().signal,
			)) {
				for (const edgeSec of [startSec, endSec]) {
					const inside = speech.filter(
						(span) => edgeSec > span.startSec + 0.001 && edgeSec < span.endSec - 0.001,
					);
					expect(inside).toEqual([]);
				}
			}
		}),
	);
});

it('moves no word out of its sentence, and no sentence over another', () => {
	fc.assert(
		fc.property(talks, ({ speech, words }) => {
			const before = toSentences(words);
			quietBorders(before, speech).forEach((sentence, index, all) => {
				expect(sentence.startSec).toBeLessThanOrEqual(before[index]?.startSec ?? 0);
				expect(sentence.endSec).toBeGreaterThanOrEqual(before[index]?.endSec ?? Infinity);
				expect(sentence.startSec).toBeGreaterThanOrEqual((all[index - 1]?.endSec ?? 0) - 1e-9);
			});
		}),
	);
});

it('leaves every sentence free to be cut under music, where no silence tells anything', () => {
	fc.assert(
		fc.property(talks, ({ words, durationSec }) => {
			const sentences = toSentences(words);
			fc.pre(sentences.length > 1);
			const music = [{ startSec: 0, endSec: durationSec + 10 }];
			expect(quietBorders(sentences, music)).toEqual(sentences);
		}),
	);
});
