import path from 'node:path';
import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { z } from 'zod';

import {
	aspects,
	captionStyleNames,
	readSubtitleFile,
	renderForPlatforms,
	type PlatformFile,
} from '../../../../lib/clips';
import { probe } from '../../../../lib/media';
import { allowedFile } from '../../../ClipExtractor/allowed-path';
import { withVideo } from '../../../ClipExtractor/video-input';
import { nodeLogger } from '../../../shared/publisher/surroundings';
import { chosenStore, type StoreFile } from '../../../shared/stored-output';
import { checkFile } from './check';
import {
	aspectOptions,
	hardwareOption,
	optionsField,
	outputOptions,
	platformsField,
	shownFor,
} from './fields';
import { fileItem, readOptions, readPlatforms, workSettings, type Options } from './parameters';

const titled = (name: string): string =>
	name.replace(
		/(^|-)(\p{L})/gu,
		(_all, dash: string, letter: string) => (dash && ' ') + letter.toUpperCase(),
	);

export const description: INodeProperties[] = [
	platformsField('render'),
	{
		displayName: 'Shape',
		name: 'shape',
		type: 'options',
		options: aspectOptions,
		default: '9:16',
		description:
			'Width to height. The crop follows the people in the picture; without any, everything is shown.',
		displayOptions: { show: shownFor('render') },
	},
	optionsField('render', [
		{
			displayName: 'Captions',
			name: 'captionStyle',
			type: 'options',
			options: [
				{ name: 'None', value: 'none' },
				...captionStyleNames.map((style) => ({ name: titled(style), value: style })),
			],
			default: 'none',
			description: 'How the words of the subtitle file are shown in the picture',
		},
		{
			displayName: 'End (Seconds)',
			name: 'endSec',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 0,
			description: 'Where to stop. 0 means at the end.',
		},
		{
			displayName: 'Remove Long Silences',
			name: 'removeSilences',
			type: 'boolean',
			default: false,
			description: 'Whether pauses in which nothing is heard are shortened',
		},
		{
			displayName: 'Start (Seconds)',
			name: 'startSec',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 0,
			description: 'Where to begin',
		},
		{
			displayName: 'Subtitle File',
			name: 'subtitlePath',
			type: 'string',
			default: '',
			description: 'Path of a .srt, .vtt or .json file with the words, for captions',
		},
		{
			displayName: 'When Too Long',
			name: 'whenTooLong',
			type: 'options',
			options: [
				{ name: 'Cut', value: 'cut', description: 'Leave out what is more than the network takes' },
				{ name: 'Fail', value: 'fail', description: 'Say so and make nothing' },
			],
			default: 'fail',
		},
		hardwareOption,
		...outputOptions,
	]),
];

/** One item per network. */
export async function execute(this: IExecuteFunctions, itemIndex: number): Promise<INodeExecutionData[]> {
	const options = readOptions(this, itemIndex);
	const settings = await workSettings(this, options);
	const aspect = z.enum(aspects).parse(this.getNodeParameter('shape', itemIndex));
	const platforms = readPlatforms(this, itemIndex);
	const store = await chosenStore(this, itemIndex);
	return await withVideo(this, itemIndex, async (video) => {
		const made = await renderForPlatforms({
			...settings,
			...{ sourcePath: video.path, platforms, aspect },
			...{ whenTooLong: options.whenTooLong, removeSilences: options.removeSilences },
			...{
				startSec: options.startSec,
				endSec: options.endSec || undefined,
				useHardware: options.useHardware,
			},
			words: await wordsFor(this, options, video.path),
			captionStyle: options.captionStyle === 'none' ? undefined : options.captionStyle,
		});
		const items: INodeExecutionData[] = [];
		for (const file of made) items.push(await itemOf(this, file, { ...options, store }));
		return items;
	});
}

async function wordsFor(context: IExecuteFunctions, { subtitlePath }: Options, videoPath: string) {
	if (!subtitlePath) return [];
	const file = await allowedFile(context, subtitlePath);
	const { durationSec } = await probe(videoPath, { signal: context.getExecutionCancelSignal() });
	return (await readSubtitleFile(file, { durationSec })).words;
}

async function itemOf(
	context: IExecuteFunctions,
	{ path: file, platform, framing, encoder }: PlatformFile,
	options: Options & { readonly store: StoreFile },
): Promise<INodeExecutionData> {
	const signal = context.getExecutionCancelSignal() ?? new AbortController().signal;
	const checked = { path: file, name: path.basename(file) };
	const [check] = await checkFile(checked, [platform], { log: nodeLogger(context), signal });
	return await fileItem(
		context,
		{ path: file, platform, ...check, framing: { ...framing }, encoder: { ...encoder } },
		options,
	);
}
