import type { MediaFacts } from '../../../lib/publishing/adapter';
import type { HttpResponse } from '../../../lib/publishing/ports';
import { webUrl } from '../../../lib/platforms/tiktok/constants';
import {
	failureError,
	tiktokError,
	tiktokErrors,
	tiktokFailReasons,
} from '../../../lib/platforms/tiktok/errors';
import { photoPostInfo, tiktokOptionsSchema, videoPostInfo } from '../../../lib/platforms/tiktok/options';
import { validateForTikTok } from '../../../lib/platforms/tiktok/text';

const now = new Date('2026-11-20T12:00:00Z');

function answer(status: number, code: string, headers: Record<string, string> = {}): HttpResponse {
	const body = { data: {}, error: { code, message: 'Said so.', log_id: 'x' } };
	return { status, headers, bodyText: JSON.stringify(body) };
}

describe('the error table of TikTok (facts 2.7)', () => {
	it.each([
		[400, 'invalid_param', 'validation'],
		[400, 'invalid_params', 'validation'],
		[400, 'app_version_check_failed', 'rejected'],
		[400, 'invalid_publish_id', 'rejected'],
		[400, 'token_not_authorized_for_specified_publish_id', 'rejected'],
		[401, 'access_token_invalid', 'auth'],
		[401, 'scope_not_authorized', 'auth'],
		[400, 'scope_permission_missed', 'auth'],
		[403, 'spam_risk_too_many_posts', 'quota'],
		[403, 'spam_risk_too_many_pending_share', 'quota'],
		[403, 'spam_risk_user_banned_from_posting', 'rejected'],
		[403, 'reached_active_user_cap', 'quota'],
		[403, 'privacy_level_option_mismatch', 'validation'],
		[403, 'unaudited_client_can_only_post_to_private_accounts', 'rejected'],
		[403, 'url_ownership_unverified', 'rejected'],
		[429, 'rate_limit_exceeded', 'rate-limit'],
		[500, 'internal_error', 'platform'],
		[200, 'internal_error', 'platform'],
		[502, 'something_new', 'platform'],
		[403, 'something_new', 'rejected'],
	])('makes %i %s a matter of %s', (status, code, errorClass) => {
		const error = tiktokError(answer(status, code), now, 'Doing it');
		expect(error).toMatchObject({ class: errorClass, code, platform: 'tiktok' });
		expect(error.message).toContain('Said so.');
	});

	it.each([
		['file_format_check_failed', 'rejected'],
		['duration_check_failed', 'rejected'],
		['frame_rate_check_failed', 'rejected'],
		['picture_size_check_failed', 'rejected'],
		['internal', 'platform'],
		['video_pull_failed', 'rejected'],
		['photo_pull_failed', 'rejected'],
		['publish_cancelled', 'rejected'],
		['auth_removed', 'auth'],
		['spam_risk_too_many_posts', 'quota'],
		['spam_risk_user_banned_from_posting', 'rejected'],
		['spam_risk_text', 'rejected'],
		['spam_risk', 'rejected'],
		['something_new', 'rejected'],
	])('makes the fail reason %s a matter of %s (facts 2.4)', (reason, errorClass) => {
		const error = failureError(reason, now);
		expect(error).toMatchObject({ class: errorClass, code: reason });
		if (errorClass !== 'platform') expect(error.remedy).toBeTruthy();
	});

	it('waits a minute for a full window, and as long as TikTok asks when it does', () => {
		const waits = (headers?: Record<string, string>) =>
			tiktokError(answer(429, 'rate_limit_exceeded', headers), now, 'x').retryAt;
		expect(waits()).toEqual(new Date('2026-11-20T12:01:00Z'));
		expect(waits({ 'retry-after': '120' })).toEqual(new Date('2026-11-20T12:02:00Z'));
	});

	it('says when to come back for every window, and names the section of each row', () => {
		for (const row of [...Object.values(tiktokErrors), ...Object.values(tiktokFailReasons)]) {
			expect(row.facts).toMatch(/^2\.\d/);
			const isWindow = row.class === 'quota' || row.class === 'rate-limit';
			expect((row.retryAt?.(now).getTime() ?? 0) > now.getTime()).toBe(isWindow);
		}
	});

	it('understands an answer that is no JSON by its status', () => {
		const html = { status: 502, headers: {}, bodyText: '<html>' };
		expect(tiktokError(html, now, 'x')).toMatchObject({ class: 'platform', code: 'http-502' });
	});
});

