import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';

import { ClipError } from '../media';
import { toSentences } from './sentences';
import { TRANSCRIPT_VERSION, type TimedWord, type Transcript } from './transcript';
import { spreadWords, tidyWords } from './word-timing';
import { wordsIn, type WordsFound } from './words-json';

const LARGEST_BYTES = 20 * 1024 * 1024;
const endings = ['.srt', '.vtt', '.words.json', '.json'] as const;

/** A subtitle file with the video's name beside it; the wanted language before none before any other. */
export async function findSubtitleBeside(videoPath: string, language?: string): Promise<string | undefined> {
	const { dir, name } = path.parse(videoPath);
	const names = await readdir(dir).catch((): string[] => []);
	const wanted = [...(language ? [`${name}.${language}`] : []), name];
	for (const base of wanted) {
		for (const ending of endings.filter((each) => names.includes(base + each))) {
			const file = path.join(dir, base + ending);
			// Many programs put a .json of their own beside a video: only a transcript is one of ours.
			if (!file.endsWith('.json') || (await holdsWords(file))) return file;
		}
	}
	if (language) return undefined;
	const anyLanguage = names
		.filter((file) => file.startsWith(`${name}.`) && /\.[a-z]{2}(?:-[A-Za-z]{2})?\.(?:srt|vtt)$/.test(file))
		.sort()[0];
	return anyLanguage && path.join(dir, anyLanguage);
}

async function holdsWords(file: string): Promise<boolean> {
	const content = await readText(file).catch(() => '');
	return (parseWordsJson(content)?.words.length ?? 0) > 0;
}

/** Reads words with times out of .srt, .vtt or .json (a list of words, or a speech service's answer). */
export async function readSubtitleFile(
	filePath: string,
	options: { readonly durationSec: number; readonly language?: string | undefined },
): Promise<Transcript> {
	const content = await readText(filePath);
	const parsed = /\.json$/i.test(filePath) ? parseWordsJson(content) : parseCues(content);
	const words = tidyWords(parsed?.words ?? [], options.durationSec);
	if (!parsed || words.length === 0) throw unreadable(filePath);
	return {
		version: TRANSCRIPT_VERSION,
		method: 'subtitle-file',
		methodDetail: path.basename(filePath),
		wordTiming: parsed.isMeasured ? 'measured' : 'interpolated',
		language:
			options.language ??
			/\.([a-z]{2})(?:-[A-Za-z]{2})?\.\w+$/.exec(filePath)?.[1] ??
			parsed.language ??
			'und',
		durationSec: options.durationSec,
		words,
		sentences: toSentences(words),
	};
}

const CLOCK = String.raw`(?:(\d+):)?(\d{1,2}):(\d{2})[.,](\d{1,3})`;
const CUE = new RegExp(`^\\s*${CLOCK}\\s*-->\\s*${CLOCK}`);
const INLINE = new RegExp(`<${CLOCK}>`, 'g');

/** SubRip and WebVTT: everything between two arrow lines is what is said, except what only looks like it. */
export function parseCues(content: string): WordsFound {
	const lines = content
		.replace(/^\uFEFF/, '')
		.replace(/\r\n?/g, '\n')
		.split('\n')
		.map((line) => line.trim());
	const arrows = lines.flatMap((line, index) => (CUE.test(line) ? [index] : []));
	let isMeasured = false;
	const words = arrows.flatMap((at, cue) => {
		const clock = CUE.exec(lines[at] ?? '');
		if (!clock) return [];
		const span = { startSec: seconds(clock, 1), endSec: seconds(clock, 5) };
		const spoken = withoutNotes(lines.slice(at + 1, arrows[cue + 1]), cue + 1 < arrows.length);
		// Rolling captions repeat the line before, and only the new line carries times for its words.
		const timedLines = spoken.filter((line) => line.search(INLINE) >= 0);
		if (timedLines.length > 0) {
			isMeasured = true;
			return inlineWords(timedLines.join(' '), span);
		}
		if (span.endSec - span.startSec < 0.05) return [];
		return spreadWords(toWords(spoken.join(' ')), span);
	});
	return { words, isMeasured };
}

/** Takes away the name or number of the next cue and WebVTT's comments: both stand behind an empty line. */
function withoutNotes(lines: readonly string[], hasNext: boolean): readonly string[] {
	const note = lines.findIndex(
		(line, index) => lines[index - 1] === '' && /^(?:NOTE|STYLE|REGION)\b/.test(line),
	);
	const own = note >= 0 ? lines.slice(0, note) : lines;
	const endsWithName = hasNext && note < 0 && own[own.length - 2] === '' && own[own.length - 1] !== '';
	return endsWithName ? own.slice(0, -1) : own;
}

function inlineWords(line: string, span: { startSec: number; endSec: number }): TimedWord[] {
	const marks = [...line.matchAll(INLINE)];
	const starts = [span.startSec, ...marks.map((mark) => seconds(mark, 1))];
	const pieces = line.split(new RegExp(INLINE.source.replace(/\((?!\?)/g, '(?:'), 'g'));
	return pieces.flatMap((piece, index) => {
		const startSec = starts[index] ?? span.startSec;
		const endSec = starts[index + 1] ?? Math.min(span.endSec, startSec + 1);
		return spreadWords(toWords(piece), { startSec, endSec });
	});
}

function seconds(match: RegExpMatchArray, from: number): number {
	const [hours, minutes, secs, fraction] = [0, 1, 2, 3].map((offset) => match[from + offset] ?? '0');
	return Number(hours) * 3600 + Number(minutes) * 60 + Number(secs) + Number(`0.${fraction}`);
}

const entities: Readonly<Record<string, string>> = {
	'&amp;': '&',
	'&lt;': '<',
	'&gt;': '>',
	'&quot;': '"',
	'&#39;': "'",
	'&nbsp;': ' ',
};

/** Spoken words only: no markup, no sound descriptions such as [Music], no speaker dashes. */
function toWords(markedUp: string): string[] {
	return markedUp
		.replace(/<[^>]*>|\{\\[^}]*\}/g, '')
		.replace(/&(?:amp|lt|gt|quot|#39|nbsp);/g, (entity) => entities[entity] ?? ' ')
		.replace(/\[[^\]]*\]|\([A-Z\s]+\)|♪/g, ' ')
		.split(/\s+/)
		.filter((word) => /[\p{L}\p{N}]/u.test(word));
}

function parseWordsJson(content: string): WordsFound | undefined {
	try {
		return wordsIn(JSON.parse(content));
	} catch {
		return undefined;
	}
}

async function readText(filePath: string): Promise<string> {
	try {
		const { size } = await stat(filePath);
		if (size > LARGEST_BYTES) throw unreadable(filePath);
		return await readFile(filePath, 'utf8');
	} catch (cause) {
		if (cause instanceof ClipError) throw cause;
		throw new ClipError(
			'subtitle-unreadable',
			`The subtitle file "${filePath}" cannot be opened.`,
			'Check the path and its permissions.',
			{ cause },
		);
	}
}

function unreadable(filePath: string): ClipError {
	return new ClipError(
		'subtitle-unreadable',
		`"${path.basename(filePath)}" holds no words with times that lie inside the video.`,
		'Supply a .srt or .vtt file, or a .json list of {text, startSec, endSec}, that belongs to this video.',
	);
}
