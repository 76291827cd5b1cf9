import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { NodeOperationError, type IBinaryData, type IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';

import { withWorkFolder } from '../../lib/clips';
import { allowedFile, givenPath } from './allowed-path';

export interface Video {
	readonly path: string;
	/** What people know it by. */
	readonly name: string;
	/** The binary field that it came in. */
	readonly field?: string;
}

/** Gives the work a path, whichever way the video came, and removes what was copied for that. */
export async function withVideo<Result>(
	context: IExecuteFunctions,
	itemIndex: number,
	work: (video: Video) => Promise<Result>,
): Promise<Result> {
	const place = placeOf(context, itemIndex);
	if ('path' in place) {
		const file = await allowedFile(context, place.path);
		return await work({ path: file, name: file });
	}
	return await withWorkFolder('video', async (folder) =>
		work(await copyBinary(context, itemIndex, { field: place.field, folder })),
	);
}

type Place = { readonly path: string } | { readonly field: string };

function placeOf(context: IExecuteFunctions, itemIndex: number): Place {
	const videoFrom = context.getNodeParameter('videoFrom', itemIndex);
	if (videoFrom === 'automatic') return placeInItem(context, itemIndex);
	if (videoFrom === 'binary')
		return { field: String(context.getNodeParameter('binaryPropertyName', itemIndex)) };
	const given = givenPath(context, 'filePath', itemIndex);
	if (given) return { path: given };
	throw new NodeOperationError(context.getNode(), 'No video was given: the file path is empty.', {
		description: 'Fill in the path of the video, or choose Binary Data when an earlier node delivers it.',
	});
}

const originSchema = z.object({
	source: z.string().trim().min(1),
	sourceField: z.string().optional(),
});

/** What tells a later step where the video is that an item is about. */
export const originOf = ({ name, field }: Video) => ({ source: name, ...(field && { sourceField: field }) });

function placeInItem(context: IExecuteFunctions, itemIndex: number): Place {
	const item = context.getInputData()[itemIndex];
	const origin = originSchema.safeParse(item?.json).data;
	if (!origin) {
		throw new NodeOperationError(context.getNode(), 'The item does not say where the video is.', {
			description: 'Set Video From to File Path or Binary Data, or keep “source” in the steps in between.',
		});
	}
	const { source, sourceField: field } = origin;
	if (field === undefined) return { path: source };
	if (item?.binary?.[field]) return { field };
	const missing = `The video was in the binary field "${field}" of the item, and is not there any more.`;
	throw new NodeOperationError(context.getNode(), missing, {
		description: 'Let the steps in between pass binary data on, or set Video From to File Path.',
	});
}

async function copyBinary(
	context: IExecuteFunctions,
	itemIndex: number,
	{ field, folder }: { readonly field: string; readonly folder: string },
): Promise<Video> {
	const binary = context.helpers.assertBinaryData(itemIndex, field);
	const file = path.join(folder, 'video');
	const signal = context.getExecutionCancelSignal();
	await pipeline(await openBinary(context, binary), createWriteStream(file), signal ? { signal } : {});
	return { path: file, name: binary.fileName ?? field, field };
}

// With an id the bytes lie in n8n's storage and are streamed; without one they came inside the item.
async function openBinary(context: IExecuteFunctions, binary: IBinaryData): Promise<Readable> {
	if (binary.id) return await context.helpers.getBinaryStream(binary.id);
	return Readable.from([Buffer.from(binary.data, 'base64')]);
}
