import { readFile } from 'node:fs/promises';
import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
} from 'n8n-workflow';
import { z } from 'zod';

import { chooseClips, readTranscript, type ChosenClip, type Transcript } from '../../../../lib/clips';
import { allowedFile, givenPath } from '../../allowed-path';
import { lengthOptions, optionsField, shownFor } from './fields';
import { connectedModel, jsonParameter, readOptions } from './parameters';

const show = shownFor('findHighlights');

/** Of the JSON between this operation and Render Clip. */
const HIGHLIGHT_VERSION = 1;

export const description: INodeProperties[] = [
	{
		displayName: 'Transcript From',
		name: 'transcriptFrom',
		type: 'options',
		options: [
			{ name: 'File Path', value: 'filePath', description: 'The file that Transcribe wrote, or one like it' },
			{
				name: 'JSON',
				value: 'json',
				description: 'Words with times, for example the verbose answer of a speech service',
			},
		],
		default: 'filePath',
		displayOptions: { show },
	},
	{
		displayName: 'Transcript File',
		name: 'transcriptPath',
		type: 'string',
		default: '={{ $json.transcriptPath }}',
		required: true,
		displayOptions: { show: { ...show, transcriptFrom: ['filePath'] } },
	},
	{
		displayName: 'Transcript',
		name: 'transcript',
		type: 'json',
		default: '={{ $json }}',
		required: true,
		displayOptions: { show: { ...show, transcriptFrom: ['json'] } },
	},
	optionsField('findHighlights', lengthOptions),
];

export async function execute(this: IExecuteFunctions, itemIndex: number): Promise<INodeExecutionData[]> {
	const options = readOptions(this, itemIndex);
	const given = await givenTranscript(this, itemIndex);
	const model = await connectedModel(this, itemIndex);
	const choice = await chooseClips({
		transcript: given.transcript,
		sourceName: given.name,
		wantedClips: z.number().parse(this.getNodeParameter('wantedClips', itemIndex)),
		minSec: options.minSec,
		maxSec: options.maxSec,
		model,
		signal: this.getExecutionCancelSignal() ?? new AbortController().signal,
	});
	if (choice.model?.fallback) this.logger.warn(`Clip Extractor: ${choice.model.fallback}`);
	const { json = {}, binary } = this.getInputData()[itemIndex] ?? {};
	return choice.clips.map((clip, index) => ({
		json: {
			version: HIGHLIGHT_VERSION,
			index,
			...originIn(json),
			...texts(clip),
			// The words by reference where there is one, so that what travels stays small.
			...(given.path ? { transcriptPath: given.path } : { words: clip.words.map((word) => ({ ...word })) }),
			...(choice.model && { model: { ...choice.model, refused: [...choice.model.refused] } }),
		},
		...(binary && { binary }),
	}));
}

/** What Transcribe said of the video, for Render Clip. */
function originIn(json: IDataObject): IDataObject {
	const named = ['source', 'sourceField', 'sourceSha256'].map((name) => [name, json[name]] as const);
	return Object.fromEntries(named.filter(([, value]) => typeof value === 'string'));
}

function texts({ words: _words, ...clip }: ChosenClip) {
	return {
		...clip,
		scoreParts: { ...clip.scoreParts },
		suggestions: { ...clip.suggestions, hashtags: [...clip.suggestions.hashtags] },
	};
}

interface GivenTranscript {
	readonly transcript: Transcript;
	readonly name: string;
	readonly path?: string;
}

async function givenTranscript(context: IExecuteFunctions, itemIndex: number): Promise<GivenTranscript> {
	if (context.getNodeParameter('transcriptFrom', itemIndex) === 'json') {
		const name = 'the transcript of the item';
		return { transcript: readTranscript(jsonParameter(context, 'transcript', itemIndex), name), name };
	}
	const asked = givenPath(context, 'transcriptPath', itemIndex);
	if (!asked) throw noTranscript(context);
	const path = await allowedFile(context, asked);
	return { transcript: await transcriptOf(path), name: path, path };
}

function noTranscript(context: IExecuteFunctions): NodeOperationError {
	return new NodeOperationError(context.getNode(), 'No transcript was given: the file path is empty.', {
		description: 'Fill in the file that Transcribe wrote, or choose JSON when the words are in the item.',
	});
}

export async function transcriptOf(path: string): Promise<Transcript> {
	const content = await readFile(path, 'utf8').catch(() => '');
	let value: unknown;
	try {
		value = JSON.parse(content);
	} catch {
		value = undefined;
	}
	return readTranscript(value, path);
}
