import type { INodeProperties } from 'n8n-workflow';
import { z } from 'zod';
import type { PostContent } from '../../lib/publishing/post';
import { readInstant } from '../shared/instant';
import { contentShown } from '../shared/publisher/properties';
import { filledIn } from '../shared/publisher/read-content';
import type { ReadParameter } from '../shared/publisher/wiring';
import { additionalFields } from './additional-fields';

export const youtubeContentProperties: INodeProperties[] = [
	{
		displayName: 'Title',
		name: 'title',
		type: 'string',
		default: '',
		required: true,
		description:
			'At most 100 characters, without angle brackets. A vertical or square video of up to 3 minutes becomes a Short by itself.',
		displayOptions: contentShown,
	},
	{
		displayName: 'Description',
		name: 'description',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		description: 'At most 5000 bytes; an emoji counts four or more',
		displayOptions: contentShown,
	},
	{
		displayName: 'Privacy',
		name: 'privacyStatus',
		type: 'options',
		options: [
			{ name: 'Private', value: 'private', description: 'Only you see it' },
			{ name: 'Public', value: 'public', description: 'Everybody sees it' },
			{ name: 'Unlisted', value: 'unlisted', description: 'Whoever has the link sees it' },
		],
		default: 'private',
		displayOptions: contentShown,
	},
	{
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add field',
		default: {},
		displayOptions: contentShown,
		options: additionalFields,
	},
];

/** In the editor for other things than the post: the list of categories, and the media. */
const notOfThePost = ['categoryRegion', 'thumbnailBinaryProperty', 'thumbnailRef'];

export function readYouTubeContent(read: ReadParameter, timeZone: string): PostContent {
	const given = Object.entries(filledIn(read('additionalFields', {}) as Record<string, unknown>));
	const { tags, publishAt, recordingDate, translations, playlistIds, ...fields } = Object.fromEntries(
		given.filter(([name]) => !notOfThePost.includes(name)),
	);
	const description = String(read('description', '') ?? '');
	const localizations = readTranslations(translations);
	return {
		title: String(read('title', '') ?? ''),
		...(description && { description }),
		tags: readList(tags),
		options: {
			privacyStatus: read('privacyStatus', 'private'),
			...fields,
			...(publishAt !== undefined && { publishAt: asInstant(publishAt, timeZone) }),
			...(recordingDate !== undefined && { recordingDate: asInstant(recordingDate, timeZone) }),
			...(localizations && { localizations }),
			...(playlistIds !== undefined && { playlistIds: readList(playlistIds) }),
		},
	};
}

const translationsSchema = z.object({
	translation: z
		.array(z.object({ language: z.string(), title: z.string(), description: z.string().default('') }))
		.default([]),
});

function readTranslations(value: unknown): Readonly<Record<string, unknown>> | null {
	const { translation } = translationsSchema.parse(value ?? {});
	if (translation.length === 0) return null;
	return Object.fromEntries(translation.map(({ language, ...texts }) => [language.trim(), texts]));
}

/** An array, or a text with commas. */
function readList(value: unknown): string[] {
	const list = Array.isArray(value) ? value.map(String) : String(value ?? '').split(',');
	return list.map((entry) => entry.trim()).filter((entry) => entry !== '');
}

/** What cannot be read is left for Validate to name. */
function asInstant(value: unknown, timeZone: string): unknown {
	return readInstant(value, timeZone)?.toISOString() ?? value;
}
