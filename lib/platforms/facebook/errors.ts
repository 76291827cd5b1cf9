// Facebook's codes and what they mean for a post (facts 6.5). The shape is that of all Meta APIs.
import type { PublishError } from '../../publishing/errors';
import type { HttpResponse } from '../../publishing/ports';
import type { ErrorRow, ErrorTable } from '../error-table';
import { commonGraphErrors, graphError, type GraphNetwork } from '../graph-errors';

const hourMs = 3_600_000;

const inHours =
	(hours: number) =>
	(now: Date): Date =>
		new Date(now.getTime() + hours * hourMs);

const badFormat: ErrorRow = {
	class: 'validation',
	remedy: 'Render the video as MP4 with H.264 and AAC, then publish again.',
	facts: '6.5',
};
const againstPolicy: ErrorRow = {
	class: 'rejected',
	remedy: 'Facebook refuses this content. Look at the page’s quality and support inbox.',
	facts: '6.5',
};
/** Not a window of calls but a lock of the page: Meta says "hours" and no more. */
const pageIsHeld: ErrorRow = {
	class: 'quota',
	scope: 'account',
	retryAt: inHours(6),
	remedy:
		'Facebook holds the page back for some hours. Post more slowly, and look at the page’s support inbox.',
	facts: '6.5',
};
const unwell: ErrorRow = { class: 'platform', facts: '6.5' };

function byPerson(remedy: string): ErrorRow {
	return { class: 'rejected', scope: 'account', remedy, facts: '6.5' };
}

/** No such object, or none that this token may see; Graph does not tell the two apart. */
export const noSuchObject = '100/33';
export const duplicatePost = '506';
export const wrongOffset = 1363037;

export const facebookErrors: ErrorTable = {
	...commonGraphErrors('Facebook', '6.4, 6.5'),
	'80001': { class: 'rate-limit', scope: 'account', retryAt: inHours(1), facts: '6.4' },
	'100': {
		class: 'validation',
		remedy:
			'Correct the field that Facebook names. If it is the permission to publish videos, check your role on the page.',
		facts: '6.5',
	},
	'/1404078': byPerson('Complete the Page Publishing Authorization on Facebook, then redrive the post.'),
	'4854002': byPerson('Facebook wants the identity of an admin confirmed. Do that, then redrive the post.'),
	'/4854002': byPerson('Facebook wants the identity of an admin confirmed. Do that, then redrive the post.'),
	'368': pageIsHeld,
	'1390008': pageIsHeld,
	'/1390008': pageIsHeld,
	'1404112': pageIsHeld,
	'/1404112': pageIsHeld,
	[duplicatePost]: {
		class: 'unknown',
		remedy: 'The page already has this post. It is looked for; if it is not ours, change the text.',
		facts: '6.5, 6.7',
	},
	'6000': badFormat,
	'6001': badFormat,
	'/1363024': badFormat,
	'/1363026': badFormat,
	'352': badFormat,
	'/1366046': {
		class: 'validation',
		remedy: 'Make the photo smaller than 4 MB.',
		facts: '6.5',
	},
	'/1363047': unwell,
	'/1609010': unwell,
	'1609010': unwell,
	[`/${wrongOffset}`]: { class: 'platform', facts: '6.3' },
	'1346003': againstPolicy,
	'/1346003': againstPolicy,
	'1404102': againstPolicy,
	'/1404102': againstPolicy,
};

export const facebookNetwork: GraphNetwork = {
	platform: 'facebook',
	displayName: 'Facebook',
	errors: facebookErrors,
};

/** @param doing what was tried, as the beginning of a sentence: "Publishing the post". */
export function facebookError(response: HttpResponse, now: Date, doing: string): PublishError {
	return graphError(facebookNetwork, response, now, doing);
}
