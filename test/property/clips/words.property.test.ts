import * as fc from 'fast-check';

import { planChunks } from '../../../lib/clips/speech/pauses';
import { countedLength, shorten } from '../../../lib/clips/suggestions';
import { placeWords, tidyWords } from '../../../lib/clips/word-timing';
import { parseCues } from '../../../lib/clips/subtitle-cues';
import { joinWords, splitUnspaced } from '../../../lib/clips/written-words';
import { talks } from './talk';

const texts = fc.array(fc.constantFrom('a', 'honey', 'jars.', 'never,', '1984', 'extraordinarily'), {
	minLength: 1,
	maxLength: 60,
});
const speech = fc
	.array(
		fc.record({ gapMs: fc.integer({ min: 140, max: 3_000 }), lengthMs: fc.integer({ min: 60, max: 6_000 }) }),
		{
			minLength: 1,
			maxLength: 12,
		},
	)
	.map((parts) => {
		let atMs = 0;
		return parts.map(({ gapMs, lengthMs }) => {
			const startSec = (atMs += gapMs) / 1000;
			return { startSec, endSec: (atMs += lengthMs) / 1000 };
		});
	});

it('places every word once, in order, apart from each other and inside the speech that was heard', () => {
	fc.assert(
		fc.property(texts, speech, (words, spans) => {
			const placed = placeWords(words, spans);
			expect(placed.map((word) => word.text)).toEqual(words);
			placed.forEach((word, index) => {
				expect(word.endSec).toBeGreaterThan(word.startSec);
				expect(word.startSec).toBeGreaterThanOrEqual((placed[index - 1]?.endSec ?? 0) - 1e-9);
			});
			expect(placed[0]!.startSec).toBeGreaterThanOrEqual(spans[0]!.startSec);
			expect(placed.at(-1)!.endSec).toBeLessThanOrEqual(spans.at(-1)!.endSec + 1e-9);
		}),
	);
});

it('never lays a word over a pause when there are more words than stretches of speech', () => {
	fc.assert(
		fc.property(texts, speech, (words, spans) => {
			fc.pre(words.length >= spans.length);
			for (const word of placeWords(words, spans)) {
				const inside = spans.some(
					(s) => word.startSec >= s.startSec - 1e-9 && word.endSec <= s.endSec + 1e-9,
				);
				expect(inside).toBe(true);
			}
		}),
	);
});

it('puts any words in order, apart, and before the end of the media', () => {
	const sec = fc.double({ min: -5, max: 100 });
	const wild = fc.array(fc.record({ text: fc.string(), startSec: sec, endSec: sec }));
	fc.assert(
		fc.property(wild, fc.double({ min: 1, max: 90, noNaN: true }), (words, durationSec) => {
			let before = 0;
			for (const word of tidyWords(words, durationSec)) {
				expect(word.startSec).toBeGreaterThanOrEqual(before);
				expect(word.endSec).toBeGreaterThan(word.startSec);
				expect(word.endSec).toBeLessThanOrEqual(durationSec);
				before = word.endSec;
			}
		}),
	);
});

// A long word, a pushed word and a gap all in one list: what transcriptions really give.
const startsApart = fc
	.array(
		fc.record({
			apartMs: fc.integer({ min: 20, max: 2_000 }),
			lengthMs: fc.integer({ min: -50, max: 60_000 }),
		}),
	)
	.map((words) => {
		let atMs = 0;
		return words.map(({ apartMs, lengthMs }, index) => {
			atMs += apartMs;
			return { text: `w${index}`, startSec: atMs / 1000, endSec: (atMs + lengthMs) / 1000 };
		});
	});

it('moves the start of no word that begins the shortest length of a word behind the one before', () => {
	fc.assert(
		fc.property(startsApart, (words) => {
			const tidy = tidyWords(words);
			expect(tidy.map(({ text }) => text)).toEqual(words.map(({ text }) => text));
			tidy.forEach((word, index) => expect(word.startSec).toBeCloseTo(words[index]?.startSec ?? 0, 9));
		}),
	);
});

