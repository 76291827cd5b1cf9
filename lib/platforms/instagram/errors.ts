// Instagram's codes and subcodes, and what they mean for a post (facts 3.5).
import type { HttpResponse } from '../../publishing/ports';
import { PublishError } from '../../publishing/errors';
import type { ErrorRow, ErrorTable } from '../error-table';
import { commonGraphErrors, graphError, type GraphNetwork } from '../graph-errors';

const facts = '3.5';

/** Only a new container helps, and that one may: nobody has seen the old one. */
const newContainer: ErrorRow = {
	class: 'platform',
	remedy:
		'Instagram could not keep what was uploaded. Publish again: it is uploaded anew, and nothing is public yet.',
	facts,
};
const notReady: ErrorRow = {
	class: 'platform',
	remedy:
		'Instagram is not done with the media, or has published it before. Look at the account before you try again.',
	facts,
};
const unfetchable: ErrorRow = {
	class: 'platform',
	remedy:
		'Instagram cannot fetch the media. Check that its address is public and answers without a redirect.',
	facts,
};
const invalid = (remedy: string): ErrorRow => ({ class: 'validation', remedy, facts });
const invalidMedia = invalid(
	'Render the video as MP4 with H.264 and AAC, 23 to 60 frames, and publish again.',
);
const invalidText = invalid('Correct the caption, then publish again.');

export const instagramErrors: ErrorTable = {
	...commonGraphErrors('Instagram', facts),
	'80002': {
		class: 'rate-limit',
		scope: 'account',
		retryAt: (now) => new Date(now.getTime() + 3_600_000),
		remedy: 'The account has made too many calls, or too many containers in 24 hours. Try again later.',
		facts: '3.4, 3.5',
	},
	'9/2207042': {
		class: 'quota',
		scope: 'account',
		// The day rolls and nothing says when its first post leaves it: look again after an hour.
		retryAt: (now) => new Date(now.getTime() + 3_600_000),
		remedy: 'The account has used up its posts of 24 hours. The post goes out when there is room again.',
		facts: '3.4, 3.5',
	},
	'9007': notReady,
	'9007/2207027': notReady,
	'/2207003': newContainer,
	'/2207001': newContainer,
	'/2207032': newContainer,
	'/2207053': newContainer,
	'/2207082': newContainer,
	'/2207020': newContainer,
	'/2207006': newContainer,
	'/2207008': newContainer,
	'9004': unfetchable,
	'/2207052': unfetchable,
	'/2207077': unfetchable,
	'352': invalidMedia,
	'/2207026': invalidMedia,
	'36000': invalid('Make the picture smaller than 8 MB, then publish again.'),
	'/2207004': invalid('Make the picture smaller than 8 MB, then publish again.'),
	'36001': invalid('Convert the picture to JPEG, then publish again.'),
	'/2207005': invalid('Convert the picture to JPEG, then publish again.'),
	'36003': invalid('Crop the picture to between 4:5 and 1.91:1, then publish again.'),
	'/2207009': invalid('Crop the picture to between 4:5 and 1.91:1, then publish again.'),
	'/2207023': invalid('Instagram does not know this kind of media. Check the fields of the post.'),
	'/2207028': invalid('A carousel has 2 to 10 items.'),
	'/2207010': invalidText,
	'/2207040': invalidText,
	'1/2207057': invalid('The cover moment lies outside of the video. Choose an earlier one.'),
	'/2207050': {
		class: 'rejected',
		scope: 'account',
		remedy: 'Instagram restricts this account. Look at it in the app, then redrive the post.',
		facts,
	},
	'4/2207051': {
		class: 'rejected',
		scope: 'account',
		remedy:
			'Instagram takes this for spam and blocks the account for a while. Post less often, and look at the app.',
		facts,
	},
	'/2207081': invalid('This account cannot publish trial reels. Publish it as an ordinary reel.'),
};

export const instagram: GraphNetwork = {
	platform: 'instagram',
	displayName: 'Instagram',
	errors: instagramErrors,
};

/** @param doing what was tried, as the beginning of a sentence: "Publishing the post". */
export function instagramError(response: HttpResponse, now: Date, doing: string): PublishError {
	return graphError(instagram, response, now, doing);
}

/** What Instagram answers for an id that it does not know, or does not show to this account. */
const missing = new Set(['24/2207006', '100/33', 'http-404']);

export function isMissing(error: unknown): boolean {
	return error instanceof PublishError && missing.has(error.code ?? '');
}

/** The one sentence that has no code of its own: this login may not send files (facts 3.2, the doubt). */
export function wantsAddress(error: unknown): boolean {
	return error instanceof PublishError && /video_url is required/i.test(error.message);
}

/** Subcodes after which the same media may well pass in a new container (facts 3.5). */
export function isContainerDead(code: string | undefined): boolean {
	const subcode = code?.split('/').at(-1);
	return subcode !== undefined && instagramErrors[`/${subcode}`] === newContainer;
}

/**
 * A container's `status` is free text with the subcode in it (facts 3.2). What Instagram could not make of the
 * media is final, whatever the class of the same code is before the upload.
 */
export function processingError(status: string): PublishError {
	const subcode = /\b2207\d{3}\b/.exec(status)?.[0];
	const remedy = (subcode && instagramErrors[`/${subcode}`]?.remedy) ?? invalidMedia.remedy;
	return new PublishError('rejected', `Instagram could not process the media (${subcode ?? 'no code'}).`, {
		platform: 'instagram',
		code: subcode ?? 'processing-failed',
		...(remedy && { remedy }),
	});
}
