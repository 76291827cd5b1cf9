import fc from 'fast-check';
import { isUploadAddress } from '../../../lib/platforms/instagram/constants';
import { instagramError, instagramErrors, processingError } from '../../../lib/platforms/instagram/errors';
import { comparable } from '../../../lib/platforms/instagram/recent-media';
import { carouselBody, partBody } from '../../../lib/platforms/instagram/container-body';
import { validateForInstagram } from '../../../lib/platforms/instagram/text';
import type { MediaFacts, MediaItem } from '../../../lib/publishing/adapter';
import type { HttpResponse } from '../../../lib/publishing/ports';

const now = new Date('2026-11-20T12:00:00Z');

function answer(status: number, code: number, subcode?: number, more: object = {}): HttpResponse {
	const error = {
		message: 'Said so.',
		type: 'OAuthException',
		code,
		...(subcode && { error_subcode: subcode }),
		...more,
	};
	return { status, headers: {}, bodyText: JSON.stringify({ error }) };
}

describe('the error table of Instagram (facts 3.5)', () => {
	it.each([
		[400, 190, undefined, 'auth'],
		[400, 190, 458, 'auth'],
		[400, 190, 460, 'auth'],
		[400, 190, 463, 'auth'],
		[400, 190, 467, 'auth'],
		[400, 102, undefined, 'auth'],
		[403, 10, undefined, 'auth'],
		[400, 3, undefined, 'auth'],
		[403, 200, undefined, 'auth'],
		[403, 299, undefined, 'auth'],
		[400, 4, undefined, 'rate-limit'],
		[403, 17, undefined, 'rate-limit'],
		[400, 32, undefined, 'rate-limit'],
		[400, 613, undefined, 'rate-limit'],
		[403, 80002, undefined, 'rate-limit'],
		[403, 9, 2207042, 'quota'],
		[400, 9007, 2207027, 'platform'],
		[400, -2, 2207003, 'platform'],
		[400, -1, 2207001, 'platform'],
		[400, -1, 2207032, 'platform'],
		[400, -1, 2207053, 'platform'],
		[400, -1, 2207082, 'platform'],
		[500, 1, undefined, 'platform'],
		[500, 2, undefined, 'platform'],
		[400, -2, 2207020, 'platform'],
		[400, 24, 2207006, 'platform'],
		[400, -1, 2207008, 'platform'],
		[400, 9004, 2207052, 'platform'],
		[400, 9004, 2207077, 'platform'],
		[400, 352, 2207026, 'validation'],
		[400, 36000, 2207004, 'validation'],
		[400, 36001, 2207005, 'validation'],
		[400, 36003, 2207009, 'validation'],
		[400, 100, 2207023, 'validation'],
		[400, 100, 2207028, 'validation'],
		[400, 100, 2207010, 'validation'],
		[400, 100, 2207040, 'validation'],
		[400, 1, 2207057, 'validation'],
		[403, 25, 2207050, 'rejected'],
		[403, 4, 2207051, 'rejected'],
		[400, 100, 2207081, 'validation'],
	])('makes %i %i/%s a matter of %s', (status, code, subcode, errorClass) => {
		const error = instagramError(answer(status, code, subcode), now, 'Doing it');
		expect(error).toMatchObject({ class: errorClass, httpStatus: status, platform: 'instagram' });
		expect(error.message).toContain('Said so.');
		expect(error.remedy).toMatch(/\w/);
	});

	it('takes "transient" as passing, unless the token or a window is the trouble', () => {
		const transient = { is_transient: true };
		expect(instagramError(answer(400, 100, undefined, transient), now, 'x').class).toBe('platform');
		expect(instagramError(answer(400, 190, undefined, transient), now, 'x').class).toBe('auth');
		expect(instagramError(answer(400, 4, undefined, transient), now, 'x').class).toBe('rate-limit');
	});

	it('says when a full window has room again', () => {
		for (const [code, subcode] of [
			[4, undefined],
			[80002, undefined],
			[9, 2207042],
		] as const) {
			const { retryAt } = instagramError(answer(403, code, subcode), now, 'x');
			expect(retryAt!.getTime()).toBeGreaterThan(now.getTime());
		}
	});

	it('names the section of the facts that every row comes from', () => {
		for (const row of Object.values(instagramErrors)) expect(row.facts).toMatch(/^3\.\d/);
	});

	it('reads the subcode out of a container’s text, and is final about it', () => {
		const error = processingError('Error: Media upload has failed with error code 2207026');
		expect(error).toMatchObject({ class: 'rejected', code: '2207026' });
		expect(error.remedy).toMatch(/H\.264/);
		expect(processingError('Something new')).toMatchObject({ class: 'rejected', code: 'processing-failed' });
	});
});

