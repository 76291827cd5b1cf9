// Fonts that are surely there, chosen by script word by word: a program without the system's fonts would otherwise show
// empty boxes. Scripts that are not listed are left to the fonts of the machine.
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';

const FONTS = path.join(__dirname, '../assets/fonts');

export const MAIN_FONT = 'Montserrat ExtraBold';

const byScript: readonly (readonly [script: RegExp, font: string])[] = [
	[/\p{Script=Arabic}/u, 'Noto Sans Arabic'],
	[/\p{Script=Hebrew}/u, 'Noto Sans Hebrew'],
	[/\p{Script=Greek}|\p{Script=Devanagari}/u, 'Noto Sans'],
	[/\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}/u, 'Noto Sans CJK JP'],
	[/\p{Script=Thai}/u, 'Noto Sans Thai'],
];
const EMOJI =
	/(?:\p{Extended_Pictographic}|\p{Regional_Indicator})[\p{Emoji_Modifier}\u200D\uFE0F\p{Extended_Pictographic}\p{Regional_Indicator}]*/gu;
const EMOJI_FONT = 'Noto Emoji';

export interface FontRun {
	readonly text: string;
	/** Nothing for the main font. */
	readonly font: string | undefined;
}

/** Splits a word where another font is needed. */
export function fontRuns(word: string): FontRun[] {
	const runs: FontRun[] = [];
	let read = 0;
	for (const match of word.matchAll(EMOJI)) {
		runs.push(...wordRun(word.slice(read, match.index)));
		// The font draws in one colour and has no joined figures: a family is shown as its members.
		runs.push({ text: match[0].replace(/[\u200D\uFE0F\p{Emoji_Modifier}]/gu, ''), font: EMOJI_FONT });
		read = match.index + match[0].length;
	}
	return [...runs, ...wordRun(word.slice(read))].filter(({ text }) => text !== '');
}

function wordRun(text: string): FontRun[] {
	return text ? [{ text, font: byScript.find(([script]) => script.test(text))?.[1] }] : [];
}

/** Puts the fonts where ffmpeg is told to look for them. */
export async function putFonts(folder: string): Promise<void> {
	await mkdir(folder, { recursive: true });
	const names = (await readdir(FONTS)).filter((name) => /\.(?:ttf|woff)$/.test(name));
	await Promise.all(names.map((name) => copyFile(path.join(FONTS, name), path.join(folder, name))));
}
