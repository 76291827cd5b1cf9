import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { writeWhole } from '../media';
import { transcriptSchema, type Transcript } from './transcript';
import { transcribe, type TranscribeOptions, type TranscriptionPlan } from './transcribe';

// Raise it when the same sound would give other words or times.
const LISTENING_VERSION = 2;

/** Listens once per source and method: the transcript is kept beside the clips and read back by later runs. */
export async function keptTranscript(
	plan: TranscriptionPlan,
	sourceSha256: string,
	folder: string,
	options: TranscribeOptions,
): Promise<Transcript> {
	// A subtitle file may be edited between two runs, and reading it costs nothing.
	if (plan.method === 'subtitle-file') return await transcribe(plan, options);
	const file = path.join(folder, `transcript-${cacheKey(plan, sourceSha256, options)}.json`);
	const kept = await readKept(file);
	if (kept) return kept;
	const transcript = await transcribe(plan, options);
	await writeWhole(file, async (partial) => await writeFile(partial, JSON.stringify(transcript)));
	return transcript;
}

function cacheKey(plan: TranscriptionPlan, sourceSha256: string, options: TranscribeOptions): string {
	const service = plan.method === 'openai-compatible' ? options.choice.service : undefined;
	const parts = [
		LISTENING_VERSION,
		sourceSha256,
		plan.method,
		options.language,
		service?.baseUrl,
		service?.model,
	];
	return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24);
}

async function readKept(file: string): Promise<Transcript | undefined> {
	try {
		return transcriptSchema.parse(JSON.parse(await readFile(file, 'utf8')));
	} catch {
		// Absent, or of another version of the program: listening again is always right.
		return undefined;
	}
}