const video: MediaFacts = {
	kind: 'video',
	mimeType: 'video/mp4',
	sizeBytes: 1_000_000,
	durationSec: 30,
	widthPx: 1080,
	heightPx: 1920,
	framesPerSec: 30,
};
const image: MediaFacts = {
	kind: 'image',
	mimeType: 'image/jpeg',
	sizeBytes: 500_000,
	widthPx: 1080,
	heightPx: 1350,
};
const story = { placement: 'story' };
const items = (...facts: MediaFacts[]): MediaItem[] => facts.map((each) => ({ facts: each }));

const rules = (text: string, media: readonly MediaItem[], options: object = {}): string[] =>
	validateForInstagram({ text, options: { ...options } }, media).map(({ rule }) => rule);

describe('what Instagram accepts (facts 3.2, 3.3)', () => {
	it.each([
		['an ordinary clip', 'A clip #one #two', [video], {}],
		['no caption', '', [video], {}],
		['2200 emoji', '🎬'.repeat(2200), [video], {}],
		['an address that is no mention', 'Write to me@example.com '.repeat(25), [video], {}],
		['a picture', 'Pic', [image], {}],
		['a wide picture', 'Pic', [{ ...image, widthPx: 1440, heightPx: 754 }], {}],
		['a large picture, which is scaled', 'Pic', [{ ...image, widthPx: 4000, heightPx: 5000 }], {}],
		['two media of both kinds', 'Both', [image, video], {}],
		['ten pictures', 'Ten', Array.from({ length: 10 }, () => image), {}],
		['a story of a video', '', [video], story],
		['a story of a tall picture', '', [{ ...image, widthPx: 1080, heightPx: 1920 }], story],
		['a cover moment at the very end', 'x', [video], { thumbOffsetMs: 30_000 }],
		['a trial reel', 'x', [video], { trialReel: 'MANUAL' }],
		['a tag on the second of two', 'x', [image, video], { userTags: [{ username: 'a', mediaNumber: 2 }] }],
	])('takes %s', (_, text, media, options) => {
		expect(rules(text, items(...media), options)).toEqual([]);
	});

	it.each([
		['2201 characters', 'x'.repeat(2201), [video], {}, 'caption.length'],
		['six hashtags', '#a #b #c #d #e #f', [video], {}, 'caption.hashtags'],
		['21 mentions', '@a '.repeat(21), [video], {}, 'caption.mentions'],
		['words in a story', 'x', [video], story, 'caption.story'],
		['four collaborators', 'x', [video], { collaborators: ['a', 'b', 'c', 'd'] }, 'option:collaborators'],
		['an unknown option', 'x', [video], { cover: 'x' }, 'option:name'],
		['a cover of a picture', 'x', [image], { coverUrl: 'https://example.com/a.jpg' }, 'option:coverUrl'],
		['a trial carousel', 'x', [image, image], { trialReel: 'MANUAL' }, 'option:trialReel'],
		['a comment under a story', '', [video], { ...story, firstComment: 'x' }, 'option:firstComment'],
		['collaborators of a story', '', [video], { ...story, collaborators: ['a'] }, 'option:collaborators'],
		['a cover moment after the end', 'x', [video], { thumbOffsetMs: 30_001 }, 'option:thumbOffsetMs'],
		[
			'a tag on the third of two',
			'x',
			[image, image],
			{ userTags: [{ username: 'a', mediaNumber: 3 }] },
			'option:userTags',
		],
		[
			'a tag outside of the picture',
			'x',
			[image],
			{ userTags: [{ username: 'a', x: 2 }] },
			'option:userTags.0.x',
		],
		['nothing to show', 'x', [], {}, 'media'],
		['eleven pictures', 'x', Array.from({ length: 11 }, () => image), {}, 'media.count'],
		['two stories at once', '', [image, image], story, 'media.count'],
		['a PNG', 'x', [{ ...image, mimeType: 'image/png' }], {}, 'media.type'],
		['a GIF', 'x', [{ ...image, kind: 'gif', mimeType: 'image/gif' }], {}, 'media.type'],
		['a large picture', 'x', [{ ...image, sizeBytes: 8_000_001 }], {}, 'media.size'],
		['an empty picture', 'x', [{ ...image, sizeBytes: 0 }], {}, 'media.size'],
		['a picture that is too tall', 'x', [{ ...image, heightPx: 1400 }], {}, 'media.aspect'],
		['a panorama', 'x', [image, { ...image, widthPx: 2000, heightPx: 1000 }], {}, 'media.aspect'],
		['another container', 'x', [{ ...video, mimeType: 'video/webm' }], {}, 'media.type'],
		['an empty file', 'x', [{ ...video, sizeBytes: 0 }], {}, 'media.size'],
		['a huge file', 'x', [{ ...video, sizeBytes: 300_000_001 }], {}, 'media.size'],
		['a huge story', '', [{ ...video, sizeBytes: 100_000_001 }], story, 'media.size'],
		['two seconds', 'x', [{ ...video, durationSec: 2 }], {}, 'media.duration'],
		['sixteen minutes', 'x', [{ ...video, durationSec: 960 }], {}, 'media.duration'],
		['a story of two minutes', '', [{ ...video, durationSec: 120 }], story, 'media.duration'],
		['4K', 'x', [{ ...video, widthPx: 3840, heightPx: 2160 }], {}, 'media.width'],
		['a stripe', 'x', [{ ...video, widthPx: 1900, heightPx: 100 }], {}, 'media.aspect'],
		['12 frames', 'x', [{ ...video, framesPerSec: 12 }], {}, 'media.frame-rate'],
	] as const)('refuses %s', (...[, text, media, options, rule]) => {
		expect(rules(text, items(...media), options)).toEqual([rule]);
	});

	it('takes an alternative text of 1000 characters, and no longer one', () => {
		const described = (altText: string): MediaItem[] => [{ facts: image, altText }];
		expect(rules('x', described('x'.repeat(1000)))).toEqual([]);
		expect(rules('x', described('x'.repeat(1001)))).toEqual(['media.altText']);
	});

	it('says for every broken rule what to do', () => {
		const broken = validateForInstagram({ text: 'x'.repeat(2201) }, items({ ...video, durationSec: 1 }));
		expect(broken.map(({ fix }) => fix)).toEqual([expect.stringMatching(/./), expect.stringMatching(/./)]);
	});
});

