import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { z } from 'zod';

import { extractClips, type Clip, type ExtractResult } from '../../../../lib/clips';
import { chosenStore } from '../../../shared/stored-output';
import { withVideo } from '../../video-input';
import {
	lengthOptions,
	lookOptions,
	optionsField,
	transcriptionOptions,
	videoFields,
	workOptions,
} from './fields';
import {
	connectedModel,
	lookOf,
	progressLogger,
	readOptions,
	transcriptionChoice,
	workSettings,
} from './parameters';
import { storedClip } from './store-clip';

export const description: INodeProperties[] = [
	...videoFields(false, 'extract', 'transcribe'),
	optionsField('extract', [...workOptions, ...transcriptionOptions, ...lengthOptions, ...lookOptions]),
];

export async function execute(this: IExecuteFunctions, itemIndex: number): Promise<INodeExecutionData[]> {
	const options = readOptions(this, itemIndex);
	const settings = await workSettings(this, options);
	const transcription = await transcriptionChoice(this, itemIndex, options);
	const model = await connectedModel(this, itemIndex);
	const store = await chosenStore(this, itemIndex);
	return await withVideo(this, itemIndex, async (video) => {
		const result = await extractClips({
			...settings,
			sourcePath: video.path,
			wantedClips: z.number().parse(this.getNodeParameter('wantedClips', itemIndex)),
			minSec: options.minSec,
			maxSec: options.maxSec,
			look: lookOf(options),
			language: options.language || undefined,
			transcription,
			model,
			onProgress: progressLogger(this, video.name),
		});
		if (result.model?.fallback) this.logger.warn(`Clip Extractor: ${result.model.fallback}`);
		const items: INodeExecutionData[] = [];
		for (const clip of result.clips) {
			items.push(toItem(result, clip, { source: video.name, ...(await storedClip(store, clip)) }));
		}
		return items;
	});
}

/** It says where the file is and never holds its bytes: a video has no place in execution data. */
function toItem(
	{ source, transcript, model }: ExtractResult,
	clip: Clip,
	place: { readonly source: string; readonly url?: string; readonly subtitleUrls?: string[] },
): INodeExecutionData {
	const { method, methodDetail, wordTiming, language } = transcript;
	return {
		json: {
			...clip,
			scoreParts: { ...clip.scoreParts },
			framing: { ...clip.framing },
			subtitlePaths: [...clip.subtitlePaths],
			encoder: { ...clip.encoder },
			suggestions: { ...clip.suggestions, hashtags: [...clip.suggestions.hashtags] },
			...place,
			sourceSha256: source.sha256,
			sourceDurationSec: source.durationSec,
			transcription: { method, methodDetail, wordTiming, language },
			...(model && { model: { ...model, refused: [...model.refused] } }),
		},
	};
}
