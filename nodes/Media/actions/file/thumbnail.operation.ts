import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { z } from 'zod';

import { makeThumbnail } from '../../../../lib/clips';
import { withVideo } from '../../../ClipExtractor/video-input';
import { chosenStore } from '../../../shared/stored-output';
import { optionsField, outputOptions, shownFor } from './fields';
import { fileItem, readOptions, workSettings } from './parameters';

const show = shownFor('thumbnail');

export const description: INodeProperties[] = [
	{
		displayName: 'Frame',
		name: 'frame',
		type: 'options',
		options: [
			{ name: 'Best', value: 'best', description: 'Sharp, well lit, with people when there are any' },
			{ name: 'At a Time', value: 'time' },
		],
		default: 'best',
		displayOptions: { show },
	},
	{
		displayName: 'Time (Seconds)',
		name: 'atSec',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 3 },
		default: 0,
		displayOptions: { show: { ...show, frame: ['time'] } },
	},
	optionsField('thumbnail', [
		{
			displayName: 'Format',
			name: 'format',
			type: 'options',
			options: [
				{ name: 'JPEG', value: 'jpg' },
				{ name: 'PNG', value: 'png' },
			],
			default: 'jpg',
		},
		{
			displayName: 'Largest Width (Pixels)',
			name: 'maxWidthPx',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 0,
			description: 'Larger pictures are made smaller. At least 16; 0 means as large as the video.',
		},
		...outputOptions,
	]),
];

export async function execute(this: IExecuteFunctions, itemIndex: number): Promise<INodeExecutionData[]> {
	const options = readOptions(this, itemIndex);
	const settings = await workSettings(this, options);
	const isBest = this.getNodeParameter('frame', itemIndex) === 'best';
	const at = isBest ? 'best' : z.number().parse(this.getNodeParameter('atSec', itemIndex));
	const store = await chosenStore(this, itemIndex);
	return await withVideo(this, itemIndex, async (video) => {
		const { format, maxWidthPx } = options;
		const made = await makeThumbnail({
			...settings,
			...{ sourcePath: video.path, at, format, maxWidthPx: maxWidthPx || undefined },
		});
		return [await fileItem(this, { ...made }, { ...options, store })];
	});
}
