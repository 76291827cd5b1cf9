import type { MediaFacts, MediaItem } from '../../../lib/publishing/adapter';
import type { PublishError } from '../../../lib/publishing/errors';
import { xAdapter } from '../../../lib/platforms/x/adapter';
import { xError, xErrors } from '../../../lib/platforms/x/errors';
import { postBody } from '../../../lib/platforms/x/options';
import { comparable, expandLinks } from '../../../lib/platforms/x/recent-posts';
import { validateForX, xCostMicrosUsd } from '../../../lib/platforms/x/text';

const videoFacts: MediaFacts = {
	kind: 'video',
	mimeType: 'video/mp4',
	sizeBytes: 1_000_000,
	durationSec: 30,
	widthPx: 1080,
	heightPx: 1920,
	framesPerSec: 30,
};
const video: MediaItem = { facts: videoFacts };
const picture: MediaItem = { facts: { kind: 'image', mimeType: 'image/png', sizeBytes: 900 } };
const gif: MediaItem = { facts: { kind: 'gif', mimeType: 'image/gif', sizeBytes: 900 } };

const rules = (content: Parameters<typeof validateForX>[0], media: readonly MediaItem[] = []): string[] =>
	validateForX(content, media).map(({ rule }) => rule);

describe('what X accepts (facts 4.3–4.5)', () => {
	it.each([
		['280 letters', 'x'.repeat(280)],
		['a link of 300 characters', `https://example.com/${'x'.repeat(280)} ${'y'.repeat(256)}`],
		['140 Chinese characters', '字'.repeat(140)],
	])('takes %s', (_, text) => {
		expect(rules({ text })).toEqual([]);
	});

	it.each([
		['281 letters', 'x'.repeat(281), 'text.length'],
		['141 Chinese characters', '字'.repeat(141), 'text.length'],
		['two cashtags', 'Buy $AAPL and $MSFT', 'text.cashtags'],
		['a forbidden character', 'a\uFFFEb', 'text.characters'],
		['nothing at all', '', 'text'],
	])('refuses %s', (_, text, rule) => {
		expect(rules({ text })).toEqual([rule]);
	});

	it('lets an account with Premium write 25,000, and no more', () => {
		const options = { isPremium: true };
		expect(rules({ text: 'x'.repeat(25_000), options })).toEqual([]);
		expect(rules({ text: 'x'.repeat(25_001), options })).toEqual(['text.length']);
	});

	it.each([
		['a long video', { durationSec: 141 }, 'media.duration'],
		['a short video', { durationSec: 0.4 }, 'media.duration'],
		['a stretched video', { widthPx: 4000, heightPx: 1000 }, 'media.aspect'],
		['a tiny video', { widthPx: 20, heightPx: 40 }, 'media.size-px'],
		['a fast video', { framesPerSec: 120 }, 'media.frame-rate'],
		['a huge file', { sizeBytes: 600_000_000 }, 'media.size'],
		['another container', { mimeType: 'video/x-matroska' }, 'media.type'],
		['a document', { kind: 'document', mimeType: 'application/pdf' }, 'media.type'],
		['a picture of 6 MB', { kind: 'image', mimeType: 'image/png', sizeBytes: 6_000_000 }, 'media.size'],
		['a picture as BMP', { kind: 'image', mimeType: 'image/bmp' }, 'media.type'],
		['a large GIF', { kind: 'gif', mimeType: 'image/gif' }, 'media.size-px'],
	] as const)('refuses %s', (_, change, rule) => {
		expect(rules({ text: 'x' }, [{ facts: { ...videoFacts, ...change } }])).toEqual([rule]);
	});

	it('takes up to four pictures, or one GIF, or one video, and nothing mixed', () => {
		const taken = [[picture, picture, picture, picture], [gif], [video]];
		for (const media of taken) expect(rules({}, media)).toEqual([]);
		const refused = [
			[...(taken[0] ?? []), picture],
			[gif, picture],
			[video, picture],
			[video, video],
		];
		for (const media of refused) expect(rules({}, media)).toEqual(['media.count']);
	});

	it('says which of several pictures breaks a rule', () => {
		const broken = { ...picture, facts: { ...picture.facts, sizeBytes: 0 } };
		expect(validateForX({}, [picture, broken])).toMatchObject([{ rule: 'media.size', found: '#2: 0 bytes' }]);
	});

	it('counts the description of a picture, and forgives that of a video, which X would not take', () => {
		const altText = 'x'.repeat(1_001);
		expect(rules({}, [{ ...picture, altText }])).toEqual(['media.alt-text']);
		expect(rules({}, [{ ...picture, altText: 'x'.repeat(1_000) }])).toEqual([]);
		expect(rules({}, [{ ...video, altText }])).toEqual([]);
	});

	const poll = { options: ['Yes', 'No'], durationMinutes: 60 };
	it.each([
		['a poll with media', { poll }, [picture], 'option:poll'],
		['one choice', { poll: { ...poll, options: ['Yes'] } }, [], 'option:poll.options'],
		[
			'a choice of 26 letters',
			{ poll: { ...poll, options: ['x'.repeat(26), 'y'] } },
			[],
			'option:poll.options.0',
		],
		['a poll of four minutes', { poll: { ...poll, durationMinutes: 4 } }, [], 'option:poll.durationMinutes'],
		['an ID with letters', { replyToPostId: 'abc' }, [], 'option:replyToPostId'],
		['tags without media', { taggedUserIds: ['1'] }, [], 'option:taggedUserIds'],
		['exclusions without a reply', { excludeReplyUserIds: ['1'] }, [], 'option:excludeReplyUserIds'],
		['an unknown option', { altText: 'x' }, [], 'option:name'],
	])('refuses %s', (_, options, media, rule) => {
		expect(rules({ text: 'x', options }, media)).toEqual([rule]);
	});
});

