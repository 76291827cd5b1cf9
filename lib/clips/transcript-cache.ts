import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { writeWhole } from '../media';
import { transcriptSchema, type Transcript } from './transcript';
import { transcribe, type TranscribeOptions, type TranscriptionPlan } from './transcribe';

// Raise it when the same sound would give other words or times.
const LISTENING_VERSION = 5;

export interface KeptTranscript {
	readonly transcript: Transcript;
	/** Where it lies; nothing for a subtitle file, which is the better original. */
	readonly path?: string;
}

/** Listens once per source and method: the transcript is kept beside the clips and read back by later runs. */
export async function keptTranscript(
	plan: TranscriptionPlan,
	sourceSha256: string,
	folder: string,
	options: TranscribeOptions,
): Promise<KeptTranscript> {
	// A subtitle file may be edited between two runs, and reading it costs nothing.
	if (plan.method === 'subtitle-file') return { transcript: await transcribe(plan, options) };
	const file = transcriptFile(folder, [
		LISTENING_VERSION,
		sourceSha256,
		plan.method,
		...keyOf(plan, options),
	]);
	const kept = await readKept(file);
	if (kept) return { transcript: kept, path: file };
	const transcript = await transcribe(plan, options);
	await put(file, transcript);
	return { transcript, path: file };
}

/** Puts a transcript beside the clips under the name of its content. */
export async function keepTranscript(folder: string, transcript: Transcript): Promise<string> {
	const file = transcriptFile(folder, transcript);
	await put(file, transcript);
	return file;
}

async function put(file: string, transcript: Transcript): Promise<void> {
	await writeWhole(file, async (partial) => await writeFile(partial, JSON.stringify(transcript)));
}

function transcriptFile(folder: string, key: unknown): string {
	const name = createHash('sha256').update(JSON.stringify(key)).digest('hex').slice(0, 24);
	return path.join(folder, `transcript-${name}.json`);
}

function keyOf(plan: TranscriptionPlan, options: TranscribeOptions): unknown[] {
	const service = plan.method === 'openai-compatible' ? options.choice.service : undefined;
	return [options.language, service?.baseUrl, service?.model];
}

async function readKept(file: string): Promise<Transcript | undefined> {
	try {
		return transcriptSchema.parse(JSON.parse(await readFile(file, 'utf8')));
	} catch {
		// Absent, or of another version of the program: listening again is always right.
		return undefined;
	}
}
