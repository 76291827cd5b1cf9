import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { measureLoudness, probe } from '../../../../lib/media';
import { withVideo } from '../../../ClipExtractor/video-input';
import { optionsField, outputOptions } from './fields';
import { readOptions } from './parameters';

export const description: INodeProperties[] = [
	optionsField('probe', [
		{
			displayName: 'Measure Loudness',
			name: 'measureLoudness',
			type: 'boolean',
			default: false,
			description: 'Whether to listen to the whole sound and say how loud it is (EBU R 128)',
		},
		...outputOptions.filter(({ name }) => name === 'deadlineMinutes' || name === 'ffmpegPath'),
	]),
];

export async function execute(this: IExecuteFunctions, itemIndex: number): Promise<INodeExecutionData[]> {
	const { measureLoudness: wantsLoudness, deadlineMinutes, ffmpegPath } = readOptions(this, itemIndex);
	return await withVideo(this, itemIndex, async (file) => {
		const signal = this.getExecutionCancelSignal();
		const facts = await probe(file.path, { signal });
		const loudness =
			wantsLoudness && facts.audio
				? await measureLoudness(
						{ source: file.path, options: ['-protocol_whitelist', 'file'] },
						{ signal, deadlineMs: deadlineMinutes * 60_000, ffmpegPath: ffmpegPath || undefined },
					)
				: undefined;
		const { video, audio, ...rest } = facts;
		return [
			{
				json: {
					...rest,
					path: file.name,
					video: video ? { ...video } : null,
					audio: audio ? { ...audio } : null,
					...(wantsLoudness && { loudness: loudness ? { ...loudness } : null }),
				},
			},
		];
	});
}
