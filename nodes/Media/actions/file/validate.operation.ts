import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { withVideo } from '../../../ClipExtractor/video-input';
import { nodeLogger } from '../../../shared/publisher/surroundings';
import { checkFile } from './check';
import { platformsField } from './fields';
import { readPlatforms } from './parameters';

export const description: INodeProperties[] = [platformsField('validate')];

/** One item per file: whether every chosen network takes it, and what each of them says. */
export async function execute(this: IExecuteFunctions, itemIndex: number): Promise<INodeExecutionData[]> {
	const platforms = readPlatforms(this, itemIndex);
	return await withVideo(this, itemIndex, async (file) => {
		const signal = this.getExecutionCancelSignal() ?? new AbortController().signal;
		const mimeType = file.field && this.helpers.assertBinaryData(itemIndex, file.field).mimeType;
		const results = await checkFile({ ...file, mimeType }, platforms, { log: nodeLogger(this), signal });
		const isValid = results.every((result) => result.isValid === true);
		return [{ json: { path: file.name, isValid, platforms: results } }];
	});
}
