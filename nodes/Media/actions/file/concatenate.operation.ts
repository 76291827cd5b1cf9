import {
	NodeOperationError,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
} from 'n8n-workflow';

import { concatenate } from '../../../../lib/clips';
import { withVideo } from '../../../ClipExtractor/video-input';
import { isTool } from '../../../shared/errors';
import { chosenStore } from '../../../shared/stored-output';
import { aspectOptions, hardwareOption, optionsField, outputOptions } from './fields';
import { fileItem, readOptions, workSettings } from './parameters';

export const description: INodeProperties[] = [
	{
		displayName: 'The videos of all items are joined in their order; a part of another shape is shown whole.',
		name: 'concatenateNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { resource: ['file'], operation: ['concatenate'] } },
	},
	optionsField('concatenate', [
		{
			displayName: 'Shape',
			name: 'aspect',
			type: 'options',
			options: [{ name: 'As the First', value: 'as-first' }, ...aspectOptions],
			default: 'as-first',
		},
		hardwareOption,
		...outputOptions,
	]),
];

/** One item for all; the options of the first count. */
export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	// It would take the one file that comes out for all of its videos.
	if (isTool(this.getNode())) throw notForTools(this);
	const options = readOptions(this, 0);
	const settings = await workSettings(this, options);
	const store = await chosenStore(this, 0);
	const items = this.getInputData().map((_item, index) => index);
	return await withAll(this, items, async (sourcePaths) => {
		const { path, durationSec, startsSec } = await concatenate({
			...settings,
			sourcePaths,
			aspect: options.aspect === 'as-first' ? undefined : options.aspect,
			useHardware: options.useHardware,
		});
		return [await fileItem(this, { path, durationSec, startsSec: [...startsSec] }, { ...options, store })];
	});
}

function notForTools(context: IExecuteFunctions): NodeOperationError {
	return new NodeOperationError(
		context.getNode(),
		'A tool gets one video per call, and one is nothing to join.',
		{
			description: 'Join the videos in the workflow, with the node Media behind the agent.',
		},
	);
}

/** Each file stays where it is until the work with all of them is done. */
async function withAll<Result>(
	context: IExecuteFunctions,
	[next, ...rest]: readonly number[],
	work: (paths: readonly string[]) => Promise<Result>,
	paths: readonly string[] = [],
): Promise<Result> {
	if (next === undefined) return await work(paths);
	return await withVideo(context, next, ({ path }) => withAll(context, rest, work, [...paths, path]));
}
