import fc from 'fast-check';
import type { MediaFacts } from '../../../lib/publishing/adapter';
import type { HttpResponse } from '../../../lib/publishing/ports';
import { postUrl } from '../../../lib/platforms/facebook/constants';
import { facebookError, facebookErrors } from '../../../lib/platforms/facebook/errors';
import { facebookLimits } from '../../../lib/platforms/facebook/limits';
import { pageIdOf } from '../../../lib/platforms/facebook/page-access';
import { feedBody, reelBody, videoBody } from '../../../lib/platforms/facebook/post-body';
import { comparable } from '../../../lib/platforms/facebook/recent-posts';
import { validateForFacebook } from '../../../lib/platforms/facebook/text';
import { videoSchema } from '../../../lib/platforms/facebook/types';
import { stageOf } from '../../../lib/platforms/facebook/video-status';

const now = new Date('2026-11-20T12:00:00Z');

function answer(status: number, error: object, headers: Record<string, string> = {}): HttpResponse {
	return { status, headers, bodyText: JSON.stringify({ error: { message: 'Said so.', ...error } }) };
}

describe('the error table of Facebook', () => {
	it.each([
		[400, 190, 463, 'auth'],
		[400, 102, undefined, 'auth'],
		[400, 10, undefined, 'auth'],
		[400, 3, undefined, 'auth'],
		[403, 200, undefined, 'auth'],
		[403, 299, undefined, 'auth'],
		[400, 200, 1404078, 'rejected'],
		[400, 4, undefined, 'rate-limit'],
		[400, 17, undefined, 'rate-limit'],
		[400, 32, undefined, 'rate-limit'],
		[403, 613, undefined, 'rate-limit'],
		[429, 80001, undefined, 'rate-limit'],
		[400, 1, undefined, 'platform'],
		[400, 2, undefined, 'platform'],
		[400, 6000, 1363047, 'platform'],
		[400, 100, 1609010, 'platform'],
		[400, 100, undefined, 'validation'],
		[400, 368, undefined, 'quota'],
		[400, 1, 1390008, 'quota'],
		[400, 200, 1404112, 'quota'],
		[400, 506, undefined, 'unknown'],
		[400, 6000, undefined, 'validation'],
		[400, 6001, undefined, 'validation'],
		[400, 352, 1363026, 'validation'],
		[400, 352, undefined, 'validation'],
		[400, 1, 1366046, 'validation'],
		[400, 1, 1346003, 'rejected'],
		[400, 100, 1404102, 'rejected'],
		[400, 1, 4854002, 'rejected'],
		[503, 99_999, undefined, 'platform'],
		[400, 99_999, undefined, 'validation'],
	])('makes HTTP %i, code %i, subcode %p a matter of %s (facts 6.5)', (status, code, subcode, errorClass) => {
		const response = answer(status, { code, ...(subcode !== undefined && { error_subcode: subcode }) });
		const error = facebookError(response, now, 'Doing it');
		expect(error).toMatchObject({ class: errorClass, httpStatus: status, platform: 'facebook' });
		expect(error.message).toContain('Said so.');
	});

	it('backs off when Facebook calls it transient, unless a window or a token is the matter', () => {
		const transient = (code: number) => facebookError(answer(400, { code, is_transient: true }), now, 'x');
		expect(transient(100).class).toBe('platform');
		expect(transient(4).class).toBe('rate-limit');
		expect(transient(190).class).toBe('auth');
	});

	it('waits the longest of the times that the usage header gives, in minutes', () => {
		const usage = JSON.stringify({
			'1': [{ type: 'pages', estimated_time_to_regain_access: 7 }],
			'2': [{ type: 'pages', estimated_time_to_regain_access: 19 }],
		});
		const response = answer(400, { code: 80001 }, { 'x-business-use-case-usage': usage });
		expect(facebookError(response, now, 'x').retryAt).toEqual(new Date('2026-11-20T12:19:00Z'));
	});

	it('says when to come back for every row that is about a window, and a remedy for what a person must do', () => {
		for (const [key, row] of Object.entries(facebookErrors)) {
			expect(row.facts).toMatch(/^6\.\d/);
			if (row.class === 'quota' || row.class === 'rate-limit') {
				expect({ key, at: row.retryAt?.(now).getTime() }).toEqual({ key, at: expect.any(Number) });
			}
			if (['auth', 'validation', 'rejected'].includes(row.class)) expect(row.remedy).toBeTruthy();
		}
	});

	it('hides a token that Facebook quotes', () => {
		const response = answer(400, { code: 100, message: 'Bad: access_token=EAAB-secret&x=1' });
		expect(facebookError(response, now, 'x').message).not.toContain('EAAB');
	});
});

const reel: MediaFacts = {
	kind: 'video',
	mimeType: 'video/mp4',
	sizeBytes: 1_000_000,
	durationSec: 30,
	widthPx: 1080,
	heightPx: 1920,
	framesPerSec: 30,
	videoCodec: 'h264',
	audioCodec: 'aac',
};
const photo: MediaFacts = { kind: 'image', mimeType: 'image/jpeg', sizeBytes: 100_000 };

