// The public address of a post's media, for networks that fetch it themselves. The node says where it is, or
// the credential does, so that a workflow can be moved to another instance as it is.
import { stat } from 'node:fs/promises';
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { z } from 'zod';
import {
	PublicAddressError,
	publicFolder,
	type PublicFile,
	type PublicFolderOptions,
} from '../../../lib/media';
import { PublishError } from '../../../lib/publishing/errors';
import type { OpenMedia } from './media';
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
		description: 'Where the network can fetch the media. Left out, it is what the credential says.',
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
		description: `${baseUrlDescription}. Needed for posts with media: this network fetches it there.`,
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

/** @returns undefined when the network takes bytes only, or when nothing is set up that could give an address. */
export async function publicAddresses(
	{ context, wiring, itemIndex }: OperationInput,
	signal: AbortSignal,
): Promise<((media: OpenMedia) => Promise<string>) | undefined> {
	if (wiring.adapter.description.mediaByAddress === 'never') return undefined;
	const { publicBaseUrl, mediaFolder } = await readSettings(context, wiring.credentialType, itemIndex);
	if (!publicBaseUrl || !mediaFolder) return undefined;
	return async ({ source: { mimeType, sizeBytes }, filePath }) =>
		await addressOf(
			{ filePath, mimeType, sizeBytes },
			{ baseUrl: publicBaseUrl, folder: mediaFolder },
			signal,
		);
}

async function addressOf(
	file: PublicFile,
	options: PublicFolderOptions,
	signal: AbortSignal,
): Promise<string> {
	const outcome = await Promise.resolve()
		.then(() => publicFolder(options).addressOf(file, signal))
		.catch((error: unknown) => {
			if (error instanceof PublicAddressError) return error;
			throw error;
		});
	if (typeof outcome === 'string') return outcome;
	throw publicUrlError(outcome.message, outcome.remedy);
}

/**
 * Where the copy of an item's binary data has to lie, so that the network can fetch it. Undefined when the
 * network takes bytes, or when there is no such folder: then the missing address is what people are told.
 */
export async function publicParentOf({
	context,
	wiring,
	itemIndex,
}: OperationInput): Promise<string | undefined> {
	if (wiring.adapter.description.mediaByAddress === 'never') return undefined;
	if (context.getNodeParameter('mediaSource', itemIndex, '') !== 'binary') return undefined;
	const { mediaFolder } = await readSettings(context, wiring.credentialType, itemIndex);
	const found = mediaFolder ? await stat(mediaFolder).catch(() => null) : null;
	if (!found?.isDirectory()) return undefined;
	// The folder can come out of an item, and an item can come from a stranger.
	const resolved = await context.helpers.resolvePath(mediaFolder);
	if (!context.helpers.isFilePathBlocked(resolved)) return mediaFolder;
	throw publicUrlError(
		'n8n does not allow nodes to write into the Media Folder, where the binary data would be copied to.',
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