describe('what X bills (facts 4.7)', () => {
	it.each([
		['words', 'Just words', [], 15_000],
		['a link', 'See https://example.com/a', [], 200_000],
		['a bare link, which X makes one of too', 'See example.com', [], 200_000],
		[
			'two described pictures',
			'Look',
			[
				{ ...picture, altText: 'A' },
				{ ...picture, altText: 'B' },
			],
			25_000,
		],
		['a video whose description is not sent', 'Look', [{ ...video, altText: 'A' }], 15_000],
	])('bills %s', (_, text, media, costMicrosUsd) => {
		expect(xCostMicrosUsd({ text }, media)).toBe(costMicrosUsd);
		expect(xAdapter.costMicrosUsd?.({ text }, media)).toBe(costMicrosUsd);
	});
});

describe('the body of the publishing call', () => {
	it('has no key that X does not know', () => {
		const content = { title: 'unused', description: 'unused', text: 'Words', options: { madeWithAi: true } };
		expect(postBody(content, ['42'])).toEqual({
			text: 'Words',
			media: { media_ids: ['42'] },
			made_with_ai: true,
		});
		expect(postBody({ text: '  ' }, ['42', '43'])).toEqual({ media: { media_ids: ['42', '43'] } });
	});

	it('has every option under its name on the wire', () => {
		const options = {
			replySettings: 'verified',
			replyToPostId: '1',
			excludeReplyUserIds: ['2'],
			quotePostId: '3',
			taggedUserIds: ['4'],
			communityId: '5',
			shareWithFollowers: true,
			superFollowersOnly: false,
			placeId: 'df51dec6f4ee2b2c',
			madeWithAi: false,
			paidPartnership: true,
			isPremium: true,
		};
		expect(postBody({ text: 'x', options }, ['9'])).toEqual({
			text: 'x',
			media: { media_ids: ['9'], tagged_user_ids: ['4'] },
			reply: { in_reply_to_tweet_id: '1', exclude_reply_user_ids: ['2'] },
			quote_tweet_id: '3',
			reply_settings: 'verified',
			made_with_ai: false,
			paid_partnership: true,
			community_id: '5',
			share_with_followers: true,
			for_super_followers_only: false,
			geo: { place_id: 'df51dec6f4ee2b2c' },
		});
		const poll = { options: ['Yes', 'No'], durationMinutes: 60 };
		expect(postBody({ text: 'x', options: { poll } }, [])).toEqual({
			text: 'x',
			poll: { options: ['Yes', 'No'], duration_minutes: 60 },
		});
	});
});

