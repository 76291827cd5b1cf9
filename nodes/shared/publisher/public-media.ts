// The public address of a post's media, for networks that fetch it themselves. The node says where it is, or
// the credential does, so that a workflow can be moved to another instance as it is.
import { stat } from 'node:fs/promises';
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { z } from 'zod';
import { PublicAddressError, publicFolder, type PublicAddress } from '../../../lib/media';
import { PublishError } from '../../../lib/publishing/errors';
import type { MediaRef } from '../../../lib/publishing/post';
import { StorageError } from '../../../lib/storage';
import { chosenStorage, hasStorage } from '../s3';
import type { OpenMedia } from './media';
import { isWebAddress } from './remote-media';
import type { OperationInput } from './operation-input';

const baseUrlDescription =
	'Address under which the internet reaches the Media Folder, for example https://media.example.com/clips';
const folderDescription = 'Absolute path of the folder whose files are reachable under the Public Base URL';

/** On the node; empty means what the credential says. Shown for claimed posts too. */
export const publicMediaProperties: INodeProperties[] = [
	{
		displayName: 'Public Media',
		name: 'publicMedia',
		type: 'collection',
		placeholder: 'Add field',
		default: {},
		description:
			'Where the network can fetch media that it does not take as bytes. Left out, it is what the credential says; an S3 credential comes before it.',
		displayOptions: { show: { resource: ['post'], operation: ['publish'] } },
		options: [
			{
				displayName: 'Media Folder',
				name: 'mediaFolder',
				type: 'string',
				default: '',
				placeholder: 'e.g. /home/node/.n8n-files',
				description: folderDescription,
			},
			{
				displayName: 'Public Base URL',
				name: 'publicBaseUrl',
				type: 'string',
				default: '',
				placeholder: 'e.g. https://media.example.com/clips',
				description: baseUrlDescription,
			},
		],
	},
];

/** The same two on the credential. */
export const publicMediaCredentialProperties: INodeProperties[] = [
	{
		displayName: 'Public Base URL',
		name: 'publicBaseUrl',
		type: 'string',
		default: '',
		placeholder: 'e.g. https://media.example.com/clips',
		description: `${baseUrlDescription}. For media that this network fetches itself; not needed where the node has an S3 credential.`,
	},
	{
		displayName: 'Media Folder',
		name: 'mediaFolder',
		type: 'string',
		default: '',
		placeholder: 'e.g. /home/node/.n8n-files',
		description: folderDescription,
	},
];

const settingsSchema = z.object({
	publicBaseUrl: z.string().trim().default(''),
	mediaFolder: z.string().trim().default(''),
});

type Settings = z.infer<typeof settingsSchema>;

/** How a medium gets its address; undefined when the network takes bytes only, or when nothing could give one. */
export type AddressOf = (media: OpenMedia) => (() => Promise<string>) | undefined;

/** A bucket that somebody chose comes first, then the folder, then the address that the medium came from. */
export async function publicAddresses(input: OperationInput, signal: AbortSignal): Promise<AddressOf> {
	if (input.wiring.adapter.description.mediaByAddress === 'never') return () => undefined;
	const place = await publicPlace(input);
	return (media) => {
		const { publicAddress } = media;
		if (place) return async () => await addressIn(place, media, signal);
		return publicAddress === undefined ? undefined : async () => publicAddress;
	};
}

async function publicPlace({
	context,
	wiring,
	itemIndex,
}: OperationInput): Promise<PublicAddress | undefined> {
	if (hasStorage(context)) {
		return await chosenStorage(context, itemIndex).catch((error: unknown) => {
			throw told(error);
		});
	}
	const { publicBaseUrl, mediaFolder } = await readSettings(context, wiring.credentialType, itemIndex);
	if (!publicBaseUrl || !mediaFolder) return undefined;
	// Made when it is asked for: what is wrong with it is told about the medium.
	return {
		addressOf: async (file, signal) =>
			await publicFolder({ baseUrl: publicBaseUrl, folder: mediaFolder }).addressOf(file, signal),
	};
}

async function addressIn(
	place: PublicAddress,
	{ source: { mimeType, sizeBytes }, filePath }: OpenMedia,
	signal: AbortSignal,
): Promise<string> {
	try {
		return await place.addressOf({ filePath, mimeType, sizeBytes }, signal);
	} catch (error) {
		throw told(error);
	}
}

function told(error: unknown): unknown {
	if (error instanceof PublicAddressError) return publicUrlError(error.message, error.remedy);
	if (!(error instanceof StorageError)) return error;
	const { code, message, remedy } = error;
	return new PublishError(error.class, message, { code: `media.storage.${code}`, remedy, cause: error });
}

/**
 * Where the copy of an item's binary data or of a remote file has to lie, so that the network can fetch it. Undefined when the
 * network takes bytes, or when there is no such folder: then the missing address is what people are told.
 */
export async function publicParentOf(
	{ context, wiring, itemIndex }: OperationInput,
	references: readonly MediaRef[] = [],
): Promise<string | undefined> {
	if (wiring.adapter.description.mediaByAddress === 'never' || hasStorage(context)) return undefined;
	const isCopied =
		['binary', 'url'].includes(String(context.getNodeParameter('mediaSource', itemIndex, ''))) ||
		references.some(({ ref }) => isWebAddress(ref));
	if (!isCopied) return undefined;
	const { publicBaseUrl, mediaFolder } = await readSettings(context, wiring.credentialType, itemIndex);
	if (!publicBaseUrl) return undefined;
	const found = mediaFolder ? await stat(mediaFolder).catch(() => null) : null;
	if (!found?.isDirectory()) return undefined;
	// The folder can come out of an item, and an item can come from a stranger.
	const resolved = await context.helpers.resolvePath(mediaFolder);
	if (!context.helpers.isFilePathBlocked(resolved)) return mediaFolder;
	throw publicUrlError(
		'n8n does not allow nodes to write into the Media Folder, where the media would be copied to.',
		'Add the folder to N8N_RESTRICT_FILE_ACCESS_TO, or choose one that is in it.',
	);
}

async function readSettings(
	context: IExecuteFunctions,
	credentialType: string,
	itemIndex: number,
): Promise<Settings> {
	const onNode = settingsSchema.parse(context.getNodeParameter('publicMedia', itemIndex, {}));
	const stored = settingsSchema.parse(await context.getCredentials(credentialType, itemIndex));
	return {
		publicBaseUrl: onNode.publicBaseUrl || stored.publicBaseUrl,
		mediaFolder: onNode.mediaFolder || stored.mediaFolder,
	};
}

function publicUrlError(message: string, remedy: string): PublishError {
	return new PublishError('validation', message, { code: 'media.public-url', remedy });
}
