// TikTok's codes and fail reasons, and what they mean for a post. Text is matched here and nowhere else.
import { redact } from '../../http/redact';
import { parseRetryAfter } from '../../http/retry-after';
import { PublishError } from '../../publishing/errors';
import type { HttpResponse } from '../../publishing/ports';
import { refusalToError, type ErrorRow, type ErrorTable } from '../error-table';
import { readJson } from '../parse-answer';
import { envelopeSchema } from './types';

const inMinutes =
	(minutes: number) =>
	(now: Date): Date =>
		new Date(now.getTime() + minutes * 60_000);
const aDay = inMinutes(24 * 60);

const reconnect = 'Open the TikTok credential and connect the account again.';
const tokenRefused: ErrorRow = { class: 'auth', scope: 'account', remedy: reconnect, facts: '2.7' };
const scopeMissing: ErrorRow = {
	...tokenRefused,
	remedy: `The connection lacks a permission; allow all of them. ${reconnect}`,
};
const badRequest: ErrorRow = {
	class: 'validation',
	remedy: 'Correct the field that TikTok names, then publish again.',
	facts: '2.7',
};
const wrongId: ErrorRow = {
	class: 'rejected',
	remedy: 'TikTok does not know this ID for the connected account. Check the ID and the credential.',
	facts: '2.7',
};
const tooManyPosts: ErrorRow = {
	class: 'quota',
	scope: 'account',
	retryAt: aDay,
	remedy: 'The creator reached the daily number of posts through apps. A day later it works again.',
	facts: '2.4, 2.6, 2.7',
};
const banned: ErrorRow = {
	class: 'rejected',
	scope: 'account',
	remedy: 'TikTok bars this account from posting. Look into the TikTok app.',
	facts: '2.4, 2.7',
};
const minuteFull: ErrorRow = {
	class: 'rate-limit',
	scope: 'account',
	retryAt: inMinutes(1),
	facts: '2.6, 2.7',
};
const stumbled: ErrorRow = { class: 'platform', facts: '2.7' };

export const tiktokErrors: ErrorTable = {
	invalid_param: badRequest,
	invalid_params: badRequest,
	app_version_check_failed: {
		class: 'rejected',
		scope: 'account',
		remedy: 'The TikTok app on the phone of the creator is too old. Update it.',
		facts: '2.7',
	},
	invalid_publish_id: wrongId,
	token_not_authorized_for_specified_publish_id: wrongId,
	access_token_invalid: tokenRefused,
	scope_not_authorized: scopeMissing,
	scope_permission_missed: scopeMissing,
	spam_risk_too_many_posts: tooManyPosts,
	spam_risk_too_many_pending_share: {
		...tooManyPosts,
		remedy: 'Five drafts wait in the inbox of the creator. Post or delete them in the TikTok app.',
	},
	spam_risk_user_banned_from_posting: banned,
	reached_active_user_cap: {
		class: 'quota',
		scope: 'app',
		retryAt: aDay,
		remedy: 'The TikTok app reached its daily number of users. Have it audited for more.',
		facts: '2.6, 2.7',
	},
	privacy_level_option_mismatch: {
		class: 'validation',
		remedy: 'Choose a privacy that this creator may use.',
		facts: '2.7',
	},
	unaudited_client_can_only_post_to_private_accounts: {
		class: 'rejected',
		scope: 'app',
		remedy:
			'TikTok has not audited this app yet: set the account to private and the privacy to Only Me, or have the app audited.',
		facts: '2.6, 2.7',
	},
	url_ownership_unverified: {
		class: 'rejected',
		scope: 'app',
		remedy: 'Verify the domain of the media address in the TikTok developer portal.',
		facts: '2.3, 2.7',
	},
	rate_limit_exceeded: minuteFull,
	internal_error: stumbled,
};

function rowOfStatus(status: number): ErrorRow {
	if (status === 401) return tokenRefused;
	if (status === 429) return minuteFull;
	if (status === 408 || status >= 500) return { class: 'platform', facts: '0.1' };
	if (status === 403 || status === 404) return { class: 'rejected', facts: '0.1' };
	return badRequest;
}

/** The word of the answer, or undefined when there is none that can be read. */
export function codeOf(response: HttpResponse): string | undefined {
	const envelope = envelopeSchema.safeParse(readJson(response.bodyText));
	return envelope.success ? envelope.data.error.code : undefined;
}

/** @param doing what was tried, as the beginning of a sentence: "Opening the upload". */
export function tiktokError(response: HttpResponse, now: Date, doing: string): PublishError {
	const envelope = envelopeSchema.safeParse(readJson(response.bodyText));
	const details = envelope.success ? envelope.data.error : undefined;
	const code = details && details.code !== 'ok' ? details.code : `http-${response.status}`;
	const said = details?.message ? `: ${redact(details.message)}` : '';
	return refusalToError(tiktokErrors[code] ?? rowOfStatus(response.status), {
		platform: 'tiktok',
		code,
		httpStatus: response.status,
		message: `${doing} was refused by TikTok (${response.status} ${code})${said}`,
		retryAt: parseRetryAfter(response.headers['retry-after'], now),
		now,
	});
}

const badMedia = (remedy: string): ErrorRow => ({ class: 'rejected', remedy, facts: '2.4' });

/** Facts 2.4: why an upload that was complete became no post. Nothing is public then. */
export const tiktokFailReasons: ErrorTable = {
	file_format_check_failed: badMedia('Render the video as MP4 with H.264, photos as JPEG or WebP.'),
	duration_check_failed: badMedia('Cut the video to a length that this creator may post.'),
	frame_rate_check_failed: badMedia('Render the video at 30 frames per second.'),
	picture_size_check_failed: badMedia(
		'Render the video with 360 to 4096 pixels on each side, e.g. 1080×1920; photos with at most that.',
	),
	internal: { class: 'platform', facts: '2.4' },
	video_pull_failed: badMedia('TikTok could not fetch the media. Check its public address.'),
	photo_pull_failed: badMedia('TikTok could not fetch the media. Check its public address.'),
	publish_cancelled: badMedia('The post was cancelled at TikTok. Redrive it to post it again.'),
	auth_removed: tokenRefused,
	spam_risk_too_many_posts: tooManyPosts,
	spam_risk_user_banned_from_posting: banned,
	spam_risk_text: badMedia('TikTok refuses the words of the caption. Change them.'),
	spam_risk: badMedia('TikTok takes this post for spam. Look into the TikTok app.'),
};

export function failureError(reason: string, now: Date): PublishError {
	const row = tiktokFailReasons[reason] ?? badMedia('Look into the TikTok app for the reason.');
	const retryAt = row.retryAt?.(now);
	return new PublishError(row.class, `TikTok could not publish the post (${redact(reason)}).`, {
		platform: 'tiktok',
		code: reason,
		...(retryAt && { retryAt }),
		...(row.scope && { scope: row.scope }),
		...(row.remedy && { remedy: row.remedy }),
	});
}
