import { z } from 'zod';

import { runFfmpeg, type FfmpegInput, type FfmpegRun } from './run-ffmpeg';

export interface Loudness {
	readonly integratedLufs: number;
	readonly truePeakDb: number;
	readonly rangeLu: number;
	readonly thresholdLufs: number;
	readonly targetOffsetLu: number;
}

export const TARGET_LUFS = -14;
// One tenth and a half below the -1 dBTP ceiling: AAC puts back some of the peaks that the limiter took away.
export const TARGET_PEAK_DB = -1.5;
// Ranges above this push loudnorm from one constant gain (transparent) to riding the gain (audible pumping).
const TARGET_RANGE_LU = 20;

const decibels = z.string().transform(Number);
const reportSchema = z.object({
	input_i: decibels,
	input_tp: decibels,
	input_lra: decibels,
	input_thresh: decibels,
	target_offset: decibels,
});

const target = `loudnorm=I=${TARGET_LUFS}:TP=${TARGET_PEAK_DB}:LRA=${TARGET_RANGE_LU}`;

export interface MeasureOptions extends Pick<FfmpegRun, 'signal' | 'deadlineMs' | 'ffmpegPath'> {
	/** Filters that run before the measurement, so that what is measured is what will be heard. */
	readonly filters?: readonly string[];
}

/** First pass: how loud a span is. Nothing when it is digital silence, which no gain can make loud. */
export async function measureLoudness(
	input: FfmpegInput,
	options: MeasureOptions,
): Promise<Loudness | undefined> {
	const meter = loudnessMeter(options.filters ?? []);
	const said = await runFfmpeg({
		inputs: [input],
		outputOptions: ['-vn', '-sn', '-dn', ...meter.slice(0, -1)],
		output: '-',
		signal: options.signal,
		deadlineMs: options.deadlineMs,
		ffmpegPath: options.ffmpegPath,
	});
	return parseLoudness(said);
}

/** Output options and output of a measurement, for a run that does something else, too. */
export function loudnessMeter(filters: readonly string[], input = 0): string[] {
	return [
		'-map',
		`${input}:a:0`,
		'-af',
		[...filters, `${target}:print_format=json`].join(','),
		'-f',
		'null',
		'-',
	];
}

export function parseLoudness(said: string): Loudness | undefined {
	const json = /\{[^{}]*"input_i"[^{}]*\}/.exec(said)?.[0];
	if (!json) return undefined;
	const report = reportSchema.parse(JSON.parse(json));
	if (![report.input_i, report.input_tp, report.input_thresh].every(Number.isFinite)) return undefined;
	return {
		integratedLufs: report.input_i,
		truePeakDb: report.input_tp,
		rangeLu: report.input_lra,
		thresholdLufs: report.input_thresh,
		targetOffsetLu: report.target_offset,
	};
}

// With a range of exactly 0 (a tone, a drone) loudnorm takes the measurement for none, and rides the gain at 192 kHz.
const LEAST_RANGE_LU = 0.01;

/** Second pass: brings a measured span to the target. Where one gain cannot, loudnorm works at 192 kHz: hence the resampling. */
export function loudnessFilter(measured: Loudness): string {
	const known = [
		`measured_I=${measured.integratedLufs}`,
		`measured_TP=${measured.truePeakDb}`,
		`measured_LRA=${Math.max(LEAST_RANGE_LU, measured.rangeLu)}`,
		`measured_thresh=${measured.thresholdLufs}`,
		`offset=${measured.targetOffsetLu}`,
	].join(':');
	return `${target}:${known}:linear=true,aresample=48000`;
}
