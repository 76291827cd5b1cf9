// YouTube's reasons and what they mean for a post. Text is matched here and nowhere else.
import { DateTime } from 'luxon';
import { redact } from '../../http/redact';
import { parseRetryAfter } from '../../http/retry-after';
import type { PublishError } from '../../publishing/errors';
import type { HttpResponse } from '../../publishing/ports';
import { refusalToError, type ErrorRow, type ErrorTable } from '../error-table';
import { readJson } from '../parse-answer';
import { errorBodySchema } from './types';

const reconnect = 'Open the YouTube credential and connect the account again.';
const fixMetadata = 'Correct the field that YouTube names, then publish again.';

function nextPacificMidnight(now: Date): Date {
	return DateTime.fromJSDate(now, { zone: 'America/Los_Angeles' })
		.plus({ days: 1 })
		.startOf('day')
		.toJSDate();
}

function inMinutes(minutes: number): (now: Date) => Date {
	return (now) => new Date(now.getTime() + minutes * 60_000);
}

const dailyQuota: ErrorRow = {
	class: 'quota',
	scope: 'app',
	retryAt: nextPacificMidnight,
	remedy:
		'The daily quota of the Google Cloud project is used up. It is full again at midnight Pacific time.',
	facts: '1.5, 1.6',
};
const shortWindow: ErrorRow = { class: 'rate-limit', scope: 'app', retryAt: inMinutes(1), facts: '1.6' };
const tokenRefused: ErrorRow = { class: 'auth', scope: 'account', remedy: reconnect, facts: '1.6' };
const badMetadata: ErrorRow = { class: 'validation', remedy: fixMetadata, facts: '1.6' };
const badThumbnail: ErrorRow = {
	class: 'validation',
	remedy: 'Give a JPEG or PNG picture of at most 50 MB, 1280×720 or close to it.',
	facts: '1.6',
};
const accountBlocked: ErrorRow = {
	class: 'rejected',
	scope: 'account',
	remedy: 'YouTube blocked this account or channel. Look into YouTube Studio.',
	facts: '1.6',
};

export const youtubeErrors: ErrorTable = {
	authError: tokenRefused,
	Unauthorized: tokenRefused,
	UNAUTHENTICATED: tokenRefused,
	youtubeSignupRequired: {
		...tokenRefused,
		remedy: 'This Google account has no YouTube channel. Create one, or connect an account that has one.',
	},
	quotaExceeded: dailyQuota,
	dailyLimitExceeded: dailyQuota,
	rateLimitExceeded: shortWindow,
	userRateLimitExceeded: { ...shortWindow, scope: 'account' },
	uploadLimitExceeded: {
		class: 'quota',
		scope: 'account',
		retryAt: inMinutes(24 * 60),
		remedy:
			'The channel reached its own daily upload limit. YouTube publishes no figure; a day later it works.',
		facts: '1.5, 1.6',
	},
	forbidden: tokenRefused,
	insufficientPermissions: { ...tokenRefused, remedy: `The connection lacks a permission. ${reconnect}` },
	accessNotConfigured: {
		class: 'auth',
		scope: 'app',
		remedy: 'Enable the YouTube Data API and the YouTube Analytics API in the Google Cloud project.',
		facts: '1.6',
	},
	authenticatedUserAccountClosed: accountBlocked,
	authenticatedUserAccountSuspended: accountBlocked,
	channelSuspended: accountBlocked,
	invalidTitle: badMetadata,
	invalidDescription: badMetadata,
	invalidTags: badMetadata,
	invalidCategoryId: badMetadata,
	invalidPublishAt: badMetadata,
	invalidFilename: badMetadata,
	invalidVideoMetadata: badMetadata,
	mediaBodyRequired: badMetadata,
	defaultLanguageNotSet: badMetadata,
	invalidRecordingDetails: badMetadata,
	invalidImage: badThumbnail,
	imageFormatUnsupported: badThumbnail,
	imageTooTall: badThumbnail,
	imageTooWide: badThumbnail,
	'youtube.thumbnail/forbidden': {
		class: 'rejected',
		scope: 'account',
		remedy: 'Verify the channel by phone (youtube.com/verify): only then it may have thumbnails of its own.',
		facts: '1.2, 1.6',
	},
	videoNotFound: { class: 'rejected', remedy: 'The video was deleted.', facts: '1.6' },
	backendError: { class: 'platform', facts: '1.6' },
};

/** For a reason that is not in the table: the status alone. */
function rowOfStatus(status: number): ErrorRow {
	if (status === 401) return tokenRefused;
	if (status === 429) return shortWindow;
	if (status === 408 || status >= 500) return { class: 'platform', facts: '0.1' };
	if (status === 403 || status === 404 || status === 410) return { class: 'rejected', facts: '0.1' };
	return { class: 'validation', remedy: fixMetadata, facts: '0.1' };
}

/** @param doing what was tried, as the beginning of a sentence: "Opening the upload". */
export function youtubeError(response: HttpResponse, now: Date, doing: string): PublishError {
	const body = errorBodySchema.safeParse(readJson(response.bodyText));
	const details = body.success ? body.data.error : undefined;
	const [first] = details?.errors ?? [];
	const code = first?.reason ?? details?.status ?? `http-${response.status}`;
	// One word can mean two things: a thumbnail is forbidden to a channel that nobody verified.
	const row =
		youtubeErrors[`${first?.domain}/${code}`] ?? youtubeErrors[code] ?? rowOfStatus(response.status);
	const said = details?.message ? `: ${redact(details.message)}` : '';
	return refusalToError(row, {
		platform: 'youtube',
		code,
		httpStatus: response.status,
		message: `${doing} was refused by YouTube (${response.status} ${code})${said}`,
		retryAt: parseRetryAfter(response.headers['retry-after'], now),
		now,
	});
}
