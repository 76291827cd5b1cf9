import fc from 'fast-check';
import type { MediaFacts, MediaItem } from '../../../lib/publishing/adapter';
import type { HttpResponse } from '../../../lib/publishing/ports';
import { DownloadFailedError } from '../../../lib/platforms/threads/container';
import {
	containerRemedy,
	downloadFailed,
	threadsError,
	threadsErrors,
} from '../../../lib/platforms/threads/errors';
import { carouselForm, carouselItemForm, postForm } from '../../../lib/platforms/threads/container-form';
import { countText, validateForThreads } from '../../../lib/platforms/threads/text';

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

const items = (...facts: MediaFacts[]): MediaItem[] => facts.map((each) => ({ facts: each }));
const rules = (violations: readonly { rule: string }[]): string[] => violations.map(({ rule }) => rule);

function answer(status: number, error: object, headers: Record<string, string> = {}): HttpResponse {
	return { status, headers, bodyText: JSON.stringify({ error: { message: 'Said so.', ...error } }) };
}

describe('the error table of Threads', () => {
	it.each([
		[400, { code: 190 }, 'auth'],
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
			remedy: expect.stringMatching(/\w/),
		});
	});

	it.each([
		'FAILED_DOWNLOADING_VIDEO',
		'FAILED_PROCESSING_AUDIO',
		'FAILED_PROCESSING_VIDEO',
		'INVALID_ASPEC_RATIO',
		'INVALID_BIT_RATE',
		'INVALID_DURATION',
		'INVALID_FRAME_RATE',
		'INVALID_AUDIO_CHANNELS',
		'INVALID_AUDIO_CHANNEL_LAYOUT',
		'UNKNOWN',
	])('says what to do about a container that ends with %s (facts 7.2)', (code) => {
		if (code === downloadFailed) expect(new DownloadFailedError().remedy).toMatch(/Public Base URL/);
		else expect(containerRemedy(code)).not.toBe(containerRemedy('something new'));
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
	const twenty = Array.from({ length: 20 }, () => image);

	it.each([
		['500 letters', { text: 'x'.repeat(500) }, []],
		['125 emoji', { text: '🎬'.repeat(125) }, []],
		['a video without words', {}, [video]],
		['two media of both kinds', {}, [image, video]],
		['twenty pictures', { text: 'x' }, twenty],
		['a link attached to words', { text: 'x', options: { linkAttachment: 'https://example.com' } }, []],
		['a poll of four answers', { text: 'x', options: { poll: ['a', 'b', 'c', 'x'.repeat(25)] } }, []],
		['a reply', { text: 'x', options: { replyToId: '17890000000000001' } }, []],
		['a quote with a hidden picture', { options: { quotePostId: '178', isSpoilerMedia: true } }, [image]],
	])('takes %s', (_, content, media) => {
		expect(validateForThreads(content, items(...media))).toEqual([]);
	});

	it.each([
		['nothing at all', {}, [], 'text'],
		['501 letters', { text: 'x'.repeat(501) }, [], 'text.length'],
		['126 emoji', { text: '🎬'.repeat(126) }, [], 'text.length'],
		[
			'six links',
			{ text: [1, 2, 3, 4, 5, 6].map((n) => `https://example.com/${n}`).join(' ') },
			[],
			'text.links',
		],
		[
			'a link attached to media',
			{ options: { linkAttachment: 'https://example.com' } },
			[video],
			'option:linkAttachment',
		],
		['a poll about media', { options: { poll: ['a', 'b'] } }, [video], 'option:poll'],
		['a poll without a question', { options: { poll: ['a', 'b'] } }, [], 'text'],
		['a poll of one answer', { text: 'x', options: { poll: ['a'] } }, [], 'option:poll'],
		['a poll of five answers', { text: 'x', options: { poll: [...'abcde'] } }, [], 'option:poll'],
		['a long answer', { text: 'x', options: { poll: ['a', 'x'.repeat(26)] } }, [], 'option:poll.1'],
		['a reply to an address', { text: 'x', options: { replyToId: 'https://x' } }, [], 'option:replyToId'],
		['hidden words', { text: 'x', options: { isSpoilerMedia: true } }, [], 'option:isSpoilerMedia'],
		['a topic with a dot', { text: 'x', options: { topicTag: 'a.b' } }, [], 'option:topicTag'],
		['an unknown option', { text: 'x', options: { topic: 'a' } }, [], 'option:name'],
		['a wrong reply control', { text: 'x', options: { replyControl: 'nobody' } }, [], 'option:replyControl'],
		['21 pictures', {}, [...twenty, image], 'media.count'],
		['a long video', {}, [{ ...video, durationSec: 301 }], 'media.duration'],
		['a slow video', {}, [{ ...video, framesPerSec: 15 }], 'media.frame-rate'],
		['a wide video', {}, [{ ...video, widthPx: 3840, heightPx: 2160 }], 'media.width'],
		['a stretched video', {}, [image, { ...video, widthPx: 1900, heightPx: 100 }], 'media.aspect'],
		['a huge video', {}, [{ ...video, sizeBytes: 1_100_000_000 }], 'media.size'],
		['another container', {}, [{ ...video, mimeType: 'video/webm' }], 'media.type'],
		['an empty file', {}, [{ ...video, sizeBytes: 0 }], 'media.size'],
		['an empty file among others', {}, [image, { ...image, sizeBytes: 0 }], 'media.size'],
		['a large image', {}, [{ ...image, sizeBytes: 9_000_000 }], 'media.size'],
		['a GIF', {}, [{ ...image, kind: 'gif' as const, mimeType: 'image/gif' }], 'media.type'],
	])('names %s', (_, content, media, rule) => {
		expect(rules(validateForThreads(content, items(...media)))).toEqual([rule]);
	});

	it('takes an alternative text of 1000 characters, and no longer one', () => {
		const described = (altText: string): MediaItem[] => [{ facts: video, altText }];
		expect(validateForThreads({}, described('x'.repeat(1000)))).toEqual([]);
		expect(rules(validateForThreads({}, described('x'.repeat(1001))))).toEqual(['media.altText']);
	});

	it('says for every broken rule what to do', () => {
		const broken = validateForThreads({ text: 'x'.repeat(501) }, items({ ...video, durationSec: 999 }));
		expect(broken.map(({ fix }) => fix)).toEqual([expect.stringMatching(/./), expect.stringMatching(/./)]);
	});
});

