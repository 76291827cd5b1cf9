import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { NodeOperationError, type IBinaryData, type IExecuteFunctions } from 'n8n-workflow';

import { allowedFile, givenPath } from './allowed-path';

export interface Video {
	readonly path: string;
	/** What people know it by. */
	readonly name: string;
}

/** Gives the work a path, whichever way the video came, and removes what was copied for that. */
export async function withVideo<Result>(
	context: IExecuteFunctions,
	itemIndex: number,
	work: (video: Video) => Promise<Result>,
): Promise<Result> {
	if (context.getNodeParameter('videoFrom', itemIndex) === 'filePath') {
		const given = givenPath(context, 'filePath', itemIndex);
		if (!given) throw noPath(context);
		const file = await allowedFile(context, given);
		return await work({ path: file, name: file });
	}
	const folder = await mkdtemp(path.join(os.tmpdir(), 'stackkraft-video-'));
	try {
		return await work(await copyBinary(context, itemIndex, folder));
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

async function copyBinary(context: IExecuteFunctions, itemIndex: number, folder: string): Promise<Video> {
	const field = context.getNodeParameter('binaryPropertyName', itemIndex) as string;
	const binary = context.helpers.assertBinaryData(itemIndex, field);
	const file = path.join(folder, 'video');
	const signal = context.getExecutionCancelSignal();
	await pipeline(await openBinary(context, binary), createWriteStream(file), signal ? { signal } : {});
	return { path: file, name: binary.fileName ?? field };
}

// With an id the bytes lie in n8n's storage and are streamed; without one they came inside the item.
async function openBinary(context: IExecuteFunctions, binary: IBinaryData): Promise<Readable> {
	if (binary.id) return await context.helpers.getBinaryStream(binary.id);
	return Readable.from([Buffer.from(binary.data, 'base64')]);
}

function noPath(context: IExecuteFunctions): NodeOperationError {
	return new NodeOperationError(context.getNode(), 'No video was given: the file path is empty.', {
		description: 'Fill in the path of the video, or choose Binary Data when an earlier node delivers it.',
	});
}