const document: MediaFacts = { kind: 'document', mimeType: 'application/pdf', sizeBytes: 100_000 };
const times = (count: number, media: MediaFacts): MediaFacts[] => Array.from({ length: count }, () => media);
const rules = (content: object, ...media: MediaFacts[]): string[] =>
	validateForFacebook(
		content,
		media.map((facts) => ({ facts })),
	).map(({ rule }) => rule);
const story = { options: { placement: 'story' } };

describe('what Facebook accepts (facts 6.2, 6.3)', () => {
	const wide = { ...reel, widthPx: 1920, heightPx: 1080, durationSec: 3_000, audioCodec: 'opus' };

	it.each<[string, object, MediaFacts[]]>([
		['an ordinary reel', { text: 'Words' }, [reel]],
		['a reel without words', {}, [reel]],
		['a photo with a long text', { text: 'x'.repeat(63_206) }, [photo]],
		['ten photos', { text: 'Words' }, times(10, photo)],
		['a link', { options: { link: 'https://example.com' } }, []],
		['a video of any shape', { options: { videoType: 'video' } }, [wide]],
		['a story with a video', story, [{ ...reel, durationSec: 60 }]],
		['a story with a photo', story, [photo]],
		['a planned post', { text: 'x', options: { scheduledPublishTime: '2027-01-31T18:00:00+01:00' } }, []],
	])('finds nothing wrong with %s', (_, content, media) => {
		expect(rules(content, ...media)).toEqual([]);
	});

	it.each([
		['a long reel', { durationSec: 91 }, 'media.duration'],
		['a short reel', { durationSec: 2.9 }, 'media.duration'],
		['a wide reel', { widthPx: 1920, heightPx: 1080 }, 'media.aspect'],
		['a small reel', { widthPx: 360, heightPx: 640 }, 'media.size-px'],
		['a slow reel', { framesPerSec: 15 }, 'media.frame-rate'],
		['a fast reel', { framesPerSec: 61 }, 'media.frame-rate'],
		['another container', { mimeType: 'video/quicktime' }, 'media.type'],
		['another picture codec', { videoCodec: 'mpeg4' }, 'media.video-codec'],
		['another sound codec', { audioCodec: 'opus' }, 'media.audio-codec'],
		['an empty file', { sizeBytes: 0 }, 'media.size'],
		['a huge file', { sizeBytes: 10_000_000_001 }, 'media.size'],
	])('refuses %s', (_, change, rule) => {
		expect(rules({ text: 'x' }, { ...reel, ...change })).toEqual([rule]);
	});

	it('takes the 23.976 frames per second of films for 24', () => {
		expect(rules({}, { ...reel, framesPerSec: 23.976 })).toEqual([]);
	});

	it.each<[string, object, MediaFacts[], string]>([
		['nothing at all', {}, [], 'text'],
		['63,207 characters', { text: 'x'.repeat(63_207) }, [], 'text.length'],
		['a link beside media', { options: { link: 'https://example.com' } }, [photo], 'option:link'],
		['something that is no link', { text: 'x', options: { link: 'example' } }, [], 'option:link'],
		['a page by its name', { text: 'x', options: { pageId: 'my-page' } }, [], 'option:pageId'],
		['an unknown option', { text: 'x', options: { page: '1' } }, [], 'option:name'],
		[
			'a time without a zone',
			{ text: 'x', options: { scheduledPublishTime: '2027-01-31T18:00' } },
			[],
			'option:scheduledPublishTime',
		],
		['a photo above 4 MB', {}, [{ ...photo, sizeBytes: 4_000_001 }], 'media.size'],
		['a moving picture', {}, [{ ...photo, kind: 'gif', mimeType: 'image/gif' }], 'media.type'],
		['a document', {}, [document], 'media.type'],
		['eleven photos', {}, times(11, photo), 'media.count'],
		['a reel among photos', {}, [photo, reel], 'media.mixture'],
		['two reels', {}, [reel, reel], 'media.mixture'],
		['a story without media', story, [], 'media'],
		['a story of two photos', story, [photo, photo], 'media.count'],
		['a story of 61 s', story, [{ ...reel, durationSec: 61 }], 'media.duration'],
		['a story with words', { text: 'x', ...story }, [photo], 'text'],
		[
			'a story with a link',
			{ options: { placement: 'story', link: 'https://a.example' } },
			[photo],
			'option:link',
		],
	])('refuses %s', (_, content, media, rule) => {
		expect(rules(content, ...media)).toEqual([rule]);
	});

	it('sends no field that was not filled in', () => {
		expect(reelBody({}, '7')).toEqual({ upload_phase: 'finish', video_id: '7', video_state: 'PUBLISHED' });
		expect(videoBody({ text: ' Words ', title: 'Title' }, '8')).toEqual({
			upload_phase: 'finish',
			upload_session_id: '8',
			description: 'Words',
			title: 'Title',
		});
		expect(feedBody({ text: 'Words' }, [])).toEqual({ message: 'Words' });
		expect(feedBody({ text: '' }, ['5', '6'])).toEqual({
			attached_media: [{ media_fbid: '5' }, { media_fbid: '6' }],
		});
	});

	it('sends a planned time in seconds, and says that the post is not out yet', () => {
		const content = { options: { scheduledPublishTime: '2027-01-31T18:00:00.500Z' } };
		const scheduled = { scheduled_publish_time: 1_801_418_400 };
		expect(reelBody(content, '7')).toMatchObject({ video_state: 'SCHEDULED', ...scheduled });
		expect(videoBody(content, '8')).toMatchObject({ published: false, ...scheduled });
		expect(feedBody(content, [])).toEqual({ published: false, ...scheduled });
	});
});

