import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { transcribeVideo, type TranscribedVideo } from '../../../../lib/clips';
import { originOf, withVideo, type Video } from '../../video-input';
import { optionsField, transcriptionOptions, workOptions } from './fields';
import { progressLogger, readOptions, transcriptionChoice, workSettings } from './parameters';

export const description: INodeProperties[] = [
	optionsField('transcribe', [...workOptions, ...transcriptionOptions]),
];

export async function execute(this: IExecuteFunctions, itemIndex: number): Promise<INodeExecutionData[]> {
	const options = readOptions(this, itemIndex);
	const settings = await workSettings(this, options);
	const transcription = await transcriptionChoice(this, itemIndex, options);
	return await withVideo(this, itemIndex, async (video) => {
		const report = progressLogger(this, video.name);
		const transcribed = await transcribeVideo({
			...settings,
			sourcePath: video.path,
			language: options.language || undefined,
			transcription,
			onProgress: (share) => report({ message: 'Listening to what is said', share }),
		});
		const { binary } = this.getInputData()[itemIndex] ?? {};
		// Render Clip will want the video, too.
		return [{ ...toItem(transcribed, video), ...(binary && { binary }) }];
	});
}

/** The sentences for people and for steps in between; the words, of which there are thousands, stay in their file. */
function toItem({ source, transcript, transcriptPath }: TranscribedVideo, video: Video): INodeExecutionData {
	const { version, method, methodDetail, wordTiming, language, sentences, words } = transcript;
	return {
		json: {
			version,
			...originOf(video),
			sourceSha256: source.sha256,
			durationSec: source.durationSec,
			transcriptPath,
			transcription: { method, methodDetail, wordTiming, language },
			wordCount: words.length,
			sentences: sentences.map(({ startSec, endSec, text }) => ({ startSec, endSec, text })),
		},
	};
}
