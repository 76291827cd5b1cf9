import fc from 'fast-check';
import type { MediaFacts } from '../../../lib/publishing/adapter';
import type { HttpResponse } from '../../../lib/publishing/ports';
import { duplicateUrn, linkedInError, linkedInErrors } from '../../../lib/platforms/linkedin/errors';
import { toLittleText } from '../../../lib/platforms/linkedin/little-text';
import { validateForLinkedIn } from '../../../lib/platforms/linkedin/text';
import { shownText } from '../../../sandbox/linkedin/little-text';

const now = new Date('2026-11-20T12:00:00Z');

function answer(status: number, body: unknown, headers: Record<string, string> = {}): HttpResponse {
	return { status, headers, bodyText: typeof body === 'string' ? body : JSON.stringify(body) };
}

describe('the error table of LinkedIn', () => {
	it.each([
		[400, { code: 'INVALID_VALUE_FOR_FIELD' }, 'validation'],
		[400, { code: 'FIELD_LENGTH_TOO_LONG' }, 'validation'],
		[400, { code: 'VERSION_MISSING' }, 'rejected'],
		[400, { errorDetails: { inputErrors: [{ code: 'MEDIA_ASSET_PROCESSING_FAILED' }] } }, 'rejected'],
		[400, { errorDetails: { inputErrors: [{ code: 'MEDIA_ASSET_WAITING_UPLOAD' }] } }, 'platform'],
		[401, { serviceErrorCode: 65600 }, 'auth'],
		[401, { serviceErrorCode: 65601 }, 'auth'],
		[401, { serviceErrorCode: 65602 }, 'auth'],
		[401, { error: 'invalid_grant' }, 'auth'],
		[403, { serviceErrorCode: 100, code: 'ACCESS_DENIED' }, 'auth'],
		[403, { message: 'This resource is forbidden' }, 'platform'],
		[404, { code: 'NOT_FOUND' }, 'rejected'],
		[409, { code: 'CONFLICT' }, 'platform'],
		[422, { code: 'DUPLICATE_POST' }, 'validation'],
		[426, { message: 'Version Header is Deprecated' }, 'rejected'],
		[426, { code: 'NONEXISTENT_VERSION' }, 'rejected'],
		[429, { message: 'Resource level throttle APPLICATION DAY limit' }, 'quota'],
		[429, { message: 'Resource level throttle MEMBER DAY limit' }, 'quota'],
		[429, { code: 'TOO_MANY_REQUESTS' }, 'rate-limit'],
		[500, {}, 'platform'],
		[503, '<html>', 'platform'],
		[504, {}, 'platform'],
		[418, { code: 'SOMETHING_NEW' }, 'validation'],
	])('makes %i %j a matter of %s', (status, body, errorClass) => {
		const error = linkedInError(answer(status, body), now, 'Doing it');
		expect(error).toMatchObject({ class: errorClass, httpStatus: status, platform: 'linkedin' });
	});

	it('says for every class that needs a person what to do, and from which facts', () => {
		for (const row of Object.values(linkedInErrors)) {
			expect(row.facts).toMatch(/^5\.\d/);
			if (['auth', 'validation', 'rejected'].includes(row.class)) expect(row.remedy).toBeTruthy();
		}
	});

	it('waits for midnight UTC on a day limit, and a short while on a burst', () => {
		const day = answer(429, { message: 'throttle MEMBER DAY limit' });
		expect(linkedInError(day, now, 'x').retryAt).toEqual(new Date('2026-11-21T00:00:00Z'));
		const newYear = new Date('2026-12-31T23:59:59Z');
		expect(linkedInError(day, newYear, 'x').retryAt).toEqual(new Date('2027-01-01T00:00:00Z'));
		const burst = linkedInError(answer(429, {}), now, 'x').retryAt!;
		expect(burst.getTime() - now.getTime()).toBe(5 * 60_000);
	});

	it('reads the post out of the refusal of a duplicate, and out of nothing else', () => {
		const message = 'Content is a duplicate of urn:li:share:6912345678901234567';
		expect(duplicateUrn(answer(422, { message }))).toBe('urn:li:share:6912345678901234567');
		expect(duplicateUrn(answer(422, { message: 'Content is a duplicate of something' }))).toBeNull();
		expect(duplicateUrn(answer(500, { message }))).toBeNull();
	});

	it('hides a signed address that LinkedIn quotes', () => {
		const message = 'Failed: https://www.linkedin.com/dms-uploads/x?ut=secret-key';
		expect(linkedInError(answer(400, { message }), now, 'x').message).not.toContain('secret-key');
	});
});

