import { measureSpeech, type SpeechFigures } from '../../../bench/clips/speech';
import { mediaFolder } from '../../support/media';

jest.setTimeout(240_000);

// A minute of the talk that `npm run bench:clips` uses a quarter of an hour of.
let figures: SpeechFigures;
beforeAll(async () => {
	figures = await measureSpeech(mediaFolder, { material: 'known', dullBetween: 2, moments: 3 }, 0);
});

it('finds the moments that were planted in a dull talk', () => {
	expect(figures.recall).toBe(1);
});

it('cuts at the edges of sentences, and in no word', () => {
	expect(figures.boundaryMaxSec).toBeLessThanOrEqual(0.25);
	expect(figures.insideWord).toBe(0);
});

it('knows when sentences begin and end, and nine of ten words to an eighth of a second', () => {
	expect(figures.offsetMaxSec).toBeLessThanOrEqual(0.15);
	expect(figures.wordP90Sec).toBeLessThanOrEqual(0.125);
	expect(figures.wordsRight / figures.wordsHeard).toBeGreaterThan(0.85);
});
