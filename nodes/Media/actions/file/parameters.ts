import { createReadStream } from 'node:fs';
import path from 'node:path';
import type { IBinaryKeyData, IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { z } from 'zod';

import { aspects, captionStyleNames, extractDefaults } from '../../../../lib/clips';
import { platformSchema } from '../../../../lib/publishing/platform';
import { allowedOutputFolder } from '../../../ClipExtractor/allowed-path';
import { mimeTypeOf } from '../../../shared/publisher/mime-type';
import type { StoreFile } from '../../../shared/stored-output';

// Fields of a collection are absent until somebody adds them; an empty text means the same.
const text = z.string().trim().default('');
const optionsSchema = z.object({
	aspect: z.enum(['as-first', ...aspects]).default('as-first'),
	captionStyle: z.enum(['none', ...captionStyleNames]).default('none'),
	deadlineMinutes: z
		.number()
		.positive()
		.default(extractDefaults.deadlineMs / 60_000),
	endSec: z.number().nonnegative().default(0),
	ffmpegPath: text,
	format: z.enum(['jpg', 'png']).default('jpg'),
	maxWidthPx: z.number().int().nonnegative().default(0),
	measureLoudness: z.boolean().default(false),
	outputField: text,
	outputFolder: text,
	removeSilences: z.boolean().default(false),
	startSec: z.number().nonnegative().default(0),
	subtitlePath: text,
	useHardware: z.boolean().default(false),
	whenTooLong: z.enum(['cut', 'fail']).default('fail'),
});
export type Options = z.infer<typeof optionsSchema>;

export function readOptions(context: IExecuteFunctions, itemIndex: number): Options {
	return optionsSchema.parse(context.getNodeParameter('options', itemIndex, {}));
}

/** n8n lets the model of an agent define a list of options as text only: names with commas, or a list in JSON. */
function namesOf(given: unknown): unknown {
	if (typeof given !== 'string') return given;
	const names = given.replace(/["'[\]]/g, '').split(',');
	return names.map((name) => name.trim().toLowerCase()).filter(Boolean);
}

const platformsSchema = z.preprocess(
	namesOf,
	z.array(platformSchema).min(1, { error: 'Choose at least one network.' }),
);

export function readPlatforms(context: IExecuteFunctions, itemIndex: number) {
	return platformsSchema.parse(context.getNodeParameter('platforms', itemIndex));
}

/** What every piece of work that writes a file is told. */
export async function workSettings(context: IExecuteFunctions, options: Options) {
	return {
		outputFolder: await allowedOutputFolder(context, options.outputFolder),
		deadlineMs: options.deadlineMinutes * 60_000,
		ffmpegPath: options.ffmpegPath || undefined,
		signal: context.getExecutionCancelSignal(),
	};
}

/** The item that tells of a file: its signed address where it is stored, its bytes only where they were asked for. */
export async function fileItem(
	context: IExecuteFunctions,
	made: IDataObject & { readonly path: string },
	{ outputField, store }: Options & { readonly store: StoreFile },
): Promise<INodeExecutionData> {
	const url = await store(made.path);
	const json = { ...made, ...(url !== undefined && { url }) };
	if (!outputField) return { json };
	const stream = createReadStream(json.path);
	const name = path.basename(json.path);
	const binary: IBinaryKeyData = {
		[outputField]: await context.helpers.prepareBinaryData(stream, name, mimeTypeOf(name)),
	};
	return { json, binary };
}
