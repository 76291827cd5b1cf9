// What the person typed, and whether the video can be worked with at all: said before anything is started.
import { resolve } from 'node:path';
import { Command } from 'commander';

import { planTranscription } from '../../lib/clips/transcribe';
import { ClipError, probe } from '../../lib/media';
import { StackFailure } from '../stack/stack-failure';

export interface DemoArguments {
	/** Absent: the sample talk. */
	readonly videoPath: string | undefined;
	readonly isFresh: boolean;
}

export function parseArguments(args: readonly string[]): DemoArguments {
	const command = new Command('npm run demo --')
		.description('One real video through extraction, publishing on the pretend networks, and analytics.')
		.argument('[video]', 'your own video; without it a narrated sample is used')
		.option('--fresh', 'start from an empty world: forget earlier clips, posts and executions');
	command.parse(args, { from: 'user' });
	const [video] = command.args;
	const { fresh } = command.opts<{ fresh?: boolean }>();
	// npm changes to the package's folder; the path is meant from where the person stands.
	const standsIn = process.env['INIT_CWD'] ?? process.cwd();
	return {
		videoPath: video === undefined ? undefined : resolve(standsIn, video),
		isFresh: fresh === true,
	};
}

/** @throws StackFailure with what is wrong with the file and what to do about it. */
export async function refuseUnusable(videoPath: string): Promise<void> {
	try {
		const source = await probe(videoPath);
		if (!source.video) throw new StackFailure(`${videoPath} holds no moving picture: name a video.`);
		await planTranscription({ sourcePath: videoPath, source, choice: {} });
	} catch (error) {
		if (error instanceof ClipError) throw new StackFailure(`${error.message} ${error.remedy}`);
		throw error;
	}
}
