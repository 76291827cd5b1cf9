// Languages that write without spaces, or end their sentences with other signs.
import { captionScript } from '../../../lib/clips/captions/caption-script';
import { captionPhrases, phrases } from '../../../lib/clips/captions/phrases';
import { subtitleText } from '../../../lib/clips/captions/subtitle-text';
import { checkProposal } from '../../../lib/clips/model-choice/check-answer';
import { clipSpace, toHighlight } from '../../../lib/clips/highlights';
import { toSentences } from '../../../lib/clips/sentences';
import { parseCues } from '../../../lib/clips/subtitle-cues';
import { isQuestion, meaningfulWords } from '../../../lib/clips/score-words';
import { shorten, suggestTexts } from '../../../lib/clips/suggestions';
import type { TimedWord } from '../../../lib/clips/transcript';
import { endsPhrase, endsSentence, tidyWords } from '../../../lib/clips/word-timing';
import { punctuated, readTranscript } from '../../../lib/clips/words-json';

const chinese = '蜂蜜永远不会变质，因为它几乎没有水分。你知道为什么我们今天还能吃千年以前的蜂蜜吗？';
const japanese = 'はちみつは決して腐りません。水分がほとんどないからです。';
const thai = 'น้ำผึ้งไม่เคยเสียเพราะแทบไม่มีน้ำ';

const cue = (text: string): TimedWord[] =>
	tidyWords(parseCues(`1\n00:00:01,000 --> 00:00:09,000\n${text}\n`).words);
const shownTexts = (script: string): string[] =>
	script
		.split('\n')
		.filter((line) => line.startsWith('Dialogue:'))
		.map((line) => line.replace(/^(?:[^,]*,){9}/, '').replace(/\{[^}]*\}/g, ''));

it.each(['هل تعلم؟', 'کیا آپ جانتے ہیں۔', 'क्या आप जानते हैं।', '你知道吗？', '「はい。」', '„Ja.“', '«Oui!»'])(
	'knows that %s is a whole sentence',
	(text) => expect(endsSentence(text)).toBe(true),
);

it.each(['أولا،', 'まず、', '首先，', '首先；', 'أولا؛'])('knows that people breathe behind %s', (text) => {
	expect(endsPhrase(text)).toBe(true);
	expect(endsSentence(text)).toBe(false);
});

it.each(['هل تعلم؟', '你知道吗？', '「本当？」', '«Pourquoi?»'])('knows that %s asks', (text) => {
	expect(isQuestion(text)).toBe(true);
});

it('keeps the sign of a French question, which stands behind a space', () => {
	const words = cue('Pourquoi ? Parce que « rien » ne\u202Fdure\u00A0!');
	expect(words.map(({ text }) => text)).toEqual(['Pourquoi?', 'Parce', 'que', '«rien»', 'ne', 'dure!']);
	expect(toSentences(words)).toHaveLength(2);
});

it.each([
	['Chinese', chinese, 12],
	['Japanese', japanese, 8],
	['Thai', thai, 5],
])('finds the words of %s, timed one after the other inside their cue', (_language, text, least) => {
	const words = cue(text);
	expect(words.length).toBeGreaterThanOrEqual(least);
	expect(words[0]?.startSec).toBe(1);
	expect(words.at(-1)?.endSec).toBeCloseTo(9);
	for (const [index, word] of words.entries()) {
		expect(word.startSec).toBeGreaterThanOrEqual(words[index - 1]?.endSec ?? 0);
		expect(word.text).toMatch(/\p{L}/u);
		expect(word.text).not.toMatch(/^[，。、？]|「$/u);
	}
	expect(
		toSentences(words)
			.map((sentence) => sentence.text)
			.join(''),
	).toBe(text);
});

