// Where the media of a post comes from. Whatever it is, publishing sees one file that can be read from
// anywhere in it, and never a whole video in memory.
import { createWriteStream } from 'node:fs';
import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { fileSource } from '../../../lib/http';
import { PublishError } from '../../../lib/publishing/errors';
import type { RangedSource } from '../../../lib/publishing/ports';
import { extensionOf, mimeTypeOf } from './mime-type';

export interface OpenMedia {
	readonly source: RangedSource;
	readonly filePath: string;
	/** Removes what was made for it. The user's own file stays. */
	close(): Promise<void>;
}

/** @param publicParent where a copy must lie for a network that fetches it; elsewhere nobody else may read it. */
export async function openParameterMedia(
	context: IExecuteFunctions,
	itemIndex: number,
	publicParent?: string,
): Promise<OpenMedia | null> {
	const mediaSource = context.getNodeParameter('mediaSource', itemIndex, 'filePath') as string;
	switch (mediaSource) {
		case 'none':
			return null;
		case 'binary':
			return await openBinary(context, itemIndex, publicParent);
		default:
			return await openFile(context, context.getNodeParameter('filePath', itemIndex) as string);
	}
}

/** Through n8n's own rule of what nodes may read: a path in an item can come from a stranger. */
export async function openFile(context: IExecuteFunctions, filePath: string): Promise<OpenMedia> {
	if (!path.isAbsolute(filePath)) {
		throw mediaError('The media path is not an absolute path.', 'Give the whole path, beginning with /.');
	}
	const resolved = await context.helpers.resolvePath(filePath).catch((cause: unknown) => {
		throw missing(filePath, cause);
	});
	if (context.helpers.isFilePathBlocked(resolved)) {
		throw mediaError(
			'n8n does not allow nodes to read this file.',
			'Move the file under ~/.n8n-files, or add its folder to N8N_RESTRICT_FILE_ACCESS_TO.',
		);
	}
	const found = await stat(resolved).catch((cause: unknown) => {
		throw missing(filePath, cause);
	});
	if (!found.isFile()) throw missing(filePath, undefined);
	const source = await fileSource(resolved, { mimeType: mimeTypeOf(resolved) });
	return { source, filePath: resolved, close: async () => undefined };
}

async function openBinary(
	context: IExecuteFunctions,
	itemIndex: number,
	publicParent: string | undefined,
): Promise<OpenMedia> {
	const property = context.getNodeParameter('binaryPropertyName', itemIndex, 'data') as string;
	const binary = context.helpers.assertBinaryData(itemIndex, property);
	const folder = await temporaryFolder(publicParent);
	const close = async (): Promise<void> => rm(folder, { recursive: true, force: true });
	// A fixed name: the item's own could lead out of the folder.
	const filePath = path.join(folder, `media${extensionOf(binary.mimeType)}`);
	const opened = await copyBinary(context, { itemIndex, property }, filePath)
		.then(async () => (publicParent ? await chmod(filePath, 0o644) : undefined))
		.then(
			() => openCopy(filePath, binary, close),
			(cause: unknown) => ({ cause }),
		);
	if ('source' in opened) return opened;
	await close();
	throw mediaError('The binary data of the item cannot be read.', 'Run the workflow again.', opened.cause);
}

/** Its name cannot be guessed; a web server that runs as another user may still have to read below it. */
async function temporaryFolder(publicParent: string | undefined): Promise<string> {
	const folder = await mkdtemp(path.join(publicParent ?? tmpdir(), 'stackkraft-media-'));
	if (publicParent) await chmod(folder, 0o755);
	return folder;
}

async function openCopy(
	filePath: string,
	binary: IBinaryData,
	close: OpenMedia['close'],
): Promise<OpenMedia> {
	const fileName = path.basename(binary.fileName ?? 'media');
	const mimeType = binary.mimeType || mimeTypeOf(fileName);
	return { source: await fileSource(filePath, { mimeType, fileName }), filePath, close };
}

async function copyBinary(
	{ helpers }: IExecuteFunctions,
	{ itemIndex, property }: { itemIndex: number; property: string },
	filePath: string,
): Promise<void> {
	const { id } = helpers.assertBinaryData(itemIndex, property);
	const bytes = id
		? await helpers.getBinaryStream(id)
		: Readable.from([await helpers.getBinaryDataBuffer(itemIndex, property)]);
	await pipeline(bytes, createWriteStream(filePath, { mode: 0o600 }));
}

function missing(filePath: string, cause: unknown): PublishError {
	return mediaError(
		`There is no media file at "${filePath}", or n8n may not read it.`,
		'Check the path and its permissions, as the user that runs n8n.',
		cause,
	);
}

function mediaError(message: string, remedy: string, cause?: unknown): PublishError {
	return new PublishError('validation', message, { code: 'media', remedy, cause });
}
