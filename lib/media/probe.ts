import { stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

import { ClipError } from './clip-error';
import { askFfprobe, notMedia, type ProbeOptions } from './ffprobe';
import { packetTimes } from './packet-times';

export interface VideoFacts {
	/** Size as a person sees it, that is after rotation and with square pixels. */
	readonly width: number;
	readonly height: number;
	readonly fps: number;
	readonly codec: string;
	readonly rotationDeg: number;
	readonly pixelFormat: string;
	/** PQ or HLG: shown as it is on a usual screen it would look grey. */
	readonly isHdr: boolean;
	/** Each picture holds every second line of two moments, as television and old cameras make it. */
	readonly isInterlaced: boolean;
	/** What players take its colours for, where the file does not say; FFmpeg takes them for those of old television. */
	readonly assumedColours?: 'bt709' | 'bt2020nc';
	/** Told or assumed BT.709 in the range of television, which every clip has: nothing has to be converted. */
	readonly hasHdColours: boolean;
	/** Where its last picture ends, counted from the beginning of the file; some files do not tell. */
	readonly endSec?: number;
	/** A picture may come only when something changes, as recordings of screens have it; or nobody knows. */
	readonly mayStandStill: boolean;
}

export interface AudioFacts {
	readonly codec: string;
	readonly channels: number;
	readonly sampleRateHz: number;
}

export interface MediaFacts {
	readonly durationSec: number;
	/** What the file's own clock shows at its beginning. */
	readonly startSec: number;
	readonly sizeBytes: number;
	readonly container: string;
	readonly video?: VideoFacts;
	readonly audio?: AudioFacts;
}

// Containers that hold their own media. Playlists (hls, concat, dash) are left out on purpose: a playlist that is
// named like a video would make ffmpeg read other files of this machine, or fetch addresses inside the network.
const containers = [
	'mov',
	'matroska',
	'webm',
	'avi',
	'mpegts',
	'mpeg',
	'flv',
	'ogg',
	'asf',
	'mxf',
	'wav',
	'mp3',
	'flac',
	'aac',
	'amr',
	'aiff',
	'caf',
];
// Bare sound: what is told of its length is guessed from the first seconds, and may be three times too much.
const withoutLength: ReadonlySet<string> = new Set(['aac', 'amr']);

const HDR_TRANSFERS: ReadonlySet<string> = new Set(['smpte2084', 'arib-std-b67']);

// Which half comes first, as it is stored and as it is shown.
const INTERLACED: ReadonlySet<string> = new Set(['tt', 'bb', 'tb', 'bt']);

const text = z.string().optional();
const streamSchema = z.object({
	codec_type: text,
	codec_name: text,
	width: z.number().optional(),
	height: z.number().optional(),
	pix_fmt: text,
	color_transfer: text,
	color_primaries: text,
	color_space: text,
	color_range: text,
	field_order: text,
	avg_frame_rate: text,
	r_frame_rate: text,
	sample_aspect_ratio: text,
	channels: z.number().optional(),
	sample_rate: text,
	start_time: text,
	duration: text,
	tags: z.record(z.string(), z.unknown()).optional(),
	disposition: z.object({ attached_pic: z.number().optional() }).optional(),
	side_data_list: z.array(z.object({ rotation: z.number().optional() })).optional(),
});
const probeSchema = z.object({
	format: z.object({ format_name: z.string(), duration: text, start_time: text }),
	streams: z.array(streamSchema),
});
type Stream = z.infer<typeof streamSchema>;
type Format = z.infer<typeof probeSchema>['format'];

/** Reads what a media file holds. Throws a `ClipError` for anything that is not one. */
export async function probe(filePath: string, options: ProbeOptions = {}): Promise<MediaFacts> {
	const file = path.resolve(filePath);
	const sizeBytes = await fileSize(file);
	const answer = await askFfprobe(file, options);
	const parsed = probeSchema.safeParse(answer);
	if (!parsed.success) throw notMedia(file);
	const names = parsed.data.format.format_name.split(',');
	if (!names.some((name) => containers.includes(name))) throw notMedia(file);
	const { streams, format } = parsed.data;
	// A cover picture in a sound file is a "video stream" too.
	const video = streams.find((s) => s.codec_type === 'video' && !s.disposition?.attached_pic);
	const audio = streams.find((s) => s.codec_type === 'audio');
	if (!video && !audio) throw notMedia(file);
	const heardOrSeenSec = video && audio ? endOfBoth(streams, video, audio) : Infinity;
	const durations = withoutLength.has(format.format_name)
		? []
		: [
				Math.min(await lengthOf(file, format, options), heardOrSeenSec),
				Number(video?.duration),
				Number(audio?.duration),
			];
	return {
		durationSec: durations.find((sec) => sec > 0) ?? (await measuredDuration(file, options)),
		startSec: Number(format.start_time) || 0,
		sizeBytes,
		container: format.format_name,
		...(video ? { video: videoFacts(video, format) } : {}),
		...(audio ? { audio: audioFacts(audio) } : {}),
	};
}

/** Matroska counts its subtitles, too, which may last longer than what they belong to; without any nothing is limited. */
function endOfBoth(streams: readonly Stream[], video: Stream, audio: Stream): number {
	if (!streams.some((stream) => stream.codec_type === 'subtitle')) return Infinity;
	const endSec = Math.max(...[video, audio].map(({ tags }) => clockSec(tags?.['DURATION'])));
	return endSec > 0 ? endSec : Infinity;
}

const clockSec = (told: unknown): number => {
	const [hours, minutes, seconds] = String(told).split(':').map(Number);
	return (hours ?? NaN) * 3600 + (minutes ?? NaN) * 60 + (seconds ?? NaN);
};

// Sooner than this it matters less than reading the whole file costs.
const LATE_START_SEC = 1;

/**
 * Times in Matroska need not begin at 0, where FFmpeg counts the length from and MKVToolNix does not. The longer one
 * is true only if the file goes that far: a file that breaks off must not be taken for a short one that is whole.
 */
async function lengthOf(file: string, format: Format, options: ProbeOptions): Promise<number> {
	const [toldSec, startSec] = [Number(format.duration), Number(format.start_time)];
	if (!format.format_name.includes('matroska') || !(toldSec > 0 && startSec > 0)) return toldSec;
	const fromStartSec = toldSec - startSec;
	if (startSec < LATE_START_SEC) return fromStartSec;
	const { endSec } = await packetTimes(file, options);
	return Math.max(fromStartSec, Math.min(toldSec, endSec));
}

/** Recordings of browsers are written as they come, and nobody goes back to write the length into their head. */
async function measuredDuration(file: string, options: ProbeOptions): Promise<number> {
	const { endSec } = await packetTimes(file, options);
	if (endSec > 0) return endSec;
	throw notMedia(file);
}

function videoFacts(stream: Stream, format: Format): VideoFacts {
	const rotationDeg = rotationOf(stream);
	const pixelAspect = ratio(stream.sample_aspect_ratio, ':') ?? 1;
	const width = Math.round((stream.width ?? 0) * pixelAspect);
	const height = stream.height ?? 0;
	const isSideways = rotationDeg % 180 !== 0;
	return {
		width: isSideways ? height : width,
		height: isSideways ? width : height,
		fps: fpsOf(stream),
		codec: stream.codec_name ?? 'unknown',
		rotationDeg,
		pixelFormat: stream.pix_fmt ?? 'unknown',
		isHdr: HDR_TRANSFERS.has(stream.color_transfer ?? ''),
		isInterlaced: INTERLACED.has(stream.field_order ?? ''),
		...colourFacts(stream),
		...timeFacts(stream, format),
	};
}

// They list the time of every picture, or have one rate: what is told of the rate is true.
const KNOWS_TIMES = /^(?:mov|avi|mxf)\b/;

function timeFacts(stream: Stream, format: Format): Pick<VideoFacts, 'endSec' | 'mayStandStill'> {
	const startSec = Number(stream.start_time) - (Number(format.start_time) || 0);
	const endSec = startSec + Number(stream.duration);
	const [steady, average] = [ratio(stream.r_frame_rate, '/'), ratio(stream.avg_frame_rate, '/')];
	const isSteady = steady && average && Math.abs(steady / average - 1) < NEARLY_THE_SAME;
	return {
		...(Number.isFinite(endSec) && { endSec }),
		mayStandStill: !(isSteady && KNOWS_TIMES.test(format.format_name)),
	};
}

// Where players draw the line between the colours of television and of HD (mpv: csputils.c).
const LARGEST_SD = { width: 1279, height: 576 };

function colourFacts({
	color_transfer: transfer = 'unknown',
	color_primaries: primaries = 'unknown',
	color_space: told = 'unknown',
	color_range: range,
	width = 0,
	height = 0,
}: Stream): Pick<VideoFacts, 'assumedColours' | 'hasHdColours'> {
	const isUntold = told === 'unknown' || told === 'reserved';
	const isHd = width > LARGEST_SD.width || height > LARGEST_SD.height;
	// Nobody ever made HDR with other colours than these.
	if (HDR_TRANSFERS.has(transfer) && (isUntold || (told === 'bt2020nc' && primaries === 'unknown')))
		return { assumedColours: 'bt2020nc', hasHdColours: false };
	const isAssumed = isUntold && isHd;
	return {
		...(isAssumed && { assumedColours: 'bt709' as const }),
		hasHdColours: (isAssumed || told === 'bt709') && range !== 'pc',
	};
}

// The average is a little off where a recording has gaps; frames would be dropped or doubled to keep it.
const NEARLY_THE_SAME = 0.01;

function fpsOf(stream: Stream): number {
	const steady = ratio(stream.r_frame_rate, '/');
	const average = ratio(stream.avg_frame_rate, '/') ?? steady ?? 30;
	return steady && Math.abs(steady / average - 1) < NEARLY_THE_SAME ? steady : average;
}

function audioFacts(stream: Stream): AudioFacts {
	return {
		codec: stream.codec_name ?? 'unknown',
		channels: stream.channels ?? 0,
		sampleRateHz: Number(stream.sample_rate ?? 0),
	};
}

// Clockwise, 0..359: phones write a display matrix (counted the other way round), old files a "rotate" tag.
function rotationOf(stream: Stream): number {
	const matrix = stream.side_data_list?.find((entry) => entry.rotation !== undefined)?.rotation;
	const tag = Number(stream.tags?.['rotate']);
	const clockwise = matrix !== undefined ? -matrix : Number.isFinite(tag) ? tag : 0;
	return (((Math.round(clockwise / 90) * 90) % 360) + 360) % 360;
}

function ratio(value: string | undefined, separator: string): number | undefined {
	const [over, under] = (value ?? '').split(separator).map(Number);
	if (!over || !under) return undefined;
	return over / under;
}

async function fileSize(file: string): Promise<number> {
	const found = await stat(file).catch((cause: unknown) => {
		throw new ClipError(
			'source-missing',
			`There is no file at "${file}", or it may not be read.`,
			'Check the path and its permissions, as the user that runs this program.',
			{ cause },
		);
	});
	if (!found.isFile()) {
		throw new ClipError('source-missing', `"${file}" is not a file.`, 'Give the path of one video file.');
	}
	return found.size;
}