describe('the window of thirty reels (facts 6.2)', () => {
	it.each<[string, object, MediaFacts[], boolean]>([
		['a reel', { text: 'x' }, [reel], true],
		['a video', { options: { videoType: 'video' } }, [reel], false],
		['a story', story, [reel], false],
		['a photo', {}, [photo], false],
		['words', { text: 'x' }, [], false],
	])('is asked about %s rightly', (_, content, media, isCounted) => {
		const found = facebookLimits.filter(({ counts }) =>
			counts?.(
				content,
				media.map((facts) => ({ facts })),
			),
		);
		expect(found.map(({ limitTotal }) => limitTotal)).toEqual(isCounted ? [30] : []);
	});
});

describe('how far a video is (facts 6.2)', () => {
	const stage = (status: object) => stageOf(videoSchema.parse({ status }));

	it.each([
		[{ video_status: 'uploading', uploading_phase: { bytes_transferred: 7 } }, 'uploading'],
		[{ video_status: 'upload_complete' }, 'uploaded'],
		[{ video_status: 'processing', publishing_phase: { publish_status: 'draft' } }, 'working'],
		[{ video_status: 'ready' }, 'live'],
		[{ video_status: 'processing', publishing_phase: { publish_status: 'published' } }, 'live'],
		[{ publishing_phase: { publish_status: 'scheduled' } }, 'scheduled'],
		[{ video_status: 'ready', publishing_phase: { publish_status: 'scheduled' } }, 'scheduled'],
		[{ video_status: 'expired' }, 'expired'],
		[{ video_status: 'error' }, 'failed'],
		[{ video_status: 'upload_failed' }, 'failed'],
		[{ video_status: 'processing', publishing_phase: { status: 'error' } }, 'failed'],
		[{ uploading_phase: { status: 'error', errors: [{ message: 'bad' }] } }, 'failed'],
		[{}, 'uploading'],
	])('reads %j as %s', (status, kind) => {
		expect(stage(status).kind).toBe(kind);
	});

	it('reads the count of bytes in both spellings', () => {
		expect(stage({ uploading_phase: { bytes_transfered: '12' } })).toEqual({
			kind: 'uploading',
			storedBytes: 12,
		});
		expect(stage({ uploading_phase: { bytes_transferred: 12 } })).toEqual({
			kind: 'uploading',
			storedBytes: 12,
		});
	});

	it('never takes for public what Facebook does not call published, scheduled or ready', () => {
		const phase = fc.constantFrom('not_started', 'in_progress', 'complete', 'error');
		const withoutSome = { requiredKeys: [] };
		const statuses = fc.record(
			{
				video_status: fc.constantFrom('uploading', 'upload_complete', 'processing', 'expired', 'error'),
				uploading_phase: fc.record({ status: phase }, withoutSome),
				processing_phase: fc.record({ status: phase }, withoutSome),
				publishing_phase: fc.record(
					{ status: phase, publish_status: fc.constantFrom('draft', 'not_started') },
					withoutSome,
				),
			},
			withoutSome,
		);
		fc.assert(
			fc.property(statuses, (status) => {
				expect(stage(status).kind).not.toBe('live');
			}),
		);
	});
});

describe('addresses and ids of Facebook', () => {
	it('knows the page by the id of the post', () => {
		expect(pageIdOf('123_456')).toBe('123');
		expect(pageIdOf('456')).toBeUndefined();
	});

	it('completes an address without a host, and keeps one that is whole', () => {
		const apiBaseUrl = 'http://127.0.0.1:1/';
		expect(postUrl('1_2', {})).toBe('https://www.facebook.com/1_2');
		expect(postUrl('1_2', { permalink: '/reel/2/' })).toBe('https://www.facebook.com/reel/2/');
		expect(postUrl('1_2', { permalink: '/reel/2/', apiBaseUrl })).toBe('http://127.0.0.1:1/reel/2/');
		expect(postUrl('1_2', { permalink: 'https://www.facebook.com/x' })).toBe('https://www.facebook.com/x');
	});

	it('does not take different words for the same', () => {
		expect(comparable('One  two\nhttps://example.com/')).toBe(comparable('One two https://example.com'));
		expect(comparable('One two')).not.toBe(comparable('One three'));
	});
});
