import { findHighlights } from '../../../lib/clips/highlights';
import { talkContext } from '../../../lib/clips/scoring';
import { toSentences } from '../../../lib/clips/sentences';
import { withoutLoops } from '../../../lib/clips/speech/embedded-model';
import { punctuated } from '../../../lib/clips/words-json';
import { countedLength, suggestTexts } from '../../../lib/clips/suggestions';
import { spokenWords } from '../../../lib/clips/written-words';

async function suggestionsFor(text: string) {
	const words = text
		.split(' ')
		.map((word, index) => ({ text: word, startSec: index / 3, endSec: index / 3 + 0.3 }));
	const sentences = toSentences(words);
	const wishes = { wantedClips: 1, minSec: 3, maxSec: 900, durationSec: words.length };
	const [highlight] = await findHighlights({ words, sentences }, wishes, new AbortController().signal);
	return suggestTexts(highlight!, talkContext({ words, sentences }).counts);
}

it('keeps the suggested texts within what the networks take, however long the clip is', async () => {
	const long = `${'Honey never spoils because honey holds almost no water at all and people know that '.repeat(12)}well.`;
	const { title, text, hashtags } = await suggestionsFor(long);
	expect(title.length).toBeLessThanOrEqual(100);
	expect(title).toMatch(/\S…$/);
	expect(countedLength(text)).toBeLessThanOrEqual(280);
	expect(text.endsWith(hashtags.join(' '))).toBe(true);
});

it('takes the question as the title and the words of the talk as hashtags, each once', async () => {
	const { title, hashtags } = await suggestionsFor(
		'Here is something for today. Did you know that honey never spoils? Honey bees make honey and one bee alone makes little.',
	);
	expect(title).toBe('Did you know that honey never spoils?');
	expect(hashtags[0]).toBe('#honey');
	expect(new Set(hashtags).size).toBe(hashtags.length);
	expect(hashtags.every((tag) => /^#\p{L}+$/u.test(tag))).toBe(true);
});

it('keeps one of a phrase that the model repeats without end, and leaves real repetition alone', () => {
	const kept = (text: string) =>
		withoutLoops(text.split(' ').map((word) => ({ text: word })))
			.map(({ text: word }) => word)
			.join(' ');
	expect(kept('thank you '.repeat(30).trim())).toBe('thank you');
	expect(kept('no no no that is mine')).toBe('no no no that is mine');
	expect(kept('- Honey ♪ lasts.')).toBe('Honey lasts.');
});

it('gives timed words the punctuation of the full text, also where the two differ', () => {
	const words = ['did', 'you', 'know', 'um', 'honey', 'lasts'];
	expect(punctuated(words, '"Did you know? Honey lasts."')).toEqual([
		'"Did',
		'you',
		'know?',
		'um',
		'Honey',
		'lasts."',
	]);
});

it.each([
	['“Really ?” he said', '“Really?” he said'],
	['"Really ?" he said', '"Really?" he said'],
	['‘No !’ she said', '‘No!’ she said'],
	['„Wirklich ?“ fragte er', '„Wirklich?“ fragte er'],
	['(really ?) he said', '(really?) he said'],
	['(“Why ?”), he said', '(“Why?”), he said'],
	['he said “why ?”.', 'he said “why?”.'],
	['« Vraiment ? » dit-il', '«Vraiment?» dit-il'],
	['« Vraiment ?! », dit-il', '«Vraiment?!», dit-il'],
	['‹ Vraiment ? › dit-il', '‹Vraiment?› dit-il'],
	['Vraiment ? Oui !', 'Vraiment? Oui!'],
	['12 % of people', '12% of people'],
	['12\u202F%, 5 ‰ (7 %) and 100 %.', '12%, 5‰ (7%) and 100%.'],
	['12 %? Really', '12%? Really'],
	['“It is 12 %” he said', '“It is 12%” he said'],
	['12 € für 5 £. Ja', '12€ für 5£. Ja'],
	['»Ja« sagte er »wirklich ?« und', '»Ja« sagte er »wirklich?« und'],
])('keeps every sign of %s', (written, kept) => {
	expect(spokenWords(written).join(' ')).toBe(kept);
});

it.each([
	['he said "why not" twice', 'he said "why not" twice'],
	['yes "no" yes', 'yes "no" yes'],
	['so “ he said', 'so he said'],
	['- % - what', 'what'],
	['one - two', 'one two'],
	['nice :) yes', 'nice yes'],
	['in 2014 € 12', 'in 2014 12'],
])('moves no sign of %s to a word that it does not end', (written, kept) => {
	expect(spokenWords(written).join(' ')).toBe(kept);
});

it('gives French words their signs too, which stand behind a space', () => {
	const words = ['Vraiment', 'Oui', 'douze'];
	expect(punctuated(words, '« Vraiment ? » Oui ! Douze %.')).toEqual(['«Vraiment?»', 'Oui!', 'Douze%.']);
});
