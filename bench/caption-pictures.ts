// One picture per caption style for docs/images/captions, and one with scripts that need other fonts.
//   npx tsx bench/caption-pictures.ts
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { captionStyleNames, type CaptionStyleName } from '../lib/clips/captions/caption-styles';
import { encodingProfiles } from '../lib/clips/encoding-profiles';
import { renderClip } from '../lib/clips/render-clip';
import { probe, runFfmpeg } from '../lib/media';
import { drawVideo } from './clips/drawn-people';

const TARGET = path.join(__dirname, '../docs/images/captions');
const sentence = 'Did you know that honey never spoils?';
const manyScripts = 'العسل لا يفسد 🍯 דבש לא מתקלקל Μέλι शहद';

function timed(text: string) {
	return text
		.split(' ')
		.map((word, index) => ({ text: word, startSec: 0.2 + index * 0.35, endSec: 0.5 + index * 0.35 }));
}

async function picture(
	video: string,
	folder: string,
	wanted: { name: string; style: CaptionStyleName; text: string },
) {
	const clip = path.join(folder, `${wanted.name}.mp4`);
	await renderClip({
		...{ sourcePath: video, source: await probe(video), startSec: 0, endSec: 3.6, words: timed(wanted.text) },
		outputs: [
			{ aspect: '9:16', profile: encodingProfiles.everywhere, targetPath: clip, captions: wanted.style },
		],
		...{ workFolder: folder, signal: new AbortController().signal, deadlineMs: 300_000 },
	});
	await runFfmpeg({
		inputs: [{ source: clip, options: ['-ss', '1.1'] }],
		outputOptions: ['-frames:v', '1', '-vf', 'scale=360:-2:flags=lanczos', '-update', '1'],
		output: path.join(TARGET, `${wanted.name}.png`),
		deadlineMs: 60_000,
	});
}

async function main(): Promise<void> {
	await mkdir(TARGET, { recursive: true });
	const folder = await mkdtemp(path.join(os.tmpdir(), 'caption-pictures-'));
	try {
		const video = path.join(folder, 'person.mp4');
		const sceneAt = () => ({ place: 0, faces: [{ x: 0.5, y: 0.4, height: 0.45, mouth: 0.4 }] });
		await drawVideo(video, { lengthSec: 4, fps: 30, sceneAt });
		for (const style of captionStyleNames)
			await picture(video, folder, { name: style, style, text: sentence });
		await picture(video, folder, { name: 'scripts', style: 'highlight', text: manyScripts });
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

void main();
