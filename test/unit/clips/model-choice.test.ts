import { chooseClips, type Choice } from '../../../lib/clips/choose-clips';
import type { ChatModel } from '../../../lib/clips/model-choice/chat-model';
import { windowsOf } from '../../../lib/clips/model-choice/prompt';
import { readTranscript } from '../../../lib/clips/words-json';

const said = [
	'Did you know that honey never spoils?',
	'People could still eat it after a thousand years.',
	'And that was about honey.',
	'The secret of good bread is time.',
	'Let the dough rest for a whole night.',
	'Then we had some lunch.',
];

/** Three words a second, half a second of silence between sentences. */
function transcriptOf(sentences: readonly string[]) {
	let atSec = 0;
	const words = sentences.flatMap((sentence) => {
		const spoken = sentence.split(' ').map((text) => ({ text, startSec: atSec, endSec: (atSec += 0.33) }));
		atSec += 0.5;
		return spoken;
	});
	return readTranscript(words, 'the talk');
}

interface Asked {
	readonly choice: Choice;
	readonly prompts: readonly string[];
}

async function choose(
	answer: (prompt: string) => unknown,
	signal = new AbortController().signal,
): Promise<Asked> {
	const prompts: string[] = [];
	const model: ChatModel = {
		invoke: (prompt) => {
			prompts.push(prompt);
			return Promise.resolve(answer(prompt));
		},
	};
	const wishes = { wantedClips: 2, minSec: 4, maxSec: 9 };
	const choice = await chooseClips({
		transcript: transcriptOf(said),
		sourceName: 'talk',
		...wishes,
		model,
		signal,
	});
	return { choice, prompts };
}

const answering = (...clips: object[]) => ({
	content: `Here you are:\n\`\`\`json\n${JSON.stringify({ clips })}\n\`\`\``,
});
const honey = {
	firstSentence: 0,
	lastSentence: 1,
	openingWords: 'did you know that honey',
	title: 'Honey lasts',
};
const bread = {
	firstSentence: 3,
	lastSentence: 4,
	openingWords: 'The secret of good bread',
	reason: 'useful',
};

it('takes what the model chose, with our own times and scores', async () => {
	const { choice, prompts } = await choose(() => answering(honey, bread));
	expect(choice.clips.map(({ chosenBy, title }) => [chosenBy, title])).toEqual([
		['model', 'Honey lasts'],
		['model', 'The secret of good bread is time'],
	]);
	expect(choice.model).toEqual({ calls: 1, proposed: 2, accepted: 2, refused: [] });
	expect(choice.clips[0]?.transcript).toBe(`${said[0]} ${said[1]}`);
	expect(choice.clips[0]?.score).toBeGreaterThan(0);
	expect(choice.clips[1]?.reason).toMatch(/^useful \(It /);
	for (const sentence of said) expect(prompts[0]).toContain(sentence);
});

it.each([
	[
		'sentences that are not there',
		{ ...honey, firstSentence: 90, lastSentence: 91 },
		/not in the transcript/,
	],
	['an end before its start', { ...honey, lastSentence: -1 }, /not in the transcript/],
	['half a sentence', { ...honey, firstSentence: 0.5 }, /not in the transcript/],
	['words that nobody said', { ...honey, openingWords: 'honey is poison' }, /does not begin with the words/],
	['no words at all', { ...honey, openingWords: '' }, /does not begin with the words/],
	['the whole talk', { ...honey, lastSentence: 5 }, /do not fit/],
	['another form', { start: 0, end: 9 }, /agreed form/],
])('refuses %s and fills up by itself', async (_what, proposal, why) => {
	const { choice } = await choose(() => answering(proposal, bread));
	expect(choice.clips).toHaveLength(2);
	expect(choice.clips.map(({ chosenBy }) => chosenBy)).toEqual(['scorer', 'model']);
	expect(choice.model).toMatchObject({ proposed: 2, accepted: 1, refused: [expect.stringMatching(why)] });
});

it('refuses the lesser of two proposals that overlap', async () => {
	const { choice } = await choose(() => answering(honey, { ...honey, lastSentence: 2 }));
	expect(choice.model).toMatchObject({ accepted: 1, refused: [expect.stringMatching(/overlap/)] });
});

it('lets a span that is a little short grow to whole sentences, and never beyond the longest length', async () => {
	const { choice } = await choose(() => answering({ ...honey, lastSentence: 0 }));
	expect(choice.clips[0]).toMatchObject({ chosenBy: 'model', transcript: `${said[0]} ${said[1]}` });
});

it.each([
	['prose', () => ({ content: 'I like the part about honey best.' }), /not the JSON/],
	['broken JSON', () => ({ content: '{"clips":[{"firstSentence":0,' }), /not the JSON/],
	['a list of times', () => ({ content: '{"clips":"0-30"}' }), /not the JSON/],
	['no text', () => ({ tool_calls: [] }), /something else than text/],
	[
		'only inventions',
		() => answering({ ...honey, openingWords: 'once upon a time' }),
		/none of its proposals/,
	],
])('falls back to the scorer on %s, and says so', async (_what, answer, why) => {
	const { choice } = await choose(answer);
	expect(choice.clips.map(({ chosenBy }) => chosenBy)).toEqual(['scorer', 'scorer']);
	expect(choice.model?.fallback).toMatch(why);
});

it('falls back when the service refuses, and repeats nothing of what it said: it may hold a key', async () => {
	const { choice } = await choose(() => {
		throw Object.assign(new Error('Incorrect API key provided: sk-planted'), { status: 401 });
	});
	expect(choice.model?.fallback).toContain('HTTP 401');
	expect(JSON.stringify(choice)).not.toContain('sk-planted');
});

it('stops when it is cancelled, also while a model does not answer', async () => {
	const stop = new AbortController();
	const asked = choose(() => {
		stop.abort();
		return new Promise(() => undefined);
	}, stop.signal);
	await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
});

it('shows a model every sentence of a long talk, and the seams twice', () => {
	const { sentences } = transcriptOf(Array<string>(1_000).fill('This sentence is one of a very long talk.'));
	const windows = windowsOf(sentences);
	expect(windows.length).toBeGreaterThan(1);
	expect(windows[0]?.first).toBe(0);
	expect(windows.at(-1)?.end).toBe(sentences.length);
	windows.slice(1).forEach((window, index) => {
		expect(window.first).toBeLessThan(windows[index]?.end ?? 0);
	});
});

it('cuts no breath in two that the model would, and takes all of it', async () => {
	const transcript = transcriptOf(said);
	const [first, second, third, ...rest] = transcript.sentences;
	if (!first || !second || !third) throw new Error('three sentences were said');
	const sentences = [first, { ...second, isRunningOn: true }, third, ...rest];
	const { clips } = await chooseClips({
		transcript: { ...transcript, sentences },
		sourceName: 'talk',
		...{ wantedClips: 1, minSec: 4, maxSec: 12 },
		model: { invoke: () => Promise.resolve(answering(honey)) },
		signal: new AbortController().signal,
	});
	expect(clips.map(({ transcript: text }) => text)).toEqual([said.slice(0, 3).join(' ')]);
});