it.each([chinese, japanese, thai])(
	'shows captions of %s a few letters at a time, and no space in them',
	(text) => {
		const words = cue(text);
		const groups = phrases(words, captionPhrases);
		expect(groups.length).toBeGreaterThan(1);
		const frame = { width: 1080, height: 1920 };
		for (const style of ['highlight', 'karaoke'] as const) {
			const shown = shownTexts(captionScript(words, 10, { frame, style }));
			expect(shown.length).toBeGreaterThan(1);
			for (const line of shown) {
				expect(text).toContain(line);
				expect([...line].length).toBeLessThanOrEqual(28);
			}
		}
		const written = subtitleText(words, 10, 'srt')
			.split('\n')
			.filter((line) => /\p{L}/u.test(line));
		expect(written.join('')).toBe(text);
	},
);

it('makes captions smaller where a line without spaces would leave the frame', () => {
	const words = cue('国際宇宙航空研究開発機構高等教育機関');
	const script = captionScript(words, 10, { frame: { width: 1080, height: 1920 }, style: 'box' });
	const [, size] = /\\fs(\d+)/.exec(script) ?? [];
	const longest = Math.max(...shownTexts(script).map((line) => [...line].length));
	// As wide as they are high, at 0.86 of the size.
	expect(longest * 0.86 * Number(size ?? 76)).toBeLessThan(1080 * 0.9);
});

it('gives letters that a service timed one by one the signs of its text', () => {
	expect(punctuated([...'蜂蜜不坏因为'], '蜂蜜不坏，因为')).toEqual(['蜂', '蜜', '不', '坏，', '因', '为']);
	expect(punctuated(['我', '用', 'iPhone', '吗'], '我用 iPhone 吗？')).toEqual([
		'我',
		'用',
		'iPhone',
		'吗？',
	]);
	expect(punctuated(['他说', '好', '的'], '他说「好」的。')).toEqual(['他说', '「好」', '的。']);
});

it('accepts a shortened quote of a sentence without spaces, and no other', () => {
	const words = [
		{ text: chinese.slice(0, 19), startSec: 0, endSec: 6 },
		{ text: chinese.slice(19), startSec: 6.5, endSec: 12 },
	];
	const transcript = readTranscript(words, 'the talk');
	const space = clipSpace(transcript, { wantedClips: 1, minSec: 3, maxSec: 20, durationSec: 13 });
	const verdict = (openingWords: string) =>
		checkProposal(space, { first: 0, end: 2 }, { firstSentence: 0, lastSentence: 1, openingWords });
	expect(transcript.sentences).toHaveLength(2);
	expect(verdict('蜂蜜永远不会变质')).toHaveProperty('accepted');
	expect(verdict('蜂蜜永远')).toHaveProperty('accepted');
	const whole = { first: 0, end: 2, startSec: 0, endSec: 12, score: 1 };
	expect(toHighlight(space, whole).transcript).toBe(chinese);
	expect(verdict('面包永远不会变质')).toHaveProperty('refused');
});

it('shortens a text without spaces between two words', () => {
	const short = shorten(`我用 ${chinese}`, 40);
	expect(short.length).toBeGreaterThan(10);
	expect(short).toMatch(/^我用 ?蜂蜜永远.*…$/u);
});

it('counts words and makes hashtags of them, not of whole sentences', () => {
	const sentence = '今天我们来谈谈人工智能的未来。';
	expect(meaningfulWords(sentence)).toEqual(expect.arrayContaining(['今天', '人工', '未来']));
	const words = [{ text: sentence, startSec: 0, endSec: 5 }];
	const wishes = { wantedClips: 1, minSec: 3, maxSec: 20, durationSec: 6 };
	const space = clipSpace(readTranscript(words, 'the talk'), wishes);
	const highlight = toHighlight(space, { first: 0, end: 1, startSec: 0, endSec: 5, score: 1 });
	const { hashtags } = suggestTexts(highlight, space.talk.counts);
	expect(hashtags).toHaveLength(3);
	for (const tag of hashtags) expect([...tag].length).toBeLessThanOrEqual(4);
	expect(meaningfulWords('मधुमक्खियाँ शहद बनाती हैं')[0]).toBe('मधुमक्खियाँ');
});
