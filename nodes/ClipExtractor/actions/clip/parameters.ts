// The border: what people and expressions filled in, checked, in the words of lib/clips.
import { NodeConnectionTypes, type IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';

import {
	aspects,
	captionStyleNames,
	extractDefaults,
	subtitleFormats,
	transcriptionMethods,
	type ChatModel,
	type ClipLook,
	type TranscriptionChoice,
} from '../../../../lib/clips';
import { platformSchema } from '../../../../lib/publishing/platform';
import { allowedFile, allowedOutputFolder } from '../../allowed-path';

// Fields of a collection are absent until somebody adds them; an empty text means the same.
const text = z.string().trim().default('');

const optionsSchema = z.object({
	aspect: z.enum(aspects).optional(),
	captions: z.boolean().default(extractDefaults.captions),
	captionStyle: z.enum(captionStyleNames).optional(),
	deadlineMinutes: z
		.number()
		.positive()
		.default(extractDefaults.deadlineMs / 60_000),
	ffmpegPath: text,
	language: text,
	maxSec: z.number().default(extractDefaults.maxSec),
	minSec: z.number().default(extractDefaults.minSec),
	outputFolder: text,
	platform: z
		.union([z.literal(''), platformSchema])
		.optional()
		.transform((name) => name || undefined),
	removeSilences: z.boolean().optional(),
	subtitlePath: text,
	subtitles: z.array(z.enum(subtitleFormats)).optional(),
	useHardware: z.boolean().optional(),
});
export type Options = z.infer<typeof optionsSchema>;

export const readOptions = (context: IExecuteFunctions, itemIndex: number): Options =>
	optionsSchema.parse(context.getNodeParameter('options', itemIndex, {}));

export const lookOf = (options: Options): ClipLook => {
	const { captions, captionStyle, aspect, platform, removeSilences, subtitles, useHardware } = options;
	return { captions, captionStyle, aspect, platform, removeSilences, subtitles, useHardware };
};

/** What every operation on media shares. */
export async function workSettings(context: IExecuteFunctions, options: Options) {
	return {
		outputFolder: await allowedOutputFolder(context, options.outputFolder),
		ffmpegPath: options.ffmpegPath || undefined,
		deadlineMs: options.deadlineMinutes * 60_000,
		signal: context.getExecutionCancelSignal(),
	};
}

const methodSchema = z.enum(['automatic', ...transcriptionMethods]);
const serviceSchema = z.object({
	baseUrl: z.string().trim(),
	apiKey: z.string().default(''),
	model: z.string().trim(),
});

export async function transcriptionChoice(
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

const modelSchema = z.custom<ChatModel>(
	(given) => typeof (given as { invoke?: unknown } | null)?.invoke === 'function',
	'what is connected as the model is no chat model',
);

/** The chat model that is connected, if any. */
export async function connectedModel(
	context: IExecuteFunctions,
	itemIndex: number,
): Promise<ChatModel | undefined> {
	// Used as a tool of an agent the node has no inputs, and asking for one that is not there throws.
	if (!context.getNodeInputs().some(({ type }) => type === NodeConnectionTypes.AiLanguageModel))
		return undefined;
	const given: unknown = await context.getInputConnectionData(NodeConnectionTypes.AiLanguageModel, itemIndex);
	const [first] = Array.isArray(given) ? (given as unknown[]) : [given];
	return first === undefined || first === null ? undefined : modelSchema.parse(first);
}

/** JSON fields give text when somebody typed and a value when an expression filled them in. */
export function jsonParameter(context: IExecuteFunctions, name: string, itemIndex: number): unknown {
	const given: unknown = context.getNodeParameter(name, itemIndex);
	if (typeof given !== 'string') return given;
	try {
		return JSON.parse(given);
	} catch {
		return undefined;
	}
}

/** Each step once, and within a long one every tenth of the whole. */
export function progressLogger(
	context: IExecuteFunctions,
	name: string,
): (progress: { readonly message: string; readonly share: number }) => void {
	let last = '';
	return ({ message, share }) => {
		const mark = `${message} ${Math.floor(share * 10)}`;
		if (mark === last) return;
		last = mark;
		context.logger.info(`Clip Extractor: ${name}: ${message} (${Math.round(share * 100)} %)`);
	};
}