describe('little text', () => {
	const tricky = fc
		.array(fc.constantFrom(...'\\|{}@[]()<>#*_~ aZ9äé字\n👩'.split('')), { maxLength: 40 })
		.map((letters) => letters.join(''));

	it('shows a reader exactly what was written, whatever was written', () => {
		fc.assert(
			fc.property(fc.oneof(tricky, fc.string({ unit: 'grapheme' })), (words) => {
				// A mention shows the name alone; it has an example of its own.
				fc.pre(!/@\[[^[\]]+\]\(urn:li:/.test(words));
				expect(shownText(toLittleText(words))).toBe(words);
			}),
		);
	});

	it.each([
		['Look #here now', 'Look #here now'],
		['#my_tag', '{hashtag|\\#|my\\_tag}'],
		['#123 and a#b', '\\#123 and a\\#b'],
		['Thanks @[Ann (Ltd)](urn:li:organization:5)!', 'Thanks @[Ann \\(Ltd\\)](urn:li:organization:5)!'],
		['mail me@example.com (soon)', 'mail me\\@example.com \\(soon\\)'],
	])('makes of %s', (words, little) => {
		expect(toLittleText(words)).toBe(little);
	});
});

describe('what LinkedIn accepts', () => {
	const video: MediaFacts = {
		kind: 'video',
		mimeType: 'video/mp4',
		sizeBytes: 1_000_000,
		durationSec: 30,
		widthPx: 1080,
		heightPx: 1920,
	};
	const rules = (content: object, ...media: MediaFacts[]): string[] =>
		validateForLinkedIn(
			content,
			media.map((facts) => ({ facts })),
		).map(({ rule }) => rule);
	const picture: MediaFacts = { kind: 'image', mimeType: 'image/png', sizeBytes: 900_000 };
	const document: MediaFacts = { kind: 'document', mimeType: 'application/pdf', sizeBytes: 900_000 };
	const times = (count: number, media: MediaFacts): MediaFacts[] =>
		Array.from({ length: count }, () => media);

	it.each([
		['words', { text: 'x'.repeat(3_000) }],
		['an article', { title: 'A', options: { articleUrl: 'https://example.com' } }],
		['a page', { text: 'x', options: { author: 'urn:li:organization:1' } }],
	])('takes %s', (_, content) => {
		expect(rules(content)).toEqual([]);
	});

	it.each([
		['nothing', {}, 'text'],
		['3001 characters', { text: 'x'.repeat(3_001) }, 'text.length'],
		['what becomes longer than 3000 by escaping', { text: '('.repeat(1_501) }, 'text.length'],
		['an article without a title', { options: { articleUrl: 'https://example.com' } }, 'title'],
		['an address that is none', { text: 'x', title: 'A', options: { articleUrl: 'x' } }, 'option:articleUrl'],
		['an author that is none', { text: 'x', options: { author: '123' } }, 'option:author'],
		['an unknown option', { text: 'x', options: { privacy: 'public' } }, 'option:name'],
	])('refuses %s', (_, content, rule) => {
		expect(rules(content)).toEqual([rule]);
	});

	it.each([
		['2 s', { durationSec: 2 }, 'media.duration'],
		['31 min', { durationSec: 31 * 60 }, 'media.duration'],
		['501 MB', { sizeBytes: 501_000_000 }, 'media.size'],
		['74 KB', { sizeBytes: 74_000 }, 'media.size'],
		['nothing in it', { sizeBytes: 0 }, 'media.size'],
		['a QuickTime file', { mimeType: 'video/quicktime' }, 'media.type'],
		['a strip', { widthPx: 3_000, heightPx: 1_000 }, 'media.aspect'],
		['120 frames', { framesPerSec: 120 }, 'media.frame-rate'],
		['5000 pixels', { widthPx: 5_000, heightPx: 5_000 }, 'media.size-px'],
	])('refuses a video of %s', (_, change, rule) => {
		expect(rules({ text: 'x' }, { ...video, ...change })).toEqual([rule]);
	});

	const article = { title: 'A', options: { articleUrl: 'https://example.com' } };

	it.each<[string, object, MediaFacts[]]>([
		['20 pictures', { text: 'x' }, times(20, picture)],
		['a picture and a GIF', {}, [picture, { ...picture, kind: 'gif', mimeType: 'image/gif' }]],
		['a PDF', { title: 'Report' }, [document]],
		['a PowerPoint file', {}, [{ ...document, mimeType: 'application/vnd.ms-powerpoint' }]],
		['an article with a thumbnail', article, [picture]],
	])('takes %s', (_, content, media) => {
		expect(rules(content, ...media)).toEqual([]);
	});

	it.each<[string, object, MediaFacts[], string]>([
		['21 pictures', {}, times(21, picture), 'media.count'],
		['a video and a picture', {}, [video, picture], 'media.mixture'],
		['two videos', {}, [video, video], 'media.mixture'],
		['two documents', {}, [document, document], 'media.mixture'],
		['a document of 101 MB', {}, [{ ...document, sizeBytes: 101_000_000 }], 'media.size'],
		['a spreadsheet', {}, [{ ...document, mimeType: 'application/vnd.ms-excel' }], 'media.type'],
		['a WebP picture', {}, [{ ...picture, mimeType: 'image/webp' }], 'media.type'],
		['an article and a video', article, [video], 'article'],
		['an article and two pictures', article, [picture, picture], 'article'],
		['a picture of 9 MB', {}, [{ ...picture, sizeBytes: 9_000_000 }], 'media.size'],
		['100 megapixels', {}, [{ ...picture, widthPx: 10_000, heightPx: 10_000 }], 'media.pixels'],
	])('refuses %s', (_, content, media, rule) => {
		expect(rules(content, ...media)).toEqual([rule]);
	});

	it('says what is there and what would do', () => {
		const [found] = validateForLinkedIn({}, [{ facts: video }, { facts: picture }, { facts: picture }]);
		expect(found).toEqual({
			rule: 'media.mixture',
			found: '2 pictures, video',
			allowed: 'one video, one document, or up to 20 pictures',
			fix: 'Make a post for each of them.',
		});
	});
});
