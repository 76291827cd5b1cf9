import { findHighlights } from '../../../lib/clips/highlights';
import { toSentences } from '../../../lib/clips/sentences';
import { scoreSpan, talkContext } from '../../../lib/clips/scoring';
import type { TimedWord } from '../../../lib/clips/transcript';

/** Three words a second, half a second of silence between sentences. */
function say(...sentences: string[]): TimedWord[] {
	let atSec = 0;
	return sentences.flatMap((sentence) => {
		const words = sentence.split(' ').map((text) => ({ text, startSec: atSec, endSec: (atSec += 0.33) }));
		atSec += 0.5;
		return words;
	});
}

function scoresOf(...sentences: string[]) {
	const words = say(...sentences);
	const talk = talkContext({ words, sentences: toSentences(words) });
	return talk.sentences.map((_, index) => scoreSpan(talk, index, index + 1));
}

it('prefers an opening that asks the viewer something to one that hangs on what was said before', () => {
	const [question, dangling] = scoresOf(
		'Did you know that honey never spoils?',
		'And that is why they kept it there.',
	);
	expect(question!.parts.hook).toBeGreaterThan(dangling!.parts.hook + 10);
});

it('prefers an end with an answer to an end with an open question', () => {
	const words = say('Why does honey never spoil?', 'It holds very little water.', 'Is that all?');
	const talk = talkContext({ words, sentences: toSentences(words) });
	expect(scoreSpan(talk, 0, 2).parts.completeness).toBeGreaterThan(scoreSpan(talk, 0, 3).parts.completeness);
});

it('says why in one sentence', () => {
	const [question] = scoresOf('Did you know that honey never spoils?');
	expect(question!.reason).toMatch(/^It .+ and .+\.$/);
});

it('finds the one strong moment in a dull talk', () => {
	const dull = 'and then it went on like that for some more of the time as it does';
	const strong = [
		'Did you know that honey never spoils?',
		'Honey from old tombs was still good and people could eat that honey.',
		'The secret is that honey holds almost no water and nothing can live in honey.',
	];
	const words = say(...Array<string>(8).fill(`${dull}.`), ...strong, ...Array<string>(8).fill(`${dull}.`));
	const durationSec = words.at(-1)!.endSec;
	const [best] = findHighlights(
		{ words, sentences: toSentences(words) },
		{
			wantedClips: 1,
			minSec: 8,
			maxSec: 14,
			durationSec,
		},
	);
	expect(best!.transcript).toContain('Did you know that honey never spoils?');
	expect(best!.transcript).toContain('nothing can live in honey.');
});

it('splits speech without any punctuation into pieces that can be cut', () => {
	const words = say(Array<string>(400).fill('honey').join(' '));
	for (const sentence of toSentences(words))
		expect(sentence.endSec - sentence.startSec).toBeLessThanOrEqual(18.1);
	const durationSec = words.at(-1)!.endSec;
	const found = findHighlights(
		{ words, sentences: toSentences(words) },
		{
			wantedClips: 3,
			minSec: 15,
			maxSec: 60,
			durationSec,
		},
	);
	expect(found).toHaveLength(3);
});
