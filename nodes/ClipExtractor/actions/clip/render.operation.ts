import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { z } from 'zod';

import { renderSpan, type TimedWord } from '../../../../lib/clips';
import { chosenStore } from '../../../shared/stored-output';
import { allowedFile } from '../../allowed-path';
import { withVideo } from '../../video-input';
import { lookOptions, optionsField, shownFor, videoFields, workOptions } from './fields';
import { transcriptOf } from './find-highlights.operation';
import { jsonParameter, lookOf, progressLogger, readOptions, workSettings } from './parameters';
import { storedClip } from './store-clip';

export const description: INodeProperties[] = [
	...videoFields(true, 'render'),
	{
		displayName: 'Highlight',
		name: 'highlight',
		type: 'json',
		default: '={{ $json }}',
		required: true,
		description:
			'What Find Highlights gave, changed or not: startSec and endSec are needed; transcriptPath or words give the captions',
		displayOptions: { show: shownFor('render') },
	},
	optionsField('render', [...workOptions, ...lookOptions]),
];

const highlightSchema = z.looseObject({
	version: z.literal(1).optional(),
	startSec: z.number(),
	endSec: z.number(),
	transcriptPath: z.string().optional(),
	words: z.array(z.object({ text: z.string(), startSec: z.number(), endSec: z.number() })).optional(),
});
type GivenHighlight = z.infer<typeof highlightSchema>;

export async function execute(this: IExecuteFunctions, itemIndex: number): Promise<INodeExecutionData[]> {
	const options = readOptions(this, itemIndex);
	const settings = await workSettings(this, options);
	const highlight = highlightSchema.parse(jsonParameter(this, 'highlight', itemIndex));
	const words = await wordsOf(this, highlight);
	const store = await chosenStore(this, itemIndex);
	return await withVideo(this, itemIndex, async (video) => {
		const report = progressLogger(this, video.name);
		const { source, startSec, endSec, clip } = await renderSpan({
			...settings,
			sourcePath: video.path,
			startSec: highlight.startSec,
			endSec: highlight.endSec,
			words,
			look: lookOf(options),
			onProgress: (share) => report({ message: 'Rendering the clip', share }),
		});
		// Title, texts and whatever a step in between added go on with the clip.
		const { words: _words, sourceField: _field, ...kept } = highlight;
		return [
			{
				json: {
					...kept,
					...clip,
					framing: { ...clip.framing },
					subtitlePaths: [...clip.subtitlePaths],
					encoder: { ...clip.encoder },
					startSec,
					endSec,
					source: video.name,
					sourceSha256: source.sha256,
					sourceDurationSec: source.durationSec,
					...(await storedClip(store, clip)),
				},
			} as INodeExecutionData,
		];
	});
}

/** Those of the item first: a step in between may have corrected them. */
async function wordsOf(context: IExecuteFunctions, highlight: GivenHighlight): Promise<readonly TimedWord[]> {
	if (highlight.words) return highlight.words;
	if (!highlight.transcriptPath) return [];
	return (await transcriptOf(await allowedFile(context, highlight.transcriptPath))).words;
}
