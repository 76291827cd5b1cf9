// What a new container may say, by its kind (facts 7.2, 7.3).
import type { Exchange } from '../core/answer';
import { invalidParameter } from './errors';
import type { MediaType } from './model';
import { readParameters } from './parse';
import { checkText } from './text';

const REPLY_CONTROLS = [
	'everyone',
	'accounts_you_follow',
	'mentioned_only',
	'parent_post_author_only',
	'followers_only',
];
const ITEM_PARAMETERS = ['media_type', 'image_url', 'video_url', 'is_carousel_item', 'alt_text'];
const PARAMETERS = [
	...ITEM_PARAMETERS,
	'text',
	'children',
	'reply_control',
	'link_attachment',
	'topic_tag',
	'is_spoiler_media',
	'reply_to_id',
	'quote_post_id',
	'poll_attachment',
];

type Parameters = ReadonlyMap<string, string>;

export interface ContainerForm {
	readonly mediaType: MediaType;
	readonly text: string;
	readonly mediaUrl?: string;
	readonly isCarouselItem: boolean;
	readonly children?: readonly string[];
	readonly replyToId?: string;
	readonly quotePostId?: string;
}

export async function readContainerForm(exchange: Exchange): Promise<ContainerForm> {
	const parameters = await readParameters(exchange, PARAMETERS);
	const mediaType = mediaTypeIn(parameters);
	const text = parameters.get('text') ?? '';
	const mediaUrl = mediaUrlIn(mediaType, parameters);
	const isCarouselItem = parameters.get('is_carousel_item') === 'true';
	if (isCarouselItem) checkItem(mediaType, parameters);
	checkExtras(mediaType, parameters);
	checkPoll(mediaType, parameters.get('poll_attachment'));
	checkText(text, parameters.get('link_attachment'));
	if (mediaType === 'TEXT' && text === '') throw invalidParameter('text is required for media_type TEXT');
	const children = parameters.get('children')?.split(',');
	if ((children !== undefined) !== (mediaType === 'CAROUSEL')) {
		throw invalidParameter('children go with media_type CAROUSEL');
	}
	const replyToId = parameters.get('reply_to_id');
	const quotePostId = parameters.get('quote_post_id');
	return {
		mediaType,
		text,
		isCarouselItem,
		...(mediaUrl === undefined ? {} : { mediaUrl }),
		...(children === undefined ? {} : { children }),
		...(replyToId === undefined ? {} : { replyToId }),
		...(quotePostId === undefined ? {} : { quotePostId }),
	};
}

function mediaTypeIn(parameters: Parameters): MediaType {
	const given = parameters.get('media_type');
	if (given === 'TEXT' || given === 'IMAGE' || given === 'VIDEO' || given === 'CAROUSEL') return given;
	throw invalidParameter('media_type must be one of TEXT, IMAGE, VIDEO, CAROUSEL');
}

function mediaUrlIn(mediaType: MediaType, parameters: Parameters): string | undefined {
	const hasMedia = mediaType === 'IMAGE' || mediaType === 'VIDEO';
	const wanted = hasMedia ? `${mediaType.toLowerCase()}_url` : undefined;
	for (const name of ['image_url', 'video_url']) {
		if (name !== wanted && parameters.has(name))
			throw invalidParameter(`${name} does not go with ${mediaType}`);
	}
	if (wanted === undefined) return undefined;
	const url = parameters.get(wanted) ?? '';
	if (!/^https?:\/\//.test(url)) throw invalidParameter(`${wanted} must be a public web address`);
	return url;
}

/** Words, and what people may do, belong to the carousel. */
function checkItem(mediaType: MediaType, parameters: Parameters): void {
	if (mediaType !== 'IMAGE' && mediaType !== 'VIDEO') {
		throw invalidParameter('an item of a carousel is an IMAGE or a VIDEO');
	}
	const foreign = [...parameters.keys()].find((name) => !ITEM_PARAMETERS.includes(name));
	if (foreign !== undefined) throw invalidParameter(`${foreign} does not go with an item of a carousel`);
}

function checkExtras(mediaType: MediaType, parameters: Parameters): void {
	const replyControl = parameters.get('reply_control');
	if (replyControl !== undefined && !REPLY_CONTROLS.includes(replyControl)) {
		throw invalidParameter(`reply_control must be one of ${REPLY_CONTROLS.join(', ')}`);
	}
	if (parameters.has('link_attachment') && mediaType !== 'TEXT') {
		throw invalidParameter('link_attachment goes with media_type TEXT only');
	}
	if (parameters.has('is_spoiler_media') && mediaType === 'TEXT') {
		throw invalidParameter('is_spoiler_media goes with media');
	}
	const topicTag = parameters.get('topic_tag');
	if (topicTag !== undefined && !/^[^.&]{1,50}$/u.test(topicTag)) {
		throw invalidParameter('topic_tag must have 1 to 50 characters without . and &');
	}
	const altText = parameters.get('alt_text');
	const hasAltText = mediaType === 'IMAGE' || mediaType === 'VIDEO';
	if (altText !== undefined && (!hasAltText || altText.length > 1000)) {
		throw invalidParameter('alt_text goes with media and has at most 1000 characters');
	}
}

/** The facts name the field only; its shape is that of Meta's guide on polls. */
function checkPoll(mediaType: MediaType, poll: string | undefined): void {
	if (poll === undefined) return;
	if (mediaType !== 'TEXT') throw invalidParameter('poll_attachment goes with media_type TEXT only');
	const answers = Object.entries(readObject(poll));
	const areInOrder = answers.every(([name], index) => name === `option_${'abcd'.charAt(index)}`);
	const areAnswers = answers.every(
		([, answer]) => typeof answer === 'string' && answer.length >= 1 && answer.length <= 25,
	);
	if (answers.length < 2 || answers.length > 4 || !areInOrder || !areAnswers) {
		throw invalidParameter('poll_attachment has option_a to option_d, two at least, of 1 to 25 characters');
	}
}

function readObject(text: string): Record<string, unknown> {
	try {
		const value: unknown = JSON.parse(text);
		if (typeof value === 'object' && value !== null) return { ...value };
	} catch {
		// Falls through to the refusal.
	}
	throw invalidParameter('poll_attachment is not a JSON object');
}