describe('the containers of a post (facts 3.2)', () => {
	const address = 'https://example.com/a';

	it('says only what was said', () => {
		expect(partBody({ content: { text: ' ' }, media: items(video), index: 0 })).toEqual({
			media_type: 'REELS',
			upload_type: 'resumable',
		});
		const media = [{ facts: image, altText: 'A cat' }];
		expect(partBody({ content: { title: 'unused', text: 'Pic' }, media, index: 0, address })).toEqual({
			image_url: address,
			caption: 'Pic',
			alt_text: 'A cat',
		});
	});

	it('gives a story its media and its tags, and nothing else', () => {
		const options = { ...story, userTags: [{ username: 'friend' }] };
		const media = [{ facts: image, altText: 'Nobody can hear it' }];
		expect(partBody({ content: { options }, media, index: 0, address })).toEqual({
			media_type: 'STORIES',
			image_url: address,
			user_tags: [{ username: 'friend', x: 0.5, y: 0.5 }],
		});
		expect(partBody({ content: { options: story }, media: items(video), index: 0 })).toEqual({
			media_type: 'STORIES',
			upload_type: 'resumable',
		});
	});

	it('keeps words and collaborators for the carousel, and tags and alternative text for its items', () => {
		const options = {
			collaborators: ['friend'],
			isAiGenerated: true,
			userTags: [
				{ username: 'first', x: 0.1, y: 0.2 },
				{ username: 'second', x: 0.3, y: 0.4, mediaNumber: 2 },
			],
		};
		const content = { text: 'Words', options };
		const media = [
			{ facts: image, altText: 'A cat' },
			{ facts: video, altText: 'A dog' },
		];
		expect(partBody({ content, media, index: 0, address })).toEqual({
			is_carousel_item: true,
			image_url: address,
			alt_text: 'A cat',
			user_tags: [{ username: 'first', x: 0.1, y: 0.2 }],
		});
		expect(partBody({ content, media, index: 1 })).toEqual({
			media_type: 'VIDEO',
			is_carousel_item: true,
			upload_type: 'resumable',
			user_tags: [{ username: 'second' }],
		});
		expect(carouselBody(content, ['1', '2'])).toEqual({
			media_type: 'CAROUSEL',
			children: ['1', '2'],
			caption: 'Words',
			collaborators: ['friend'],
			is_ai_generated: true,
		});
	});
});

describe('finding a caption again', () => {
	it('takes what differs only in spaces and composition for the same, and nothing else', () => {
		fc.assert(
			fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), (words) => {
				const clean = words.map((word) => word.replace(/\s/g, '_'));
				expect(comparable(` ${clean.join(' \n')}`.normalize('NFD'))).toBe(comparable(clean.join(' ')));
				expect(comparable(`${clean.join(' ')}!`)).not.toBe(comparable(clean.join(' ')));
			}),
		);
	});
});

describe('where the token may go', () => {
	it.each([
		['https://rupload.facebook.com/ig-api-upload/v26.0/1', undefined, true],
		['https://rupload.facebook.com.evil.example/x', undefined, false],
		['http://rupload.facebook.com/x', undefined, false],
		['http://127.0.0.1:8083/ig-api-upload/v26.0/1', 'http://127.0.0.1:8083/', true],
		['http://127.0.0.1:8083/x', undefined, false],
		['nonsense', undefined, false],
	])('%s with base %s: %s', (uri, base, allowed) => {
		expect(isUploadAddress(uri, base)).toBe(allowed);
	});
});