describe('finding a text again', () => {
	it('puts links back and takes the link to the media away', () => {
		const text = expandLinks({
			id: '1',
			text: 'Look https://t.co/aaa https://t.co/bbb',
			entities: {
				urls: [
					{ url: 'https://t.co/aaa', expanded_url: 'https://example.com/' },
					{ url: 'https://t.co/bbb', expanded_url: 'https://x.com/me/status/1/video/1', media_key: '13_1' },
				],
			},
		});
		expect(comparable(text)).toBe(comparable('Look https://example.com'));
	});

	it('does not take different words for the same', () => {
		expect(comparable('One & two')).toBe(comparable('One &amp; two'));
		expect(comparable('One & two')).not.toBe(comparable('One & three'));
	});
});

describe('every refusal that the facts name (4.5, 4.8)', () => {
	const now = new Date('2026-11-20T12:00:00Z');
	const problems = 'https://api.x.com/2/problems/';
	const refused = (status: number, body: object): PublishError =>
		xError({ status, headers: {}, bodyText: JSON.stringify(body) }, now, 'Publishing the post');

	it.each([
		[400, { type: `${problems}invalid-request` }, 'validation', 'invalid-request'],
		[401, { type: 'about:blank', title: 'Unauthorized' }, 'auth', 'http-401'],
		[402, { type: `${problems}credits-depleted` }, 'rejected', 'credits-depleted'],
		[402, { title: 'CreditsDepleted' }, 'rejected', 'http-402'],
		[
			403,
			{ detail: 'You are not allowed to create a Tweet with duplicate content.' },
			'unknown',
			'duplicate-content',
		],
		[403, { type: `${problems}client-forbidden` }, 'auth', 'client-forbidden'],
		[403, { type: `${problems}unsupported-authentication` }, 'auth', 'unsupported-authentication'],
		[403, { detail: 'You are not permitted to perform this action.' }, 'rejected', 'not-permitted'],
		[403, { type: `${problems}user-suspended` }, 'rejected', 'user-suspended'],
		[403, { type: `${problems}usage-capped` }, 'quota', 'usage-capped'],
		[429, { type: `${problems}usage-capped` }, 'quota', 'usage-capped'],
		[429, { errors: [{ code: 88, message: 'Rate limit exceeded' }] }, 'rate-limit', 'rate-limit'],
		[429, { title: 'Too Many Requests' }, 'rate-limit', 'rate-limit'],
		[400, { detail: 'The video is longer than 2 minutes' }, 'validation', 'video-too-long'],
		[500, {}, 'platform', 'http-500'],
		[502, {}, 'platform', 'http-502'],
		[503, {}, 'platform', 'http-503'],
		[504, {}, 'platform', 'http-504'],
	])('makes %i %j a matter of %s', (status, body, errorClass, code) => {
		const error = refused(status, body);
		expect(error).toMatchObject({ class: errorClass, code });
		if (errorClass !== 'platform' && errorClass !== 'rate-limit') expect(error.remedy).toBeTruthy();
	});

	it('has a test above for every row of the table', () => {
		const tested = ['invalid-request', 'credits-depleted', 'duplicate-content', 'client-forbidden'];
		const more = ['unsupported-authentication', 'not-permitted', 'user-suspended', 'usage-capped'];
		expect(Object.keys(xErrors).sort()).toEqual([...tested, ...more, 'video-too-long', 'rate-limit'].sort());
	});
});
