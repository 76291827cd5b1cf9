import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { z } from 'zod';

import {
	extractClips,
	extractDefaults,
	transcriptionMethods,
	type ExtractProgress,
	type ExtractResult,
	type TranscriptionChoice,
} from '../../../../lib/clips';
import { allowedFile, allowedOutputFolder } from '../../allowed-path';
import { withVideo } from '../../video-input';
import { extractProperties } from './extract.properties';

export const description = extractProperties;

// Fields of a collection are absent until somebody adds them; an empty text means the same.
const text = z.string().trim().default('');
const optionsSchema = z.object({
	captions: z.boolean().default(extractDefaults.captions),
	deadlineMinutes: z
		.number()
		.positive()
		.default(extractDefaults.deadlineMs / 60_000),
	ffmpegPath: text,
	language: text,
	maxSec: z.number().default(extractDefaults.maxSec),
	minSec: z.number().default(extractDefaults.minSec),
	outputFolder: text,
	subtitlePath: text,
});
type Options = z.infer<typeof optionsSchema>;

const methodSchema = z.enum(['automatic', ...transcriptionMethods]);
const serviceSchema = z.object({
	baseUrl: z.string().trim(),
	apiKey: z.string().default(''),
	model: z.string().trim(),
});

export async function execute(this: IExecuteFunctions, itemIndex: number): Promise<INodeExecutionData[]> {
	const options = optionsSchema.parse(this.getNodeParameter('options', itemIndex, {}));
	const outputFolder = await allowedOutputFolder(this, options.outputFolder);
	const transcription = await transcriptionChoice(this, itemIndex, options);
	return await withVideo(this, itemIndex, async (video) => {
		const result = await extractClips({
			sourcePath: video.path,
			outputFolder,
			wantedClips: z.number().parse(this.getNodeParameter('wantedClips', itemIndex)),
			minSec: options.minSec,
			maxSec: options.maxSec,
			look: { captions: options.captions },
			language: options.language || undefined,
			transcription,
			ffmpegPath: options.ffmpegPath || undefined,
			deadlineMs: options.deadlineMinutes * 60_000,
			signal: this.getExecutionCancelSignal(),
			onProgress: progressLogger(this, video.name),
		});
		return toItems(result, video.name);
	});
}

async function transcriptionChoice(
	context: IExecuteFunctions,
	itemIndex: number,
	options: Options,
): Promise<TranscriptionChoice> {
	const method = methodSchema.parse(context.getNodeParameter('transcriptionMethod', itemIndex));
	const subtitlePath = options.subtitlePath ? await allowedFile(context, options.subtitlePath) : undefined;
	if (method !== 'openai-compatible') return { method, subtitlePath };
	const credentials = await context.getCredentials('transcriptionServiceApi', itemIndex);
	return { method, subtitlePath, service: serviceSchema.parse(credentials) };
}

/** One item per clip. It says where the file is and never holds its bytes: a video has no place in execution data. */
function toItems(result: ExtractResult, name: string): INodeExecutionData[] {
	const { method, methodDetail, wordTiming, language } = result.transcript;
	return result.clips.map((clip) => ({
		json: {
			...clip,
			scoreParts: { ...clip.scoreParts },
			framing: { ...clip.framing },
			suggestions: { ...clip.suggestions, hashtags: [...clip.suggestions.hashtags] },
			source: name,
			sourceSha256: result.source.sha256,
			sourceDurationSec: result.source.durationSec,
			transcription: { method, methodDetail, wordTiming, language },
		},
	}));
}

/** Each step once, and within a long one every tenth of the whole. */
function progressLogger(context: IExecuteFunctions, name: string): (progress: ExtractProgress) => void {
	let last = '';
	return ({ message, share }) => {
		const mark = `${message} ${Math.floor(share * 10)}`;
		if (mark === last) return;
		last = mark;
		context.logger.info(`Clip Extractor: ${name}: ${message} (${Math.round(share * 100)} %)`);
	};
}
