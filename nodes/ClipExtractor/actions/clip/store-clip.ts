// Where a finished clip can be reached. Only the reference travels; the bytes never do.
import { stat } from 'node:fs/promises';
import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';

import { chosenStorage } from '../../../shared/s3';

/** Adds a signed address when the clip is to lie in a bucket as well. */
export async function storedClip(
	context: IExecuteFunctions,
	itemIndex: number,
	filePath: string,
): Promise<{ url?: string }> {
	if (context.getNodeParameter('storage', itemIndex, 'local') !== 's3') return {};
	const storage = await chosenStorage(context, itemIndex);
	if (!storage) {
		throw new NodeOperationError(context.getNode(), 'No S3 credential is chosen.', {
			description: 'Choose an S3 credential, or set Storage to Local Folder.',
			itemIndex,
		});
	}
	const signal = context.getExecutionCancelSignal() ?? new AbortController().signal;
	const { size: sizeBytes } = await stat(filePath);
	// Under the hash of its content: a second run writes nothing twice.
	return { url: await storage.addressOf({ filePath, sizeBytes, mimeType: 'video/mp4' }, signal) };
}