describe('the containers of a post (facts 7.2)', () => {
	const url = 'https://example.com/a';

	it('hands over an image as an image, and nothing that was not said', () => {
		expect(postForm({ text: ' Hi ' }, { facts: image, url })).toEqual({
			media_type: 'IMAGE',
			image_url: url,
			text: 'Hi',
		});
		expect(postForm({ text: 'Hi', title: 'unused' }, null)).toEqual({ media_type: 'TEXT', text: 'Hi' });
	});

	it('names the answers of a poll by letters', () => {
		expect(postForm({ text: 'Which?', options: { poll: ['One', 'Two', 'Three'] } }, null)).toEqual({
			media_type: 'TEXT',
			text: 'Which?',
			poll_attachment: '{"option_a":"One","option_b":"Two","option_c":"Three"}',
		});
	});

	it('keeps words and settings for the carousel, and the alternative text for its items', () => {
		const options = {
			replyControl: 'followers_only',
			topicTag: 'Pets',
			replyToId: '1',
			quotePostId: '2',
			isSpoilerMedia: true,
		};
		expect(carouselItemForm({ facts: video, url, altText: 'A dog' })).toEqual({
			media_type: 'VIDEO',
			video_url: url,
			is_carousel_item: 'true',
			alt_text: 'A dog',
		});
		expect(carouselForm({ text: 'Words', options }, ['1', '2'])).toEqual({
			media_type: 'CAROUSEL',
			children: '1,2',
			text: 'Words',
			reply_control: 'followers_only',
			topic_tag: 'Pets',
			reply_to_id: '1',
			quote_post_id: '2',
			is_spoiler_media: 'true',
		});
	});
});
