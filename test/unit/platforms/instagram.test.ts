import fc from 'fast-check';
import { isUploadAddress } from '../../../lib/platforms/instagram/constants';
import { instagramError, instagramErrors, processingError } from '../../../lib/platforms/instagram/errors';
import { comparable } from '../../../lib/platforms/instagram/recent-media';
import { containerBody, validateForInstagram } from '../../../lib/platforms/instagram/text';
import type { MediaFacts } from '../../../lib/publishing/adapter';
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
		[400, 190, 463, 'auth'],
		[400, 190, undefined, 'auth'],
		[400, 102, undefined, 'auth'],
		[403, 10, undefined, 'auth'],
		[400, 3, undefined, 'auth'],
		[403, 210, undefined, 'auth'],
		[400, 4, undefined, 'rate-limit'],
		[403, 17, undefined, 'rate-limit'],
		[400, 32, undefined, 'rate-limit'],
		[400, 613, undefined, 'rate-limit'],
		[403, 80002, undefined, 'rate-limit'],
		[403, 9, 2207042, 'quota'],
		[400, 9007, 2207027, 'platform'],
		[400, -2, 2207003, 'platform'],
		[400, -1, 2207001, 'platform'],
		[400, -2, 2207020, 'platform'],
		[400, 24, 2207006, 'platform'],
		[500, 1, undefined, 'platform'],
		[500, 2, undefined, 'platform'],
		[400, 9004, 2207052, 'platform'],
		[400, 352, 2207026, 'validation'],
		[400, 36000, 2207004, 'validation'],
		[400, 36001, 2207005, 'validation'],
		[400, 36003, 2207009, 'validation'],
		[400, 100, 2207023, 'validation'],
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
const rules = (text: string, media: MediaFacts | null = video, options: object = {}): string[] =>
	validateForInstagram({ text, options: { ...options } }, media).map(({ rule }) => rule);

describe('what Instagram accepts (facts 3.3)', () => {
	it.each([
		['an ordinary clip', 'A clip #one #two', video, {}],
		['no caption', '', video, {}],
		['2200 emoji', '🎬'.repeat(2200), video, {}],
		['an address that is no mention', 'Write to me@example.com '.repeat(25), video, {}],
		['a picture by its address', 'Pic', null, { imageUrl: 'https://example.com/a.jpg', altText: 'A cat' }],
		['a video by its address', 'Clip', null, { videoUrl: 'https://example.com/a.mp4' }],
	])('takes %s', (_, text, media, options) => {
		expect(rules(text, media, options)).toEqual([]);
	});

	it.each([
		['2201 characters', 'x'.repeat(2201), video, {}, 'caption.length'],
		['six hashtags', '#a #b #c #d #e #f', video, {}, 'caption.hashtags'],
		['21 mentions', '@a '.repeat(21), video, {}, 'caption.mentions'],
		['four collaborators', 'x', video, { collaborators: ['a', 'b', 'c', 'd'] }, 'option:collaborators'],
		['an unknown option', 'x', video, { cover: 'x' }, 'option:name'],
		['nothing to show', 'x', null, {}, 'media'],
		['a file and an address', 'x', video, { videoUrl: 'https://example.com/a.mp4' }, 'media'],
		['a picture file', 'x', { ...video, kind: 'image', mimeType: 'image/jpeg' }, {}, 'media.type'],
		['another container', 'x', { ...video, mimeType: 'video/webm' }, {}, 'media.type'],
		['an empty file', 'x', { ...video, sizeBytes: 0 }, {}, 'media.size'],
		['a huge file', 'x', { ...video, sizeBytes: 300_000_001 }, {}, 'media.size'],
		['two seconds', 'x', { ...video, durationSec: 2 }, {}, 'media.duration'],
		['sixteen minutes', 'x', { ...video, durationSec: 960 }, {}, 'media.duration'],
		['4K', 'x', { ...video, widthPx: 3840, heightPx: 2160 }, {}, 'media.width'],
		['a stripe', 'x', { ...video, widthPx: 1900, heightPx: 100 }, {}, 'media.aspect'],
		['12 frames', 'x', { ...video, framesPerSec: 12 }, {}, 'media.frame-rate'],
	] as const)('refuses %s', (...[, text, media, options, rule]) => {
		expect(rules(text, media, options)).toEqual([rule]);
	});

	it('sends only what was said', () => {
		expect(containerBody({ text: ' ' })).toEqual({ media_type: 'REELS', upload_type: 'resumable' });
		const options = { imageUrl: 'https://example.com/a.jpg', altText: 'A cat' };
		expect(containerBody({ title: 'unused', text: 'Pic', options })).toEqual({
			image_url: options.imageUrl,
			caption: 'Pic',
			alt_text: 'A cat',
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
