import type { MediaFacts } from '../../../lib/publishing/adapter';
import { comparable, expandLinks } from '../../../lib/platforms/x/recent-posts';
import { postBody, validateForX } from '../../../lib/platforms/x/text';
import { countTagChars, validateForYouTube, videoMetadata } from '../../../lib/platforms/youtube/text';
import { platformAdapters, adapterFor } from '../../../lib/platforms/registry';
import { platformSchema } from '../../../lib/publishing/platform';

const video: MediaFacts = {
	kind: 'video',
	mimeType: 'video/mp4',
	sizeBytes: 1_000_000,
	durationSec: 30,
	widthPx: 1080,
	heightPx: 1920,
	framesPerSec: 30,
};

const rules = (violations: readonly { rule: string }[]): string[] => violations.map(({ rule }) => rule);

describe('what YouTube accepts', () => {
	const good = { title: 'A clip', description: 'Words', tags: ['one', 'two words'], options: {} };

	it('finds nothing wrong with an ordinary clip', () => {
		expect(validateForYouTube(good, video)).toEqual([]);
	});

	it.each([
		['a missing title', { ...good, title: ' ' }, 'title'],
		['101 characters', { ...good, title: 'ä'.repeat(101) }, 'title.length'],
		['an angle bracket', { ...good, title: 'a < b' }, 'title.characters'],
		['5001 bytes', { ...good, description: 'ä'.repeat(2_500) + 'x' }, 'description.bytes'],
		['too many tags', { ...good, tags: Array.from({ length: 51 }, () => '123456789') }, 'tags.length'],
		['61 hashtags', { ...good, description: '#a '.repeat(61) }, 'hashtags'],
		['an unknown option', { ...good, options: { privacy: 'public' } }, 'option:name'],
		['a wrong option', { ...good, options: { privacyStatus: 'open' } }, 'option:privacyStatus'],
		[
			'a time without private',
			{ ...good, options: { privacyStatus: 'public', publishAt: '2030-01-01T00:00:00Z' } },
			'publishAt',
		],
	])('names %s', (_, content, rule) => {
		expect(rules(validateForYouTube(content, video))).toEqual([rule]);
	});

	it('counts 100 emoji as a title of 100 characters', () => {
		expect(validateForYouTube({ ...good, title: '🎬'.repeat(100) }, video)).toEqual([]);
	});

	it('counts commas, and quotes around tags with a space', () => {
		expect(countTagChars(['ab', 'c d'])).toBe(2 + 1 + 3 + 2);
		expect(countTagChars([])).toBe(0);
	});

	it('needs a video', () => {
		expect(rules(validateForYouTube(good, null))).toEqual(['media']);
		expect(rules(validateForYouTube(good, { ...video, kind: 'image', mimeType: 'image/png' }))).toEqual([
			'media.type',
		]);
		expect(rules(validateForYouTube(good, { ...video, sizeBytes: 0 }))).toEqual(['media.size']);
		expect(rules(validateForYouTube(good, { ...video, durationSec: 13 * 3600 }))).toEqual(['media.duration']);
	});

	it('always says the privacy and whether it is made for kids', () => {
		expect(videoMetadata({ title: 'x' }).body).toMatchObject({
			status: { privacyStatus: 'private', selfDeclaredMadeForKids: false },
		});
	});
});

describe('what X accepts', () => {
	it.each([
		['280 letters', 'x'.repeat(280)],
		['a link of 300 characters', `https://example.com/${'x'.repeat(280)} ${'y'.repeat(256)}`],
		['140 Chinese characters', '字'.repeat(140)],
	])('takes %s', (_, text) => {
		expect(validateForX({ text }, null)).toEqual([]);
	});

	it.each([
		['281 letters', 'x'.repeat(281), 'text.length'],
		['141 Chinese characters', '字'.repeat(141), 'text.length'],
		['two cashtags', 'Buy $AAPL and $MSFT', 'text.cashtags'],
		['nothing at all', '', 'text'],
	])('refuses %s', (_, text, rule) => {
		expect(rules(validateForX({ text }, null))).toEqual([rule]);
	});

	it.each([
		['a long video', { durationSec: 141 }, 'media.duration'],
		['a short video', { durationSec: 0.4 }, 'media.duration'],
		['a stretched video', { widthPx: 4000, heightPx: 1000 }, 'media.aspect'],
		['a tiny video', { widthPx: 20, heightPx: 40 }, 'media.size-px'],
		['a fast video', { framesPerSec: 120 }, 'media.frame-rate'],
		['a huge file', { sizeBytes: 600_000_000 }, 'media.size'],
		['another container', { mimeType: 'video/x-matroska' }, 'media.type'],
	])('refuses %s', (_, change, rule) => {
		expect(rules(validateForX({ text: 'x' }, { ...video, ...change }))).toEqual([rule]);
	});

	it('sends no key that X does not know', () => {
		const content = { title: 'unused', description: 'unused', text: 'Words', options: { madeWithAi: true } };
		expect(postBody(content, '42')).toEqual({
			text: 'Words',
			media: { media_ids: ['42'] },
			made_with_ai: true,
		});
		expect(postBody({ text: '  ' }, '42')).toEqual({ media: { media_ids: ['42'] } });
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

describe('the registry', () => {
	it('knows every adapter by its own platform', () => {
		for (const [platform, adapter] of platformAdapters) expect(adapter.description.platform).toBe(platform);
		expect([...platformAdapters.keys()]).toEqual(platformSchema.options);
		for (const platform of platformSchema.options) {
			expect(adapterFor(platform).description.platform).toBe(platform);
		}
	});
});
