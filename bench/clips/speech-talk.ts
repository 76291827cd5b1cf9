// A long spoken video of which everything is known: when each word and each sentence is said, and which moments
// are worth a clip. Made once and kept in the cache.
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

import { runFfmpeg } from '../../lib/media';
import { picker, speechScript, type SpokenSentence, type TalkWishes } from './speech-script';
import { fliteVoice, type Utterance, type Voice } from './speech-voice';

const sampleRateHz = 16_000;
const deadlineMs = 15 * 60_000;
/** Raise it when the same wishes would give another talk. */
const talkVersion = 1;

const spanSchema = z.object({ text: z.string(), startSec: z.number(), endSec: z.number() });
const truthSchema = z.object({
	/** Only of sentences whose words could be told apart for certain. */
	words: z.array(spanSchema),
	sentences: z.array(spanSchema.extend({ moment: z.number().optional() })),
});
export type TalkTruth = z.infer<typeof truthSchema>;

export interface SpokenTalk {
	readonly videoPath: string;
	readonly truth: TalkTruth;
}

export async function spokenTalk(cacheFolder: string, wishes: TalkWishes): Promise<SpokenTalk> {
	const name = `talk-${wishes.material}-${wishes.moments}-${wishes.dullBetween}-v${talkVersion}`;
	const folder = path.resolve(cacheFolder, name);
	const videoPath = path.join(folder, `${name}.mp4`);
	const truthPath = path.join(folder, 'truth.txt');
	const readTruth = async () => truthSchema.parse(JSON.parse(await readFile(truthPath, 'utf8')));
	const kept = await readTruth().catch(() => undefined);
	if (kept) return { videoPath, truth: kept };
	await mkdir(cacheFolder, { recursive: true });
	const partial = await mkdtemp(path.join(path.resolve(cacheFolder), '.talk-'));
	try {
		const truth = await record(await fliteVoice(cacheFolder), speechScript(wishes), partial);
		await film(partial, path.join(partial, `${name}.mp4`));
		await writeFile(path.join(partial, 'truth.txt'), JSON.stringify(truth));
		await rename(partial, folder).catch(readTruth);
	} finally {
		await rm(partial, { recursive: true, force: true });
	}
	return { videoPath, truth: await readTruth() };
}

async function record(voice: Voice, script: readonly SpokenSentence[], folder: string): Promise<TalkTruth> {
	const counts = await soundCounts(voice, script);
	const pick = picker(7);
	const parts: Buffer[] = [silence(1)];
	const truth: TalkTruth = { words: [], sentences: [] };
	let atSec = 1;
	for (const [index, sentence] of script.entries()) {
		const utterance = await voice.speak(sentence.text, folder);
		// People speak up a little when they have something to say.
		parts.push(louder(utterance.samples, sentence.moment === undefined ? 0.7 : 0.9));
		truth.sentences.push({ ...spanOf(utterance, atSec), ...sentence });
		truth.words.push(...wordsOf(sentence.text, utterance, atSec, counts));
		const isBreak = sentence.moment !== script[index + 1]?.moment;
		const pauseSec = isBreak ? 0.7 : 0.15 + pick(30) / 100;
		parts.push(silence(pauseSec));
		atSec += utterance.samples.length / sampleRateHz + pauseSec;
	}
	await writeFile(path.join(folder, 'talk.pcm'), Buffer.concat(parts));
	return truth;
}

async function soundCounts(voice: Voice, script: readonly SpokenSentence[]): Promise<Map<string, number>> {
	const words = [...new Set(script.flatMap(({ text }) => text.split(' ').map(bare)))];
	const counts = await voice.countSounds(words);
	return new Map(words.map((word, index) => [word, counts[index] ?? 0]));
}

const bare = (word: string): string => word.toLowerCase().replace(/[^a-z']/g, '');

function spanOf({ sounds }: Utterance, atSec: number): { startSec: number; endSec: number } {
	return {
		startSec: atSec + (sounds[0]?.startSec ?? 0),
		endSec: atSec + (sounds[sounds.length - 1]?.endSec ?? 0),
	};
}

function wordsOf(
	text: string,
	{ sounds }: Utterance,
	atSec: number,
	counts: ReadonlyMap<string, number>,
): TalkTruth['words'] {
	const words = text.split(' ');
	const total = words.reduce((sum, word) => sum + (counts.get(bare(word)) ?? 0), 0);
	if (total !== sounds.length) return [];
	let next = 0;
	return words.map((word) => {
		const own = sounds.slice(next, (next += counts.get(bare(word)) ?? 0));
		return {
			text: word,
			startSec: atSec + (own[0]?.startSec ?? 0),
			endSec: atSec + (own[own.length - 1]?.endSec ?? 0),
		};
	});
}

const silence = (sec: number): Buffer => Buffer.alloc(Math.round(sec * sampleRateHz) * 2);

function louder(samples: Int16Array, gain: number): Buffer {
	return Buffer.from(Int16Array.from(samples, (sample) => Math.round(sample * gain)).buffer);
}

async function film(folder: string, videoPath: string): Promise<void> {
	await runFfmpeg({
		inputs: [
			{ source: path.join(folder, 'talk.pcm'), options: ['-f', 's16le', '-ar', '16000', '-ac', '1'] },
			{ source: 'testsrc2=size=640x360:rate=10', options: ['-f', 'lavfi'] },
		],
		outputOptions: [
			...['-map', '1:v', '-map', '0:a', '-shortest', '-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '35'],
			...['-pix_fmt', 'yuv420p', '-c:a', 'aac', '-b:a', '96k'],
		],
		output: videoPath,
		deadlineMs,
	});
	await rm(path.join(folder, 'talk.pcm'));
	await rm(path.join(folder, 'utterance.wav'), { force: true });
}
