import fc from 'fast-check';
import type { MediaFacts } from '../../../lib/publishing/adapter';
import type { HttpResponse } from '../../../lib/publishing/ports';
import { threadsError, threadsErrors } from '../../../lib/platforms/threads/errors';
import { containerForm, countText, validateForThreads } from '../../../lib/platforms/threads/text';

const now = new Date('2026-11-20T12:00:00Z');
const video: MediaFacts = {
	kind: 'video',
	mimeType: 'video/mp4',
	sizeBytes: 1_000_000,
	durationSec: 30,
	widthPx: 1080,
	heightPx: 1920,
	framesPerSec: 30,
};
const image: MediaFacts = { kind: 'image', mimeType: 'image/jpeg', sizeBytes: 100_000 };

const rules = (violations: readonly { rule: string }[]): string[] => violations.map(({ rule }) => rule);

function answer(status: number, error: object, headers: Record<string, string> = {}): HttpResponse {
	return { status, headers, bodyText: JSON.stringify({ error: { message: 'Said so.', ...error } }) };
}

describe('the error table of Threads', () => {
	it.each([
		[400, { code: 190, error_subcode: 463 }, 'auth'],
		[401, { code: 102 }, 'auth'],
		[400, { code: 10 }, 'auth'],
		[403, { code: 200 }, 'auth'],
		[400, { code: 4 }, 'rate-limit'],
		[400, { code: 17 }, 'rate-limit'],
		[400, { code: 32 }, 'rate-limit'],
		[400, { code: 613 }, 'rate-limit'],
		[400, { code: 100 }, 'validation'],
		[400, { code: 24, error_subcode: 4_279_009 }, 'platform'],
		[400, { code: 10, error_subcode: 4_279_013 }, 'rejected'],
		[400, { code: 4, error_subcode: 2_207_051 }, 'rejected'],
		[400, { code: -1 }, 'platform'],
		[500, { code: 1 }, 'platform'],
		[503, { code: 2 }, 'platform'],
		[400, { code: 999, is_transient: true }, 'platform'],
	])('makes %i %j a matter of %s (facts 7.4)', (status, error, errorClass) => {
		expect(threadsError(answer(status, error), now, 'Doing it')).toMatchObject({
			class: errorClass,
			httpStatus: status,
			platform: 'threads',
			message: expect.stringContaining('Said so.'),
		});
	});

	it('waits as many minutes as the usage header says', () => {
		const usage = { '178': [{ type: 'threads', call_count: 100, estimated_time_to_regain_access: 42 }] };
		const headers = { 'x-business-use-case-usage': JSON.stringify(usage) };
		expect(threadsError(answer(400, { code: 4 }, headers), now, 'x').retryAt).toEqual(
			new Date('2026-11-20T12:42:00Z'),
		);
	});

	it('says what a person can do wherever a person has to do something', () => {
		for (const row of Object.values(threadsErrors)) {
			expect(row.facts).toMatch(/^[037]\.\d/);
			if (['auth', 'validation', 'rejected'].includes(row.class)) expect(row.remedy).toBeTruthy();
		}
	});
});

describe('how Threads counts (facts 7.3)', () => {
	it.each([
		['abc', 3],
		['äöü', 3],
		['日本語', 3],
		['#1 © ™ *', 8],
		['🎬', 4],
		['❤️', 6],
		['1️⃣', 7],
		['🇩🇪', 8],
		['👍🏽', 8],
		['👩‍👩‍👧', 18],
	])('counts %s as %i', (text, count) => {
		expect(countText(text)).toBe(count);
	});

	it('never counts less than characters nor more than bytes, whatever the text', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme', maxLength: 600 }), (text) => {
				const count = countText(text);
				expect(count).toBeGreaterThanOrEqual([...text].length);
				expect(count).toBeLessThanOrEqual(Buffer.byteLength(text));
			}),
		);
	});
});

describe('what Threads accepts', () => {
	it.each([
		['500 letters', { text: 'x'.repeat(500) }, null],
		['125 emoji', { text: '🎬'.repeat(125) }, null],
		['a video without words', {}, video],
		['an image with an alternative text', { text: 'x', options: { altText: 'A dog' } }, image],
		['a link attached to words', { text: 'x', options: { linkAttachment: 'https://example.com' } }, null],
	])('takes %s', (_, content, media) => {
		expect(validateForThreads(content, media)).toEqual([]);
	});

	it.each([
		['nothing at all', {}, null, 'text'],
		['501 letters', { text: 'x'.repeat(501) }, null, 'text.length'],
		['126 emoji', { text: '🎬'.repeat(126) }, null, 'text.length'],
		[
			'six links',
			{ text: [1, 2, 3, 4, 5, 6].map((n) => `https://example.com/${n}`).join(' ') },
			null,
			'text.links',
		],
		[
			'a link attached to media',
			{ options: { linkAttachment: 'https://example.com' } },
			video,
			'linkAttachment',
		],
		['an alternative text of nothing', { text: 'x', options: { altText: 'A dog' } }, null, 'altText'],
		['a topic with a dot', { text: 'x', options: { topicTag: 'a.b' } }, null, 'option:topicTag'],
		['an unknown option', { text: 'x', options: { topic: 'a' } }, null, 'option:name'],
		[
			'a wrong reply control',
			{ text: 'x', options: { replyControl: 'nobody' } },
			null,
			'option:replyControl',
		],
		['a long video', {}, { ...video, durationSec: 301 }, 'media.duration'],
		['a slow video', {}, { ...video, framesPerSec: 15 }, 'media.frame-rate'],
		['a wide video', {}, { ...video, widthPx: 3840, heightPx: 2160 }, 'media.width'],
		['a stretched video', {}, { ...video, widthPx: 1900, heightPx: 100 }, 'media.aspect'],
		['a huge video', {}, { ...video, sizeBytes: 1_100_000_000 }, 'media.size'],
		['another container', {}, { ...video, mimeType: 'video/webm' }, 'media.type'],
		['an empty file', {}, { ...video, sizeBytes: 0 }, 'media.size'],
		['a large image', {}, { ...image, sizeBytes: 9_000_000 }, 'media.size'],
		['a GIF', {}, { ...image, kind: 'gif' as const, mimeType: 'image/gif' }, 'media.type'],
	])('names %s', (_, content, media, rule) => {
		expect(rules(validateForThreads(content, media))).toEqual([rule]);
	});

	it('says for every broken rule what to do', () => {
		for (const { fix } of validateForThreads({ text: 'x'.repeat(501) }, { ...video, durationSec: 999 })) {
			expect(fix).toBeTruthy();
		}
	});
});

it('hands over an image as an image, and nothing that was not said', () => {
	expect(
		containerForm({ text: ' Hi ' }, { mimeType: 'image/png', url: 'https://example.com/a.png' }),
	).toEqual({
		media_type: 'IMAGE',
		image_url: 'https://example.com/a.png',
		text: 'Hi',
	});
	expect(containerForm({ text: 'Hi', title: 'unused' }, null)).toEqual({ media_type: 'TEXT', text: 'Hi' });
});
