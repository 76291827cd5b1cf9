import { ClipError, throwIfStopped } from './clip-error';
import { runFfmpeg, type FfmpegRun } from './run-ffmpeg';

export const hardwareEncoders = ['h264_nvenc', 'h264_qsv', 'h264_videotoolbox', 'h264_amf'] as const;
export type VideoEncoderName = 'libx264' | (typeof hardwareEncoders)[number];

export interface VideoEncoder {
	readonly name: VideoEncoderName;
	/** Why it is another one than was asked for. */
	readonly note?: string | undefined;
}

const TRIAL_DEADLINE_MS = 20_000;

/** The first hardware encoder that really encodes here. A list of names says nothing: builds carry encoders for any card. */
export async function hardwareEncoder(run: Pick<FfmpegRun, 'signal' | 'ffmpegPath'>): Promise<VideoEncoder> {
	for (const name of hardwareEncoders) {
		if (await works(name, run)) return { name };
	}
	return {
		name: 'libx264',
		note: `No hardware encoder works on this machine (tried ${hardwareEncoders.join(', ')}): libx264 was used.`,
	};
}

async function works(
	name: VideoEncoderName,
	{ signal, ffmpegPath }: Pick<FfmpegRun, 'signal' | 'ffmpegPath'>,
): Promise<boolean> {
	try {
		await runFfmpeg({
			inputs: [{ source: 'color=size=320x320:rate=30:duration=0.2', options: ['-f', 'lavfi'] }],
			outputOptions: ['-pix_fmt', 'yuv420p', '-c:v', name, '-f', 'null'],
			output: '-',
			deadlineMs: TRIAL_DEADLINE_MS,
			signal,
			ffmpegPath,
		});
		return true;
	} catch (error) {
		throwIfStopped(signal);
		if (error instanceof ClipError && error.code === 'ffmpeg-missing') throw error;
		return false;
	}
}

/** Output options for one stream of H.264 that every network takes. */
export function videoEncoding(encoder: VideoEncoderName, maxKbps: number): string[] {
	const rate = ['-maxrate', `${maxKbps}k`, '-bufsize', `${2 * maxKbps}k`];
	const colours = ['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'];
	const shape = ['-profile:v', 'high', '-pix_fmt', 'yuv420p', '-g', '60', ...colours];
	if (encoder !== 'libx264')
		return ['-c:v', encoder, '-b:v', `${Math.round(maxKbps * 0.6)}k`, ...rate, ...shape];
	return [
		...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '21', ...rate],
		// rc-lookahead and subme save a quarter of the time of "veryfast" at the same size and likeness (SSIM 0.9913
		// against 0.9914, 10 s of the sample talk); "superfast" costs the same and doubles the file. One thread, because
		// with more of them, or with slices, the bytes depend on which one was ahead (20 encodes of one picture on a busy
		// machine: up to 19 different files): a clip made again would look like another clip. It costs 15 % of the time.
		...['-x264-params', 'rc-lookahead=10:subme=1:lookahead-threads=1:threads=1'],
		...shape,
	];
}