it('moves words that begin together by no more than the shortest lengths of those before', () => {
	const together = fc.array(fc.record({ atMs: fc.nat(300), lengthMs: fc.nat(60_000) }), { maxLength: 40 });
	fc.assert(
		fc.property(together, (words) => {
			const starts = words.map(({ atMs }) => atMs / 1000).sort((a, b) => a - b);
			const tidy = tidyWords(
				words.map(({ atMs, lengthMs }) => ({
					text: 'w',
					startSec: atMs / 1000,
					endSec: (atMs + lengthMs) / 1000,
				})),
			);
			tidy.forEach((word, index) => {
				const needed = starts.slice(0, index + 1).map((sec, at) => sec + (index - at) * 0.02);
				expect(word.startSec).toBeCloseTo(Math.max(...needed), 9);
			});
		}),
	);
});

it('puts every word into exactly one sentence, in order', () => {
	fc.assert(
		fc.property(talks, ({ words, sentences }) => {
			const covered = sentences.flatMap((s) => words.slice(s.firstWord, s.endWord));
			expect(covered).toEqual(words);
			for (const sentence of sentences) expect(sentence.endWord).toBeGreaterThan(sentence.firstWord);
		}),
	);
});

it('cuts a recording into pieces that touch, cover all of it and are never longer than allowed', () => {
	const levels = fc.array(fc.double({ min: -100, max: 0, noNaN: true }), { maxLength: 3_000 });
	fc.assert(
		fc.property(levels, fc.integer({ min: 1, max: 15 }), (levelsDb, longestSec) => {
			const pieces = planChunks(levelsDb, longestSec);
			let at = 0;
			for (const piece of pieces) {
				expect(piece.startSec).toBeCloseTo(at, 6);
				expect(piece.endSec).toBeGreaterThan(piece.startSec);
				expect(piece.endSec - piece.startSec).toBeLessThanOrEqual(longestSec + 1e-6);
				at = piece.endSec;
			}
			expect(at).toBeCloseTo(levelsDb.length * 0.02, 6);
		}),
	);
});

it('shortens any text to the limit, counted as the strictest network counts', () => {
	fc.assert(
		fc.property(
			fc.string({ unit: 'grapheme', maxLength: 400 }),
			fc.integer({ min: 5, max: 280 }),
			(text, most) => {
				expect(countedLength(shorten(text, most))).toBeLessThanOrEqual(most);
			},
		),
	);
});

it('reads any text as subtitles without throwing', () => {
	const line = fc.oneof(
		fc.string(),
		fc.constantFrom('1', '', '00:00:01,000 --> 00:00:02,500', '<00:00:01.200>hi'),
	);
	fc.assert(
		fc.property(fc.array(line), (lines) => {
			for (const word of parseCues(lines.join('\n')).words) expect(word.text).toMatch(/[\p{L}\p{N}]/u);
		}),
	);
});

it('splits writing without spaces so that its words join again to the same writing', () => {
	const part = fc.constantFrom(
		...[
			'蜂蜜',
			'永远',
			'です',
			'カメラー',
			'น้ำผึ้ง',
			'iPhone',
			'15',
			'한국',
			'，',
			'。',
			'「',
			'」',
			'!',
			'"',
			'👍',
			'(',
			'）',
			'—',
		],
	);
	const writing = fc.oneof(
		fc.array(part, { minLength: 1, maxLength: 12 }).map((parts) => parts.join('')),
		fc.string({ unit: 'grapheme', minLength: 1 }).map((text) => text.replace(/\s/gu, '')),
	);
	fc.assert(
		fc.property(writing, (text) => {
			const words = splitUnspaced(text);
			expect(joinWords(words)).toBe(text);
			if (words.length > 1) for (const word of words) expect(word).toMatch(/[\p{L}\p{N}]/u);
		}),
	);
});
