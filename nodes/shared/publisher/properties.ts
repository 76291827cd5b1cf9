// The parameters that all publisher nodes share. A network adds only the fields that say what is posted.
import type { IDisplayOptions, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import type { AdapterDescription } from '../../../lib/publishing/adapter';
import { deliveryProperties } from './delivery-properties';
import { publicMediaProperties } from './public-media';
import type { ExtraOperation, PublisherWiring } from './wiring';

const byName = (options: INodePropertyOptions[]): INodePropertyOptions[] =>
	options.sort((left, right) => (left.name < right.name ? -1 : 1));

const operationsOf = (extra: readonly ExtraOperation[]): INodeProperties => ({
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: ['post'] } },
	options: byName([
		...extra.map(({ option }) => option),
		{
			name: 'Get Metrics',
			value: 'getMetrics',
			description: 'Get views, likes and other numbers of one or many posts',
			action: 'Get metrics of posts',
		},
		{
			name: 'Get Status',
			value: 'getStatus',
			description: 'Get whether a post is live, processing, failed or deleted',
			action: 'Get the status of a post',
		},
		{
			name: 'Publish',
			value: 'publish',
			description: 'Upload the media and publish the post',
			action: 'Publish a post',
		},
		{
			name: 'Validate',
			value: 'validate',
			description: 'Check text and media against the rules of the network without sending anything',
			action: 'Validate a post',
		},
	]),
	default: 'publish',
});

/** Shown where the content comes from these fields and not from a claimed post. */
export const contentShown = {
	show: { resource: ['post'], operation: ['publish', 'validate'] },
	hide: { exactlyOnce: ['claimedPost'] },
};

const altTextProperty: INodeProperties = {
	displayName: 'Alt Text',
	name: 'altText',
	type: 'string',
	typeOptions: { rows: 2 },
	default: '',
	description:
		'What the media shows, for people who do not see it. With several media one line for each in their order, or an array.',
	displayOptions: { ...contentShown, hide: { ...contentShown.hide, mediaSource: ['none'] } },
};

function mediaProperties({ canPostWithoutMedia, maxMedia }: AdapterDescription): INodeProperties[] {
	return [
		{
			displayName: 'Media',
			name: 'mediaSource',
			type: 'options',
			displayOptions: contentShown,
			options: [
				{
					name: 'Binary Property',
					value: 'binary',
					description: 'The media comes with the item, for example from an HTTP Request or a form',
				},
				{
					name: 'File Path',
					value: 'filePath',
					description: 'The media lies in a file that n8n may read',
				},
				...(canPostWithoutMedia
					? [{ name: 'None', value: 'none', description: 'The post has no media' }]
					: []),
				{
					name: 'URL',
					value: 'url',
					description: 'The media is fetched from a public web address',
				},
			],
			default: 'filePath',
		},
		...mediaNameProperties(maxMedia),
	];
}

function mediaNameProperties(maxMedia: number): INodeProperties[] {
	const several = maxMedia > 1 ? ` Several, at most ${maxMedia}:` : '';
	const rows = maxMedia > 1 ? 2 : 1;
	const shownFor = (mediaSource: string): IDisplayOptions => ({
		...contentShown,
		show: { ...contentShown.show, mediaSource: [mediaSource] },
	});
	return [
		{
			displayName: 'File Path',
			name: 'filePath',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. /home/node/.n8n-files/clip.mp4',
			typeOptions: { rows },
			description: `Absolute path of the media. n8n allows only the folders of N8N_RESTRICT_FILE_ACCESS_TO.${several && `${several} one path per line, or an array.`}`,
			displayOptions: shownFor('filePath'),
		},
		{
			displayName: 'Media URL',
			name: 'mediaUrl',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. https://media.example.com/clip.mp4',
			typeOptions: { rows },
			description: `Web address of the media file itself, without sign-in. Hosts of the own network need STACKKRAFT_ALLOWED_MEDIA_HOSTS.${several && `${several} one address per line, or an array.`}`,
			displayOptions: shownFor('url'),
		},
		{
			displayName: 'Binary Property',
			name: 'binaryPropertyName',
			type: 'string',
			default: 'data',
			required: true,
			hint: `The name of the input binary field that holds the media.${several && `${several} separated by commas.`}`,
			displayOptions: shownFor('binary'),
		},
	];
}

function readingProperties(displayName: string): INodeProperties[] {
	const show = (operation: string): IDisplayOptions => ({
		show: { resource: ['post'], operation: [operation] },
	});
	return [
		{
			displayName: `${displayName} Post ID`,
			name: 'platformPostId',
			type: 'string',
			default: '={{ $json.platformPostId }}',
			required: true,
			description: `The ID that ${displayName} gave the post`,
			displayOptions: show('getStatus'),
		},
		{
			displayName: `${displayName} Post IDs`,
			name: 'platformPostIds',
			type: 'string',
			default: '={{ $json.platformPostIds ?? $json.platformPostId }}',
			required: true,
			description:
				'One ID, several separated by commas, or an array. They are asked for in as few calls as the network allows.',
			displayOptions: show('getMetrics'),
		},
		{
			displayName: 'Post IDs',
			name: 'postIds',
			type: 'string',
			default: '={{ $json.postIds ?? $json.postId ?? "" }}',
			description:
				'IDs of the same posts in the post queue, in the same order; they are passed through to the output',
			displayOptions: show('getMetrics'),
		},
	];
}

export function publisherProperties({
	adapter,
	contentProperties,
	extraOperations = [],
}: PublisherWiring): INodeProperties[] {
	const { displayName, mediaByAddress, takesAltText } = adapter.description;
	// What may stay empty comes last, as everywhere in n8n: below it nobody looks for a required field.
	const isOptional = ({ type }: INodeProperties): boolean => type === 'collection';
	return [
		{
			displayName: 'Resource',
			name: 'resource',
			type: 'options',
			noDataExpression: true,
			options: [{ name: 'Post', value: 'post' }],
			default: 'post',
		},
		operationsOf(extraOperations),
		...deliveryProperties,
		...contentProperties.filter((property) => !isOptional(property)),
		...mediaProperties(adapter.description),
		...(takesAltText ? [altTextProperty] : []),
		...contentProperties.filter(isOptional),
		...(mediaByAddress === 'never' ? [] : publicMediaProperties),
		...readingProperties(displayName),
		...extraOperations.flatMap(({ properties }) => properties),
	];
}
