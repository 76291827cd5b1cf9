// The child process of embedded-model.ts: takes one job over the channel, answers one message per piece, ends.
import { open } from 'node:fs/promises';

import { jobSchema, type ChildMessage, type SpeechJob } from './child-messages';
import { MoonshineModel } from './moonshine-model';

const say = (message: ChildMessage): void => {
	process.send?.(message);
};

// The parent died or closed the channel: without this the model would go on computing for nobody.
process.on('disconnect', () => process.exit(0));

process.once('message', (message) => {
	transcribeAll(jobSchema.parse(message)).then(
		() => say({ kind: 'done' }),
		(error: unknown) =>
			say({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }),
	);
});

async function transcribeAll(job: SpeechJob): Promise<void> {
	const model = await MoonshineModel.load(job.folders);
	const file = await open(job.pcmPath, 'r');
	try {
		for (const [index, piece] of job.pieces.entries()) {
			const samples = new Int16Array(piece.samples);
			const bytes = Buffer.from(samples.buffer);
			const { bytesRead } = await file.read(bytes, 0, bytes.length, piece.firstSample * 2);
			const sound = Float32Array.from(samples.subarray(0, bytesRead >> 1), (sample) => sample / 32768);
			say({ kind: 'piece', index, words: await model.transcribe(sound) });
		}
	} finally {
		await file.close();
	}
}
