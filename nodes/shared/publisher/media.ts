// Where the media of a post comes from. Whatever it is, publishing sees one file that can be read from
// anywhere in it, and never a whole video in memory.
import { createWriteStream } from 'node:fs';
import { chmod, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';
import { fileSource } from '../../../lib/http';
import { PublishError } from '../../../lib/publishing/errors';
import type { RangedSource } from '../../../lib/publishing/ports';
import type { MediaRef } from '../../../lib/publishing/post';
import { extensionOf, fileTypeOf, mimeTypeOf } from './mime-type';
import { isWebAddress, openUrl, type RemotePlace } from './remote-media';
import { temporaryFolder } from './temporary-folder';
import { thumbnailMedia, type NamedMedia } from './thumbnail';

export interface OpenMedia {
	readonly source: RangedSource;
	readonly filePath: string;
	readonly altText?: string | undefined;
	/** What the post remembers it by; the path when left out. */
	readonly reference?: string | undefined;
	/** Where the network could fetch it as well. */
	readonly publicAddress?: string | undefined;
	/** Removes what was made for it. The user's own file stays. */
	close(): Promise<void>;
}

/** @param publicParent where a copy must lie for a network that fetches it; elsewhere nobody else may read it. */
export async function openParameterMedia(
	context: IExecuteFunctions,
	itemIndex: number,
	publicParent?: string,
): Promise<readonly OpenMedia[]> {
	const mediaSource = context.getNodeParameter('mediaSource', itemIndex, 'filePath') as string;
	const place = { publicParent, signal: context.getExecutionCancelSignal() ?? new AbortController().signal };
	const open = async ({ source, name }: NamedMedia): Promise<OpenMedia> => {
		if (source === 'binary') {
			return await openBinary(context, { itemIndex, property: name }, publicParent);
		}
		if (source === 'reference') return await openReference(context, name, place);
		return source === 'url' ? await openUrl(context, name, place) : await openFile(context, name);
	};
	const named = mediaNames(context, itemIndex, mediaSource).map((name) => ({ source: mediaSource, name }));
	const opened = await openAll([...named, ...thumbnailMedia(context, itemIndex)], open);
	const altTexts = altTextsOf(context.getNodeParameter('altText', itemIndex, ''), named.length);
	return opened.map((media, index) => ({ ...media, altText: altTexts[index]?.trim() || undefined }));
}

/** One line per medium, where an empty one says nothing about its medium; what a single one shows may take several lines. */
function altTextsOf(given: unknown, count: number): readonly string[] {
	if (Array.isArray(given)) return given.map((text) => String(text ?? ''));
	const text = String(given ?? '');
	return count === 1 ? [text] : text.split('\n');
}

/** What a claimed post names: paths and web addresses. */
export async function openReferences(
	context: IExecuteFunctions,
	references: readonly MediaRef[],
	place: RemotePlace,
): Promise<readonly OpenMedia[]> {
	const opened = await openAll(references, async ({ ref }) => openReference(context, ref, place));
	return opened.map((media, index) => ({ ...media, altText: references[index]?.altText }));
}

async function openReference(
	context: IExecuteFunctions,
	reference: string,
	place: RemotePlace,
): Promise<OpenMedia> {
	return isWebAddress(reference)
		? await openUrl(context, reference, place)
		: await openFile(context, reference);
}

export async function closeAll(media: readonly OpenMedia[]): Promise<void> {
	await Promise.all(media.map(async ({ close }) => close()));
}

/** All or none: what was opened before a failure is closed again. */
async function openAll<T>(
	names: readonly T[],
	open: (name: T) => Promise<OpenMedia>,
): Promise<readonly OpenMedia[]> {
	const opened: OpenMedia[] = [];
	let isComplete = false;
	try {
		for (const name of names) opened.push(await open(name));
		isComplete = true;
		return opened;
	} finally {
		if (!isComplete) await closeAll(opened);
	}
}

function mediaNames(context: IExecuteFunctions, itemIndex: number, mediaSource: string): readonly string[] {
	switch (mediaSource) {
		case 'none':
			return [];
		case 'binary':
			return listed(context.getNodeParameter('binaryPropertyName', itemIndex, 'data'), ',');
		case 'url':
			return listed(context.getNodeParameter('mediaUrl', itemIndex), '\n');
		default:
			// A comma may be part of a path; a line break is not.
			return listed(context.getNodeParameter('filePath', itemIndex), '\n');
	}
}

const listSchema = z.union([z.array(z.string()), z.string()], {
	error: 'The media must be a text or a list of texts.',
});

function listed(value: unknown, separator: string): readonly string[] {
	const parsed = listSchema.parse(value);
	const names = (Array.isArray(parsed) ? parsed : parsed.split(separator)).map((name) => name.trim());
	const filled = names.filter((name) => name !== '');
	if (filled.length > 0) return filled;
	throw mediaError(
		'No media is named.',
		'Name the media, or choose None as Media where the network allows it.',
	);
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
	const mimeType = await fileTypeOf(resolved, mimeTypeOf(resolved));
	const source = await fileSource(resolved, { mimeType });
	return { source, filePath: resolved, close: async () => undefined };
}

async function openBinary(
	context: IExecuteFunctions,
	{ itemIndex, property }: { itemIndex: number; property: string },
	publicParent: string | undefined,
): Promise<OpenMedia> {
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

async function openCopy(
	filePath: string,
	binary: IBinaryData,
	close: OpenMedia['close'],
): Promise<OpenMedia> {
	const fileName = path.basename(binary.fileName ?? 'media');
	const mimeType = await fileTypeOf(filePath, binary.mimeType || mimeTypeOf(fileName));
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
