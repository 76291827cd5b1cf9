import * as fc from 'fast-check';

import { assTime, captionScript, escapeAss } from '../../../lib/clips/captions/caption-script';
import { captionStyleNames } from '../../../lib/clips/captions/caption-styles';
import { fontRuns } from '../../../lib/clips/captions/fonts';
import { phrases } from '../../../lib/clips/captions/phrases';
import { subtitleFormats, subtitleText } from '../../../lib/clips/captions/subtitle-text';
import { clipWords, withoutSilences } from '../../../lib/clips/kept-spans';
import { parseCues } from '../../../lib/clips/subtitle-cues';
import { talks } from './talk';

const events = (script: string): { from: string; to: string; text: string }[] =>
	script
		.split('\n')
		.filter((line) => line.startsWith('Dialogue:'))
		.map((line) => /^Dialogue: 0,([^,]+),([^,]+),Caption,,0,0,0,,(.*)$/.exec(line))
		.map((match) => ({ from: match?.[1] ?? '', to: match?.[2] ?? '', text: match?.[3] ?? '' }));

const frame = { width: 1080, height: 1920 };

it.each(captionStyleNames)('never shows two captions at once and none after the clip, as %s', (style) => {
	fc.assert(
		fc.property(talks, ({ words, durationSec }) => {
			let before = assTime(0);
			for (const { from, to } of events(captionScript(words, durationSec, { frame, style }))) {
				expect(from >= before).toBe(true);
				expect(to > from).toBe(true);
				expect(to <= assTime(durationSec)).toBe(true);
				before = to;
			}
		}),
	);
});

it.each(subtitleFormats)('writes .%s files that read back as the same words in the same order', (format) => {
	fc.assert(
		fc.property(talks, ({ words, durationSec }) => {
			// Slower than anybody speaks: readers leave out what is shown for less than a twentieth of a second.
			const spoken = words
				.filter(({ text }) => /^[\p{L}\p{N}.,?!']+$/u.test(text))
				.map(({ text, startSec, endSec }) => ({ text, startSec: startSec * 10, endSec: endSec * 10 }));
			const read = parseCues(subtitleText(spoken, durationSec * 10 + 1, format)).words;
			expect(read.map(({ text }) => text)).toEqual(spoken.map(({ text }) => text));
		}),
	);
});

it('splits no word and loses no letter when it changes fonts', () => {
	fc.assert(
		fc.property(fc.array(fc.constantFrom('honey', 'عسل', 'דבש', '🍯', '👍🏽', '!', 'मधु')), (parts) => {
			const word = parts.join('');
			const shown = fontRuns(word).map(({ text }) => text);
			expect(shown.join('')).toBe(word.replace(/\p{Emoji_Modifier}/gu, ''));
		}),
	);
});

it('keeps every word whole and in order when silences go, and all of them inside the clip', () => {
	const gaps = fc.array(
		fc.record({
			startSec: fc.double({ min: 0, max: 60, noNaN: true }),
			lengthSec: fc.double({ min: 0, max: 8, noNaN: true }),
		}),
		{ maxLength: 8 },
	);
	fc.assert(
		fc.property(talks, gaps, ({ words, durationSec }, silences) => {
			const silent = silences.map(({ startSec, lengthSec }) => ({ startSec, endSec: startSec + lengthSec }));
			const kept = withoutSilences(durationSec, silent, words, 30);
			const moved = clipWords(words, { startSec: 0, endSec: durationSec }, kept);
			expect(moved.map(({ text }) => text)).toEqual(words.map(({ text }) => text));
			moved.forEach(({ startSec, endSec }, index) => {
				const own = words[index];
				expect(endSec - startSec).toBeCloseTo((own?.endSec ?? 0) - (own?.startSec ?? 0), 6);
				expect(startSec).toBeGreaterThanOrEqual((moved[index - 1]?.endSec ?? 0) - 1e-9);
				expect(endSec).toBeLessThanOrEqual(kept.lengthSec + 1e-9);
			});
		}),
	);
});

it('shows every word in exactly one phrase', () => {
	fc.assert(fc.property(talks, ({ words }) => expect(phrases(words).flat()).toEqual(words)));
});

it('lets no text open an override, begin a command or end its line', () => {
	fc.assert(
		fc.property(
			fc.string({ unit: fc.constantFrom('{', '}', '\\', 'N', 'n', 'h', 'a', '\n', '\r', ' ') }),
			(text) => {
				const escaped = escapeAss(text);
				expect(escaped).not.toMatch(/[\r\n]/);
				expect(escaped.replace(/\\[{}]/g, '')).not.toMatch(/[{}]/);
				expect(escaped).not.toMatch(/\\[Nnh]/);
			},
		),
	);
});