describe('what TikTok accepts (facts 2.2, 2.5)', () => {
	const video: MediaFacts = {
		kind: 'video',
		mimeType: 'video/mp4',
		sizeBytes: 1_000_000,
		durationSec: 30,
		widthPx: 1080,
		heightPx: 1920,
		framesPerSec: 29.97,
		videoCodec: 'h264',
	};
	const photo: MediaFacts = { kind: 'image', mimeType: 'image/jpeg', sizeBytes: 100_000 };
	const rules = (content: Parameters<typeof validateForTikTok>[0], ...media: readonly MediaFacts[]) =>
		validateForTikTok(content, asItems(media.length > 0 ? media : [video])).map(({ rule }) => rule);
	const asItems = (media: readonly MediaFacts[]) => media.map((facts) => ({ facts }));

	it('finds nothing wrong with an ordinary clip, nor with a caption of 1100 emoji', () => {
		expect(rules({ text: 'A clip #words' })).toEqual([]);
		expect(rules({ text: '🎬'.repeat(1_100) })).toEqual([]);
	});

	it.each([
		['2201 units', { text: `${'🎬'.repeat(1_100)}x` }, 'text.length'],
		['an unknown option', { options: { privacy: 'x' } }, 'option:name'],
		['an unknown privacy', { options: { privacyLevel: 'PUBLIC' } }, 'option:privacyLevel'],
		['branded content for nobody', { options: { brandContent: true } }, 'option:brandContent'],
		['a draft with words', { text: 'x', options: { delivery: 'inbox' } }, 'text.draft'],
		['a cover behind the end', { options: { coverTimestampMs: 30_001 } }, 'option:coverTimestampMs'],
		['a cover among photos', { options: { coverIndex: 0 } }, 'option:coverIndex'],
		['music of photos', { options: { autoAddMusic: true } }, 'option:autoAddMusic'],
	])('names %s', (_, content, rule) => {
		expect(rules(content)).toEqual([rule]);
	});

	it.each([
		['a GIF', { kind: 'gif', mimeType: 'image/gif' }, 'media.type'],
		['an empty file', { sizeBytes: 0 }, 'media.size'],
		['more than 4 GB', { sizeBytes: 4_000_000_001 }, 'media.size'],
		['2 seconds', { durationSec: 2.9 }, 'media.duration'],
		['eleven minutes', { durationSec: 661 }, 'media.duration'],
		['a small picture', { widthPx: 320 }, 'media.size-px'],
		['15 frames', { framesPerSec: 15 }, 'media.frame-rate'],
		['an old codec', { videoCodec: 'mpeg4' }, 'media.codec'],
	] as const)('refuses %s', (_, change, rule) => {
		expect(rules({ text: 'x' }, { ...video, ...change })).toEqual([rule]);
	});

	it('needs a video or photos', () => {
		expect(validateForTikTok({ text: 'x' }, []).map(({ rule }) => rule)).toEqual(['media']);
	});

	it('takes one video or up to 35 photos, never both', () => {
		const many = (count: number) => Array.from({ length: count }, () => photo);
		expect(rules({ text: 'x' }, ...many(35))).toEqual([]);
		expect(rules({ text: 'x' }, ...many(36))).toEqual(['media.count']);
		expect(rules({ text: 'x' }, video, video)).toEqual(['media.count']);
		expect(rules({ text: 'x' }, video, photo)).toEqual(['media.count']);
		expect(rules({ text: 'x' }, photo, video)).toEqual(['media.type']);
	});

	it.each([
		['a title of 91', { title: 'x'.repeat(91) }, {}, 'title.length'],
		['a description of 4001', { text: 'x'.repeat(4_001) }, {}, 'text.length'],
		['a PNG', {}, { mimeType: 'image/png' }, 'media.type'],
		['21 MB', {}, { sizeBytes: 21_000_000 }, 'media.size'],
		['an empty file', {}, { sizeBytes: 0 }, 'media.size'],
		['1200×1600', {}, { widthPx: 1_200, heightPx: 1_600 }, 'media.size-px'],
		['a cover that is not there', { options: { coverIndex: 1 } }, {}, 'option:coverIndex'],
		[
			'the AI label, which only videos have',
			{ options: { isAiGenerated: true } },
			{},
			'option:isAiGenerated',
		],
		['a moment for the cover', { options: { coverTimestampMs: 0 } }, {}, 'option:coverTimestampMs'],
	])('refuses photos with %s', (_, content, change, rule) => {
		expect(rules(content, { ...photo, ...change })).toEqual([rule]);
	});

	it('takes photos as a draft with words, and in either direction of 1080p', () => {
		const draft = { title: 'A title', text: 'x'.repeat(4_000), options: { delivery: 'inbox' } };
		expect(rules(draft, { ...photo, widthPx: 1_920, heightPx: 1_080 })).toEqual([]);
		expect(rules(draft, { ...photo, widthPx: 1_080, heightPx: 1_920 })).toEqual([]);
		expect(rules({ text: 'x', options: { disableDuet: false } }, photo)).toEqual([]);
	});

	it('never switches on what the creator has switched off', () => {
		const creator = {
			creator_username: 'me',
			privacy_level_options: ['SELF_ONLY'],
			comment_disabled: true,
			duet_disabled: false,
			stitch_disabled: true,
		};
		const options = tiktokOptionsSchema.parse({ disableDuet: true, coverTimestampMs: 0 });
		expect(videoPostInfo({ text: ' Words ' }, options, creator)).toEqual({
			title: 'Words',
			privacy_level: 'SELF_ONLY',
			disable_comment: true,
			disable_duet: true,
			disable_stitch: true,
			video_cover_timestamp_ms: 0,
			brand_content_toggle: false,
			brand_organic_toggle: false,
			is_aigc: false,
		});
	});

	it('says of photos what TikTok has a place for', () => {
		const creator = {
			creator_username: 'me',
			privacy_level_options: ['SELF_ONLY'],
			comment_disabled: true,
			duet_disabled: false,
			stitch_disabled: false,
		};
		const options = tiktokOptionsSchema.parse({ autoAddMusic: true, brandOrganic: true });
		const content = { title: ' Title ', text: ' Words ' };
		expect(photoPostInfo(content, options, creator)).toEqual({
			title: 'Title',
			description: 'Words',
			privacy_level: 'SELF_ONLY',
			disable_comment: true,
			auto_add_music: true,
			brand_content_toggle: false,
			brand_organic_toggle: true,
		});
		expect(photoPostInfo(content, options, null)).toEqual({ title: 'Title', description: 'Words' });
	});

	it('leads to the post, or to the account while the id is not told', () => {
		expect(webUrl({ username: 'me', videoId: '7' }, undefined)).toBe('https://www.tiktok.com/@me/video/7');
		expect(webUrl({ username: 'me', videoId: null }, undefined)).toBe('https://www.tiktok.com/@me');
		expect(webUrl({ username: null, videoId: null }, 'http://127.0.0.1:1/')).toBe('http://127.0.0.1:1/');
	});
});
