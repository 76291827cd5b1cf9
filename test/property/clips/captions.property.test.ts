import * as fc from 'fast-check';

import { assTime, captionScript, escapeAss, phrases } from '../../../lib/clips/captions';
import { talks } from './talk';

const events = (script: string): { from: string; to: string; text: string }[] =>
	script
		.split('\n')
		.filter((line) => line.startsWith('Dialogue:'))
		.map((line) => /^Dialogue: 0,([^,]+),([^,]+),Caption,,0,0,0,,(.*)$/.exec(line))
		.map((match) => ({ from: match?.[1] ?? '', to: match?.[2] ?? '', text: match?.[3] ?? '' }));

it('never shows two captions at once and never one before or after the clip', () => {
	fc.assert(
		fc.property(talks, ({ words, durationSec }) => {
			const clip = { startSec: words[0]?.startSec ?? 0, endSec: durationSec };
			let before = assTime(0);
			for (const { from, to } of events(captionScript(words, clip))) {
				expect(from >= before).toBe(true);
				expect(to > from).toBe(true);
				expect(to <= assTime(clip.endSec - clip.startSec)).toBe(true);
				before = to;
			}
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
