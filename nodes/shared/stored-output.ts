// Where a file that a node has made can be reached. Only the reference travels; the bytes never do.
import { stat } from 'node:fs/promises';
import {
	NodeOperationError,
	type IExecuteFunctions,
	type INodeCredentialDescription,
	type INodeProperties,
} from 'n8n-workflow';

import { mimeTypeOf } from './publisher/mime-type';
import { chosenStorage } from './s3';

export function storageField(show: Readonly<Record<string, string[]>>): INodeProperties {
	return {
		displayName: 'Storage',
		name: 'storage',
		type: 'options',
		options: [
			{ name: 'Local Folder', value: 'local', description: 'The file stays on the machine that runs n8n' },
			{
				name: 'S3',
				value: 's3',
				description: 'The file is copied to a bucket as well, and the item has a signed address of it',
			},
		],
		default: 'local',
		displayOptions: { show },
	};
}

/** When nodes with the field above ask for the S3 credential. */
export const whenStoredInS3 = (
	...operation: string[]
): NonNullable<INodeCredentialDescription['displayOptions']> => ({
	show: { operation, storage: ['s3'] },
});

/** Gives the signed address of a file, or nothing where it only lies on this machine. */
export type StoreFile = (filePath: string) => Promise<string | undefined>;

/** Asked before the work: a missing credential must not cost a rendered video. */
export async function chosenStore(context: IExecuteFunctions, itemIndex: number): Promise<StoreFile> {
	if (context.getNodeParameter('storage', itemIndex, 'local') !== 's3') return async () => undefined;
	const storage = await chosenStorage(context, itemIndex);
	if (!storage) {
		throw new NodeOperationError(context.getNode(), 'No S3 credential is chosen.', {
			description: 'Choose an S3 credential, or set Storage to Local Folder.',
			itemIndex,
		});
	}
	const signal = context.getExecutionCancelSignal() ?? new AbortController().signal;
	return async (filePath) => {
		const { size: sizeBytes } = await stat(filePath);
		// Under the hash of its content: a second run writes nothing twice.
		return await storage.addressOf({ filePath, sizeBytes, mimeType: mimeTypeOf(filePath) }, signal);
	};
}
