// `npm run screenshots`: the pictures in docs/images, taken of a world in which the main job has just run.
// With names (`npm run screenshots -- executions`) only these.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { createPool } from '../lib/database';
import { runMainJob } from './demo/main-job';
import { launchBrowser } from './screenshots/browser';
import { openStudio, shots, type Shot } from './screenshots/shots';
import { cacheFolder, defaultDataFolder, projectFolder } from './stack/paths';
import { prepareStack } from './stack/prepare';
import { runCommand, type CommandContext } from './stack/run-command';
import { ensureSampleVideo } from './stack/sample-video';
import type { Stack } from './stack/stack';
import { StackFailure } from './stack/stack-failure';
import { startStack } from './stack/start-stack';

const imageFolder = join(projectFolder, 'docs', 'images');
/** A README that takes seconds to show is not read. */
const MAX_SIZE_BYTES = 300_000;

function wantedShots(names: readonly string[]): readonly Shot[] {
	const unknown = names.filter((name) => !shots.some((shot) => shot.name === name));
	if (unknown.length > 0) {
		const known = shots.map(({ name }) => name).join(', ');
		throw new StackFailure(`there is no picture ${unknown.join(' or ')}; there are: ${known}`);
	}
	return names.length === 0 ? shots : shots.filter(({ name }) => names.includes(name));
}

async function takeAll(stack: Stack, wanted: readonly Shot[], context: CommandContext): Promise<void> {
	const browser = await launchBrowser(context.signal);
	// A closed browser ends whatever is waited for in it.
	const stop = () => void browser.close();
	context.signal.addEventListener('abort', stop, { once: true });
	try {
		await mkdir(imageFolder, { recursive: true });
		const studio = await openStudio(stack, browser);
		for (const shot of wanted) {
			await context.progress.step(
				`${shot.name}.png`,
				async () => {
					const picture = await shot.take(studio);
					if (picture.byteLength > MAX_SIZE_BYTES) {
						throw new StackFailure(`${shot.name}.png would be larger than ${MAX_SIZE_BYTES} bytes`);
					}
					await writeFile(join(imageFolder, `${shot.name}.png`), picture);
					return picture.byteLength;
				},
				(sizeBytes) => `${Math.round(sizeBytes / 1000)} kB`,
			);
		}
	} finally {
		context.signal.removeEventListener('abort', stop);
		await browser.close();
	}
}

async function screenshots(context: CommandContext): Promise<number> {
	const { args, signal, progress } = context;
	const wanted = wantedShots(args);
	const videoPath = await ensureSampleVideo(cacheFolder(), progress.say);
	// A world of its own: pictures of somebody's real posts have no place in the documentation.
	const dataFolder = join(defaultDataFolder(), 'screenshots');
	const stack = await startStack({ dataFolder, signal, progress, isFresh: true });
	const pool = createPool(stack.postgresUrl);
	try {
		await prepareStack(stack, { signal, progress });
		await runMainJob(stack, { pool, videoPath, signal, progress });
		await takeAll(stack, wanted, context);
		return 0;
	} finally {
		await pool.end();
		await stack.stop();
	}
}

void runCommand(screenshots);
