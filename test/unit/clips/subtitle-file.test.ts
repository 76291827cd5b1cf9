import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { findSubtitleBeside, readSubtitleFile } from '../../../lib/clips/subtitle-file';
import { parseCues } from '../../../lib/clips/subtitle-cues';
import { tidyWords } from '../../../lib/clips/word-timing';

let folder: string;
beforeEach(async () => {
	folder = await mkdtemp(path.join(os.tmpdir(), 'subtitles-'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

const put = async (name: string, content: string): Promise<string> => {
	await writeFile(path.join(folder, name), content);
	return path.join(folder, name);
};

it('reads SubRip with Windows line ends, a byte order mark, markup and sound descriptions', () => {
	const srt =
		'\uFEFF1\r\n00:00:01,000 --> 00:00:03,000\r\n<i>Honey never</i>\r\nspoils.\r\n\r\n2\r\n00:01:00,500 --> 00:01:02,000\r\n[Music] {\\an8}Why &amp; how?\r\n';
	const { words, isMeasured } = parseCues(srt);
	expect(words.map((word) => word.text)).toEqual(['Honey', 'never', 'spoils.', 'Why', 'how?']);
	expect(words[0]?.startSec).toBe(1);
	expect(words[2]?.endSec).toBeCloseTo(3);
	expect(words[3]?.startSec).toBe(60.5);
	expect(isMeasured).toBe(false);
});

it.each([
	['letters in braces of older programs', '{y:i}Bold {b}words{/b} {\\an8}here', 'Bold words here'],
	[
		'characters by their number or name',
		'It&#8217;s &#x201C;so&#x201D; &apos;far&apos;&rlm;',
		"It’s “so” 'far'",
	],
	['numbers that are no letter', 'So&#10;fa&#0;r&#xD800; &#xFFFFF;', 'So far'],
	['names of speakers and classes', '<v Mary Ann>Hi <c.yellow.bg_blue>there</c></v>', 'Hi there'],
])('leaves out markup: %s', (_what, line, said) => {
	const { words } = parseCues(`1\n00:00:01,000 --> 00:00:03,000\n${line}\n`);
	expect(words.map(({ text }) => text).join(' ')).toBe(said);
});

it('keeps what is said between two signs of comparison, which nobody says', () => {
	const { words } = parseCues('1\n00:00:01,000 --> 00:00:03,000\nIf 5 < 6 and 7 > 6, I <3 maths\n');
	expect(words.map(({ text }) => text).join(' ')).toBe('If 5 6 and 7 6, I <3 maths');
});

it('takes the times of single words from WebVTT and leaves out the lines that rolling captions repeat', () => {
	const vtt = [
		'WEBVTT',
		'',
		'00:01.000 --> 00:03.000 align:start',
		' ',
		'Honey<00:01.500><c> never</c><00:02.250><c> spoils</c>',
		'',
		'00:03.000 --> 00:03.010',
		'Honey never spoils',
		'',
		'NOTE nobody says this',
		'',
		'second',
		'00:03.010 --> 00:05.000',
		'Honey never spoils',
		'because<00:04.000><c> it</c>',
	].join('\n');
	const { words, isMeasured } = parseCues(vtt);
	expect(words.map((word) => word.text)).toEqual(['Honey', 'never', 'spoils', 'because', 'it']);
	expect(words.map((word) => word.startSec)).toEqual([1, 1.5, 2.25, 3.01, 4]);
	expect(isMeasured).toBe(true);
});

it.each([
	['[{"text":"Hi","startSec":1,"endSec":1.4}]'],
	['{"words":[{"word":"Hi","start":1,"end":1.4}]}'],
	['[{"text":"Hi","start":1,"end":1.4}]'],
])('reads a list of words in JSON: %s', async (content) => {
	const file = await put('talk.json', content);
	const transcript = await readSubtitleFile(file, { durationSec: 10 });
	expect(transcript).toMatchObject({
		method: 'subtitle-file',
		methodDetail: 'talk.json',
		wordTiming: 'measured',
	});
	expect(transcript.words).toEqual([{ text: 'Hi', startSec: 1, endSec: 1.4 }]);
});

it.each(['', 'no times here', '1\n00:05:00,000 --> 00:05:01,000\nafter the end'])(
	'refuses a file that holds nothing of this video: %j',
	async (content) => {
		const file = await put('talk.srt', content);
		await expect(readSubtitleFile(file, { durationSec: 10 })).rejects.toMatchObject({
			name: 'ClipError',
			code: 'subtitle-unreadable',
		});
	},
);

it('finds the subtitle in the wanted language first, then one without a language', async () => {
	const video = path.join(folder, 'talk.mp4');
	expect(await findSubtitleBeside(video)).toBeUndefined();
	await put('talk.de.srt', '');
	expect(await findSubtitleBeside(video)).toBe(path.join(folder, 'talk.de.srt'));
	expect(await findSubtitleBeside(video, 'en')).toBeUndefined();
	await put('talk.vtt', '');
	expect(await findSubtitleBeside(video)).toBe(path.join(folder, 'talk.vtt'));
	expect(await findSubtitleBeside(video, 'de')).toBe(path.join(folder, 'talk.de.srt'));
});

it('takes a .json beside the video only when it holds words with times', async () => {
	const video = path.join(folder, 'talk.mp4');
	await put('talk.json', '{"format":"mp4","words":"many"}');
	expect(await findSubtitleBeside(video)).toBeUndefined();
	const file = await put('talk.json', '{"text":"Hi.","words":[{"word":"Hi","start":1,"end":1.4}]}');
	expect(await findSubtitleBeside(video)).toBe(file);
});

it('gives the words of a verbose answer the punctuation of its text', async () => {
	const file = await put(
		'talk.json',
		'{"task":"transcribe","language":"english","duration":"9.5","text":"Hi. Why?","words":[{"word":"Hi","start":1,"end":1.4},{"word":"Why","start":2,"end":2.4}]}',
	);
	const transcript = await readSubtitleFile(file, { durationSec: 10 });
	expect(transcript.language).toBe('english');
	expect(transcript.sentences.map(({ text }) => text)).toEqual(['Hi.', 'Why?']);
});

it('spreads the words of an answer that times only segments, and says so', async () => {
	const file = await put('talk.json', '{"segments":[{"text":" Honey lasts","start":1,"end":3}]}');
	const transcript = await readSubtitleFile(file, { durationSec: 10 });
	expect(transcript.wordTiming).toBe('interpolated');
	expect(transcript.words.map(({ text }) => text)).toEqual(['Honey', 'lasts']);
});

it('keeps the words of two cues apart that lie over each other, and moves no word of the later one', () => {
	const srt = [
		'1\n00:00:00,000 --> 00:00:12,000\n♪ oh my love my darling ♪',
		'2\n00:00:02,000 --> 00:00:04,000\nWhere were you?',
		'3\n00:00:05,000 --> 00:00:07,000\nAt home.',
	].join('\n\n');
	const words = tidyWords(parseCues(srt).words);
	expect(words.map(({ text }) => text).join(' ')).toBe('oh my love my darling Where were you? At home.');
	expect(words.find(({ text }) => text === 'Where')?.startSec).toBe(2);
	expect(words.find(({ text }) => text === 'At')?.startSec).toBe(5);
});

it('lets two cues that begin together share their time, one behind the other', () => {
	const srt =
		'1\n00:00:02,000 --> 00:00:04,000\nHow are you?\n\n2\n00:00:02,000 --> 00:00:04,000\nFine, and you?';
	const words = tidyWords(parseCues(srt).words);
	expect(words.map(({ text }) => text).join(' ')).toBe('How are you? Fine, and you?');
	expect(words[3]?.startSec).toBeGreaterThan(2.5);
	expect(words[5]?.endSec).toBeCloseTo(4);
});

it('leaves fast cues apart that overlap by a moment', () => {
	const srt =
		'1\n00:00:01,000 --> 00:00:02,000\na b c d e f g h i j k l m n o\n\n2\n00:00:01,980 --> 00:00:04,000\nNext.';
	expect(parseCues(srt).words.at(-1)).toEqual({ text: 'Next.', startSec: 1.98, endSec: 4 });
});

// As yt-dlp's --convert-subs writes YouTube's automatic captions: each line twice, with a hundredth of a second between.
const rolling = [
	['00:00:00,160', '00:00:02,389', '', 'hello everyone and'],
	['00:00:02,389', '00:00:02,399', 'hello everyone and', ' '],
	['00:00:02,399', '00:00:04,550', 'hello everyone and', 'welcome to the channel'],
	['00:00:04,550', '00:00:04,560', 'welcome to the channel', ' '],
	['00:00:04,560', '00:00:07,000', 'welcome to the channel', 'today'],
]
	.map(([from, to, ...lines], index) => [index + 1, `${from} --> ${to}`, ...lines, ''].join('\n'))
	.join('\n');

it('says every line of rolling captions once, at the time when it is new', () => {
	const { words } = parseCues(rolling);
	expect(words.map(({ text }) => text).join(' ')).toBe('hello everyone and welcome to the channel today');
	expect(words.find(({ text }) => text === 'welcome')?.startSec).toBe(2.399);
	expect(words.at(-1)?.startSec).toBeCloseTo(4.56);
});

it('keeps what people really say twice', () => {
	const srt = [
		'1\n00:00:01,000 --> 00:00:02,000\nNo.',
		'2\n00:00:02,000 --> 00:00:03,000\nNo.',
		'3\n00:00:03,000 --> 00:00:05,000\nWhy not?',
	].join('\n\n');
	expect(parseCues(srt).words.map(({ text }) => text)).toEqual(['No.', 'No.', 'Why', 'not?']);
});

it.each([
	[
		"Whisper's own program",
		{
			text: ' Honey never spoils.',
			language: 'en',
			segments: [
				{
					id: 0,
					...{ seek: 0, start: 0, end: 3.2, text: ' Honey never spoils.', tokens: [1], temperature: 0 },
					words: [
						{ word: ' Honey', start: 0.5, end: 0.9, probability: 0.9 },
						{ word: ' never', start: 1.4, end: 1.7, probability: 0.9 },
						{ word: ' spoils.', start: 2.1, end: 3, probability: 0.9 },
					],
				},
			],
		},
	],
	[
		'WhisperX',
		{
			language: 'en',
			word_segments: [],
			segments: [
				{
					...{ start: 0.5, end: 3, text: ' Honey never spoils.', speaker: 'SPEAKER_00' },
					words: [
						{ word: 'Honey', start: 0.5, end: 0.9, score: 0.9 },
						{ word: 'never', start: 1.4, end: 1.7, score: 0.9 },
						{ word: 'spoils.', start: 2.1, end: 3, score: 0.9 },
					],
				},
			],
		},
	],
])('keeps the measured times of words that %s nests in segments', async (_program, answer) => {
	const file = await put('talk.json', JSON.stringify(answer));
	const transcript = await readSubtitleFile(file, { durationSec: 10 });
	expect(transcript).toMatchObject({ wordTiming: 'measured', language: 'en' });
	expect(transcript.words).toEqual([
		{ text: 'Honey', startSec: 0.5, endSec: 0.9 },
		{ text: 'never', startSec: 1.4, endSec: 1.7 },
		{ text: 'spoils.', startSec: 2.1, endSec: 3 },
	]);
});

it('places only the words that have no time, between those that have one', async () => {
	const words = [
		{ word: 'In', start: 1, end: 1.2 },
		{ word: '2014' },
		{ word: 'honey', start: 2.2, end: 2.6 },
		{ word: 'never', start: 2.7, end: 3 },
		{ word: '50%', start: null, end: null },
		{ word: 'spoils', start: 3, end: 3.4 },
		{ word: '7' },
	];
	const file = await put('talk.json', JSON.stringify(words));
	const read = (await readSubtitleFile(file, { durationSec: 10 })).words;
	expect(read.map(({ text }) => text)).toEqual(words.map(({ word }) => word));
	expect(read[0]).toEqual({ text: 'In', startSec: 1, endSec: 1.2 });
	expect(read[1]).toEqual({ text: '2014', startSec: 1.2, endSec: 2.2 });
	expect(read[2]).toEqual({ text: 'honey', startSec: 2.2, endSec: 2.6 });
	// No room was left: it shares that of the word before.
	expect(read[3]?.startSec).toBe(2.7);
	expect(read[4]?.startSec).toBeGreaterThan(2.8);
	expect(read[4]?.endSec).toBeCloseTo(3);
	expect(read[5]).toEqual({ text: 'spoils', startSec: 3, endSec: 3.4 });
	expect(read[6]?.startSec).toBe(3.4);
});

it("reads whisper.cpp's JSON, whose times are thousandths of a second, without its sound descriptions", async () => {
	const answer = {
		result: { language: 'de' },
		transcription: [
			{ timestamps: {}, offsets: { from: 1000, to: 2000 }, text: ' Honig hält' },
			{ timestamps: {}, offsets: { from: 2500, to: 3000 }, text: ' [Musik]' },
			{ timestamps: {}, offsets: { from: 3000, to: 4000 }, text: ' ewig.' },
		],
	};
	const file = await put('talk.json', JSON.stringify(answer));
	const transcript = await readSubtitleFile(file, { durationSec: 10 });
	expect(transcript).toMatchObject({ wordTiming: 'interpolated', language: 'de' });
	expect(transcript.words.map(({ text }) => text)).toEqual(['Honig', 'hält', 'ewig.']);
	expect(transcript.words[2]).toEqual({ text: 'ewig.', startSec: 3, endSec: 4 });
});

it('takes no JSON for a transcript whose texts have no times', async () => {
	const file = await put('talk.json', '[{"text":"Likes","count":3},{"text":"Shares","count":4}]');
	await expect(readSubtitleFile(file, { durationSec: 10 })).rejects.toMatchObject({
		code: 'subtitle-unreadable',
	});
});

const timedWord = (word: unknown, start: unknown = 1, end: unknown = 1.4) => ({ word, start, end });
const hi = timedWord('Hi');

it.each([
	['a list', [hi, null, timedWord(5, 2, 3), 'what', timedWord('there', 2, 3), timedWord('you', 3, 4)]],
	['an answer', { text: null, language: 5, words: [null, hi, timedWord('there', 2, 3), { word: 5 }] }],
	[
		'words nested in segments',
		{ segments: [{ text: 'Hi there', start: 0, end: 4, words: [hi, null, timedWord('there', 2, 3)] }] },
	],
])('keeps the words beside a bad one in %s', async (_where, value) => {
	const file = await put('talk.json', JSON.stringify(value));
	const transcript = await readSubtitleFile(file, { durationSec: 10 });
	expect(transcript.wordTiming).toBe('measured');
	expect(transcript.words.slice(0, 1)).toEqual([{ text: 'Hi', startSec: 1, endSec: 1.4 }]);
	expect(transcript.words).toContainEqual({ text: 'there', startSec: 2, endSec: 3 });
});

it('drops only the segments that have no times', async () => {
	const segments = [
		{ text: ' Honey', start: -0.01, end: 1 },
		{ text: ' never', start: null, end: 2 },
		null,
		{ text: ' lasts.', start: 2, end: 3 },
	];
	const file = await put('talk.json', JSON.stringify({ segments }));
	const { words } = await readSubtitleFile(file, { durationSec: 10 });
	expect(words.map(({ text }) => text)).toEqual(['Honey', 'lasts.']);
	expect(words[1]).toEqual({ text: 'lasts.', startSec: 2, endSec: 3 });
});

it('prefers segments to a list of words that is mostly none', async () => {
	const answer = { words: [hi, 1, 2, 3], segments: [{ text: 'Honey lasts', start: 1, end: 3 }] };
	const file = await put('talk.json', JSON.stringify(answer));
	const { words } = await readSubtitleFile(file, { durationSec: 10 });
	expect(words.map(({ text }) => text)).toEqual(['Honey', 'lasts']);
});

it.each([
	['numbers', [1, 2, 3]],
	['texts', ['Hi', 'there']],
	['nothing', []],
	['other things, with a word among them', [{ id: 1 }, { id: 2 }, hi]],
	['broken things, with a word among them', [null, 5, hi]],
	['segments without times', { segments: [{ text: 'Hi' }, null, { text: 'Hi', start: 1, end: 2 }] }],
])('takes no JSON of %s for a transcript', async (_what, value) => {
	const file = await put('talk.json', JSON.stringify(value));
	await expect(readSubtitleFile(file, { durationSec: 10 })).rejects.toMatchObject({
		code: 'subtitle-unreadable',
	});
	expect(await findSubtitleBeside(path.join(folder, 'talk.mp4'))).toBeUndefined();
});

const accented = '1\n00:00:01,000 --> 00:00:03,000\nÇa va – déjà “vu”…\n';
const utf16 = Buffer.from(`\uFEFF${accented}`, 'utf16le');
const western = Buffer.from(
	accented.replace(/[–“”…]/g, (sign) => ({ '–': '\x96', '“': '\x93', '”': '\x94' })[sign] ?? '\x85'),
	'latin1',
);

it.each([
	['UTF-8', Buffer.from(accented)],
	['UTF-8 with a mark', Buffer.from(`\uFEFF${accented}`)],
	['UTF-16, low byte first', utf16],
	['UTF-16, high byte first', Buffer.from(utf16).swap16()],
	['Windows-1252', western],
])('reads the letters of a file in %s', async (_encoding, bytes) => {
	const file = path.join(folder, 'talk.srt');
	await writeFile(file, bytes);
	const { words } = await readSubtitleFile(file, { durationSec: 10 });
	expect(words.map(({ text }) => text)).toEqual(['Ça', 'va', 'déjà', '“vu”…']);
});
