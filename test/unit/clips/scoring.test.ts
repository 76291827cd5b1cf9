import { findHighlights } from '../../../lib/clips/highlights';
import { toSentences } from '../../../lib/clips/sentences';
import { scoreSpan, talkContext, type TalkContext } from '../../../lib/clips/scoring';
import type { TimedWord } from '../../../lib/clips/transcript';

const never = new AbortController().signal;

/** Three words a second, half a second of silence between sentences. */
function say(...sentences: string[]): TimedWord[] {
	let atSec = 0;
	return sentences.flatMap((sentence) => {
		const words = sentence.split(' ').map((text) => ({ text, startSec: atSec, endSec: (atSec += 0.33) }));
		atSec += 0.5;
		return words;
	});
}

function contextOf(...sentences: string[]) {
	const words = say(...sentences);
	return talkContext({ words, sentences: toSentences(words) });
}

function scoresOf(...sentences: string[]) {
	const talk = contextOf(...sentences);
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

it('finds the one strong moment in a dull talk', async () => {
	const dull = 'and then it went on like that for some more of the time as it does';
	const strong = [
		'Did you know that honey never spoils?',
		'Honey from old tombs was still good and people could eat that honey.',
		'The secret is that honey holds almost no water and nothing can live in honey.',
	];
	const words = say(...Array<string>(8).fill(`${dull}.`), ...strong, ...Array<string>(8).fill(`${dull}.`));
	const durationSec = words.at(-1)!.endSec;
	const [best] = await findHighlights(
		{ words, sentences: toSentences(words) },
		{
			wantedClips: 1,
			minSec: 8,
			maxSec: 14,
			durationSec,
		},
		never,
	);
	expect(best!.transcript).toContain('Did you know that honey never spoils?');
	expect(best!.transcript).toContain('nothing can live in honey.');
});

it('splits speech without any punctuation into pieces that can be cut', async () => {
	const words = say(Array<string>(400).fill('honey').join(' '));
	for (const sentence of toSentences(words))
		expect(sentence.endSec - sentence.startSec).toBeLessThanOrEqual(18.1);
	const durationSec = words.at(-1)!.endSec;
	const found = await findHighlights(
		{ words, sentences: toSentences(words) },
		{
			wantedClips: 3,
			minSec: 15,
			maxSec: 60,
			durationSec,
		},
		never,
	);
	expect(found).toHaveLength(3);
});

it('takes a question for a hook only when something is said to it', () => {
	const told = contextOf('What do bees live on?', 'Bees live on honey.');
	const left = contextOf('What do bees live on?', 'Where did they go?');
	expect(scoreSpan(told, 0, 2).parts.hook).toBeGreaterThan(scoreSpan(left, 0, 2).parts.hook);
	expect(scoreSpan(told, 0, 2).parts.answer).toBeGreaterThan(scoreSpan(left, 0, 2).parts.answer);
});

it('sees a turn in what contradicts, not in a sentence that merely opens with "but"', () => {
	const turned = contextOf('Sleep makes lazy people.', 'Tests showed fast runners, but lazy sleepers.');
	const merely = contextOf('Sleep makes lazy people.', 'But tests showed fast runners and sleepers.');
	expect(scoreSpan(turned, 0, 2).parts.answer).toBeGreaterThan(scoreSpan(merely, 0, 2).parts.answer);
});

it('believes a long silence also where the transcript writes no full stops', () => {
	const spoken = (end: string) =>
		talkContext({
			words: [],
			sentences: ['Old jars were found', 'Honey never spoils', 'Bees were glad'].map((text, index) => ({
				text: text + end,
				startSec: index * 5,
				endSec: index * 5 + 3,
				firstWord: 0,
				endWord: 0,
				pauseAfterSec: 2,
				levelDb: -30,
			})),
		});
	// The middle pause must be a short one for two seconds to be a break.
	const withShort = (end: string) => ({ ...spoken(end), pauseSec: 0.3 });
	expect(scoreSpan(withShort(''), 1, 2).parts.completeness).toBe(
		scoreSpan(withShort('.'), 1, 2).parts.completeness,
	);
});

it('gives more for what stands out of the talk than for what the talk says all the time', () => {
	const usual = 'So I think we will come back to the garden chairs there.';
	const talk = contextOf(
		usual,
		usual,
		usual,
		'Nine of ten burglars never touch a locked bicycle.',
		usual,
		usual,
	);
	const [dull, strong] = [scoreSpan(talk, 1, 2), scoreSpan(talk, 3, 4)];
	expect(strong.parts.unity).toBeGreaterThan(dull.parts.unity + 8);
	expect(strong.parts.completeness).toBeGreaterThan(dull.parts.completeness);
});

it('keeps the whole of what stands out, where less of it would be long enough', async () => {
	const dull = 'So I think we will come back to the garden chairs there after that.';
	const thought = [
		'Cheap locks scare burglars away from expensive bicycles and cars.',
		'Police find stolen bicycles only when owners write down frame numbers.',
		'Insurance companies count bicycles stolen between spring and autumn.',
	];
	const words = say(...Array<string>(6).fill(dull), ...thought, ...Array<string>(6).fill(dull));
	const spoken = { words, sentences: toSentences(words) };
	const [best] = await findHighlights(
		spoken,
		{ wantedClips: 1, minSec: 7, maxSec: 30, durationSec: 90 },
		never,
	);
	expect(best?.transcript).toBe(thought.join(' '));
});

it('says nothing of the picture where nobody has seen one', () => {
	const words = say('Well, more or less.', 'Nobody buys honey twice.', 'So it goes.');
	const spoken = { words, sentences: toSentences(words) };
	const reasons = (talk: TalkContext) => talk.sentences.map((_, at) => scoreSpan(talk, at, at + 1).reason);
	expect(reasons(talkContext(spoken)).join()).not.toContain('picture');
	const seen = talkContext({ ...spoken, sceneStartsSec: [words[0]!.startSec] });
	expect(reasons(seen).join()).toContain('picture');
});
