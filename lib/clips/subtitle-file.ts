import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';

import { ClipError } from '../media';
import { toSentences } from './sentences';
import { parseCues } from './subtitle-cues';
import { TRANSCRIPT_VERSION, type Transcript } from './transcript';
import { tidyWords } from './word-timing';
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
		return decoded(await readFile(filePath));
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

// Windows programs still write the letters of their own country; those of Western Europe are by far the most.
function decoded(bytes: Buffer): string {
	const [first, second] = bytes;
	if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
	if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		// Not by TextDecoder: Node 20 takes windows-1252 for latin1, which has no quotation marks and dashes.
		return bytes
			.toString('latin1')
			.replace(/[\u0080-\u009f]/g, (sign) => WINDOWS_1252[sign.charCodeAt(0) - 0x80] ?? sign);
	}
}

// Its signs from 0x80 to 0x9f; everything else is as in latin1.
const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

function unreadable(filePath: string): ClipError {
	return new ClipError(
		'subtitle-unreadable',
		`"${path.basename(filePath)}" holds no words with times that lie inside the video.`,
		'Supply a .srt or .vtt file, or a .json list of {text, startSec, endSec}, that belongs to this video.',
	);
}
