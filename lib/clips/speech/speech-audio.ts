import { createReadStream } from 'node:fs';
import path from 'node:path';

import { runFfmpeg, stoppedError } from '../../media';
import { FRAME_SEC } from './pauses';

export const SAMPLE_RATE_HZ = 16_000;
export const BYTES_PER_SAMPLE = 2;
const FRAME_SAMPLES = SAMPLE_RATE_HZ * FRAME_SEC;

export interface SpeechAudio {
	/** Raw signed 16-bit little-endian mono samples at 16 kHz. */
	readonly pcmPath: string;
	/** Loudness of each frame of `FRAME_SEC`, in decibels below full scale. */
	readonly levelsDb: readonly number[];
}

export interface SpeechAudioOptions {
	readonly sourcePath: string;
	readonly folder: string;
	readonly signal: AbortSignal;
	readonly deadlineMs: number;
	readonly ffmpegPath?: string | undefined;
}

/** Takes the sound of a video as the plain samples that speech models want, on disk and never all in memory. */
export async function readSpeechAudio(options: SpeechAudioOptions): Promise<SpeechAudio> {
	const pcmPath = path.join(options.folder, 'speech.pcm');
	await runFfmpeg({
		inputs: [{ source: options.sourcePath, options: ['-protocol_whitelist', 'file'] }],
		// async fills holes in the sound with silence: without it every later word would be early by the hole's length.
		outputOptions: [
			...['-vn', '-sn', '-dn', '-map', '0:a:0', '-af', 'aresample=16000:async=1:first_pts=0'],
			...['-ac', '1', '-ar', String(SAMPLE_RATE_HZ), '-f', 's16le'],
		],
		output: pcmPath,
		signal: options.signal,
		deadlineMs: options.deadlineMs,
		ffmpegPath: options.ffmpegPath,
	});
	return { pcmPath, levelsDb: await readLevels(pcmPath, options.signal) };
}

async function readLevels(pcmPath: string, signal: AbortSignal): Promise<number[]> {
	const meter = new LevelMeter();
	let odd: Buffer = Buffer.alloc(0);
	try {
		for await (const part of createReadStream(pcmPath, { signal })) {
			const bytes = Buffer.concat([odd, part as Buffer]);
			const whole = bytes.length - (bytes.length % BYTES_PER_SAMPLE);
			for (let at = 0; at < whole; at += BYTES_PER_SAMPLE) meter.take(bytes.readInt16LE(at) / 32768);
			odd = bytes.subarray(whole);
		}
	} catch (error) {
		if (signal.aborted) throw stoppedError(signal);
		throw error;
	}
	return meter.finish();
}

class LevelMeter {
	private readonly levelsDb: number[] = [];
	private energy = 0;
	private samples = 0;
	private before = 0;

	take(sample: number): void {
		// Pre-emphasis: speech stands out against the bass of background music.
		const edge = sample - 0.95 * this.before;
		this.before = sample;
		this.energy += edge * edge;
		if (++this.samples === FRAME_SAMPLES) this.endFrame();
	}

	finish(): number[] {
		if (this.samples > 0) this.endFrame();
		return this.levelsDb;
	}

	private endFrame(): void {
		this.levelsDb.push(toDecibels(this.energy / this.samples));
		this.energy = this.samples = 0;
	}
}

const toDecibels = (power: number): number => 10 * Math.log10(Math.max(power, 1e-10));
