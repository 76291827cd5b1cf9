// What may be said about a video beyond title, description and privacy.
import type { INodeProperties } from 'n8n-workflow';
import { thumbnailFields } from '../shared/publisher/thumbnail';

const chooseOrSpecify =
	'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>';

const translation: INodeProperties[] = [
	{
		displayName: 'Language',
		name: 'language',
		type: 'string',
		default: '',
		placeholder: 'e.g. de',
	},
	{
		displayName: 'Title',
		name: 'title',
		type: 'string',
		default: '',
	},
	{
		displayName: 'Description',
		name: 'description',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '',
	},
];

const aboutTheVideo: INodeProperties[] = [
	{
		displayName: 'Allow Embedding',
		name: 'embeddable',
		type: 'boolean',
		default: true,
		description: 'Whether other web sites may show the video',
	},
	{
		displayName: 'Audio Language',
		name: 'audioLanguage',
		type: 'string',
		default: '',
		placeholder: 'e.g. en',
		description: 'Language that is spoken in the video',
	},
	{
		displayName: 'Category Name or ID',
		name: 'categoryId',
		type: 'options',
		typeOptions: {
			loadOptionsMethod: 'getCategories',
			loadOptionsDependsOn: ['additionalFields.categoryRegion'],
		},
		default: '22',
		description: `What the video is about; People & Blogs (22) when left out. ${chooseOrSpecify}.`,
	},
	{
		displayName: 'Category Region',
		name: 'categoryRegion',
		type: 'string',
		default: 'US',
		description: 'Country, as two letters, whose categories the list shows. It changes nothing in the video.',
	},
	{
		displayName: 'Contains Synthetic Media',
		name: 'containsSyntheticMedia',
		type: 'boolean',
		default: false,
		description: 'Whether the video shows realistic content that was altered or generated',
	},
	{
		displayName: 'Language',
		name: 'language',
		type: 'string',
		default: '',
		placeholder: 'e.g. en',
		description: 'Language of title and description',
	},
	{
		displayName: 'License',
		name: 'license',
		type: 'options',
		options: [
			{ name: 'Creative Commons (CC BY)', value: 'creativeCommon' },
			{ name: 'Standard YouTube License', value: 'youtube' },
		],
		default: 'youtube',
		description: 'What others may do with the video',
	},
	{
		displayName: 'Made for Kids',
		name: 'madeForKids',
		type: 'boolean',
		default: false,
		description: 'Whether the video is made for children',
	},
	{
		displayName: 'Paid Promotion',
		name: 'hasPaidProductPlacement',
		type: 'boolean',
		default: false,
		description: 'Whether somebody paid for something that the video shows',
	},
	{
		displayName: 'Recording Date',
		name: 'recordingDate',
		type: 'dateTime',
		default: '',
		description: 'When the video was recorded',
	},
	{
		displayName: 'Show Statistics',
		name: 'publicStatsViewable',
		type: 'boolean',
		default: true,
		description: 'Whether everybody sees the extended statistics of the video',
	},
	{
		displayName: 'Tags',
		name: 'tags',
		type: 'string',
		default: '',
		placeholder: 'e.g. podcast, interview',
		description: 'Separated by commas, at most 500 characters in all',
	},
	{
		displayName: 'Translations',
		name: 'translations',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Translation',
		default: {},
		description: 'Title and description in other languages. Needs the field Language as well.',
		options: [{ displayName: 'Translation', name: 'translation', values: translation }],
	},
];

const aboutPublishing: INodeProperties[] = [
	{
		displayName: 'Notify Subscribers',
		name: 'notifySubscribers',
		type: 'boolean',
		default: true,
		description: 'Whether subscribers are told of the new video',
	},
	{
		displayName: 'Playlist Names or IDs',
		name: 'playlistIds',
		type: 'multiOptions',
		typeOptions: { loadOptionsMethod: 'getPlaylists' },
		default: [],
		description: `Playlists of the channel that the video is put into once it is there; each costs 51 of the 10,000 quota units of a day. ${chooseOrSpecify.replace('an ID', 'IDs')}.`,
	},
	{
		displayName: 'Publish At',
		name: 'publishAt',
		type: 'dateTime',
		default: '',
		description: 'When YouTube makes the video public by itself. Only with the privacy Private.',
	},
];

export const additionalFields: INodeProperties[] = [
	...aboutTheVideo,
	...aboutPublishing,
	...thumbnailFields('JPEG or PNG of at most 50 MB. The channel must be verified by phone.'),
].sort((left, right) => (left.displayName < right.displayName ? -1 : 1));
