// YouTube's rules about words, options and media, what becomes of them, and its table of refusals.
import type { AdapterContext, MediaFacts, MediaItem } from '../../../lib/publishing/adapter';
import { youtubeAdapter } from '../../../lib/platforms/youtube/adapter';
import { youtubeError, youtubeErrors } from '../../../lib/platforms/youtube/errors';
import { writeRequest } from '../../../lib/platforms/youtube/google-client';
import { splitMedia } from '../../../lib/platforms/youtube/media';
import { videoMetadata } from '../../../lib/platforms/youtube/metadata';
import { countTagChars, validateForYouTube } from '../../../lib/platforms/youtube/text';

const facts: MediaFacts = {
	kind: 'video',
	mimeType: 'video/mp4',
	sizeBytes: 1_000_000,
	durationSec: 30,
	widthPx: 1080,
	heightPx: 1920,
	framesPerSec: 30,
};
const video: MediaItem = { facts };
const picture = (change: Partial<MediaFacts> = {}): MediaItem => ({
	facts: { kind: 'image', mimeType: 'image/jpeg', sizeBytes: 400_000, ...change },
});
const good = { title: 'A clip', description: 'Words', tags: ['one', 'two words'], options: {} };
const rules = (violations: readonly { rule: string }[]): string[] => violations.map(({ rule }) => rule);

describe('what YouTube accepts', () => {
	it('finds nothing wrong with an ordinary clip, with and without a thumbnail', () => {
		expect(validateForYouTube(good, [video])).toEqual([]);
		expect(validateForYouTube(good, [video, picture()])).toEqual([]);
		expect(validateForYouTube(good, [picture({ mimeType: 'image/png' }), video])).toEqual([]);
	});

	it.each([
		['a missing title', { ...good, title: ' ' }, 'title'],
		['101 characters', { ...good, title: 'ä'.repeat(101) }, 'title.length'],
		['an angle bracket', { ...good, title: 'a < b' }, 'title.characters'],
		['5001 bytes', { ...good, description: 'ä'.repeat(2_500) + 'x' }, 'description.bytes'],
		['too many tags', { ...good, tags: Array.from({ length: 51 }, () => '123456789') }, 'tags.length'],
		['61 hashtags', { ...good, description: '#a '.repeat(61) }, 'hashtags'],
	])('names %s', (_, content, rule) => {
		expect(rules(validateForYouTube(content, [video]))).toEqual([rule]);
	});

	it.each([
		['an unknown option', { privacy: 'public' }, 'option:name'],
		['a wrong privacy', { privacyStatus: 'open' }, 'option:privacyStatus'],
		['a language that is none', { language: 'English' }, 'option:language'],
		['a licence that is none', { license: 'mit' }, 'option:license'],
		['an empty playlist', { playlistIds: [''] }, 'option:playlistIds.0'],
		['eleven playlists', { playlistIds: Array.from({ length: 11 }, String) }, 'option:playlistIds'],
		['a time without private', { privacyStatus: 'public', publishAt: '2030-01-01T00:00:00Z' }, 'publishAt'],
		[
			'translations of an unnamed language',
			{ localizations: { de: { title: 'Ein Clip' } } },
			'localizations',
		],
		[
			'a translated title that is too long',
			{ language: 'en', localizations: { de: { title: 'x'.repeat(101) } } },
			'localizations.de.title.length',
		],
	])('names %s', (_, options, rule) => {
		expect(rules(validateForYouTube({ ...good, options }, [video]))).toEqual([rule]);
	});

	it.each([
		['no media', [], 'media'],
		['a picture alone', [picture()], 'media.type'],
		['a document', [{ facts: { ...facts, mimeType: 'application/pdf' } }], 'media.type'],
		['an empty file', [{ facts: { ...facts, sizeBytes: 0 } }], 'media.size'],
		['13 hours', [{ facts: { ...facts, durationSec: 13 * 3600 } }], 'media.duration'],
		['two videos', [video, video], 'media.count'],
		['two thumbnails', [video, picture(), picture()], 'thumbnail.count'],
		['a thumbnail that moves', [video, picture({ kind: 'gif', mimeType: 'image/gif' })], 'thumbnail.type'],
		['a thumbnail of 51 MB', [video, picture({ sizeBytes: 53_500_000 })], 'thumbnail.size'],
		['an empty thumbnail', [video, picture({ sizeBytes: 0 })], 'thumbnail.size'],
	])('names %s', (_, media, rule) => {
		const found = validateForYouTube(good, media);
		expect(rules(found)).toEqual([rule]);
		expect(found[0]).toMatchObject({ allowed: expect.stringMatching(/./), fix: expect.stringMatching(/./) });
	});

	it('counts 100 emoji as a title of 100 characters', () => {
		expect(validateForYouTube({ ...good, title: '🎬'.repeat(100) }, [video])).toEqual([]);
	});

	it('counts commas, and quotes around tags with a space', () => {
		expect(countTagChars(['ab', 'c d'])).toBe(2 + 1 + 3 + 2);
		expect(countTagChars([])).toBe(0);
	});

	it('takes the video for the video wherever it stands', () => {
		expect(splitMedia([picture(), video]).videos).toEqual([video]);
		expect(youtubeAdapter.description).toMatchObject({ maxMedia: 1, takesAltText: false });
	});
});

describe('the body that opens an upload', () => {
	it('always says the privacy and whether it is made for kids, and asks for no more parts than it has', () => {
		const { body, part, notifySubscribers } = videoMetadata({ title: 'x' });
		expect(body).toEqual({
			snippet: { title: 'x', description: '', categoryId: '22' },
			status: { privacyStatus: 'private', selfDeclaredMadeForKids: false },
		});
		expect([part, notifySubscribers]).toEqual(['snippet,status', true]);
	});

	it('names every part that it fills, since YouTube drops the others without a word', () => {
		const options = {
			language: 'en',
			audioLanguage: 'en-GB',
			embeddable: false,
			license: 'creativeCommon',
			publicStatsViewable: false,
			containsSyntheticMedia: true,
			recordingDate: '2026-11-01T00:00:00Z',
			hasPaidProductPlacement: true,
			localizations: { de: { title: 'Ein Clip' } },
		};
		const { body, part } = videoMetadata({ title: 'x', tags: ['a'], options });
		expect(part.split(',')).toEqual(Object.keys(body));
		expect(body).toEqual({
			snippet: {
				title: 'x',
				description: '',
				tags: ['a'],
				categoryId: '22',
				defaultLanguage: 'en',
				defaultAudioLanguage: 'en-GB',
			},
			status: {
				privacyStatus: 'private',
				selfDeclaredMadeForKids: false,
				containsSyntheticMedia: true,
				embeddable: false,
				license: 'creativeCommon',
				publicStatsViewable: false,
			},
			recordingDetails: { recordingDate: '2026-11-01T00:00:00Z' },
			paidProductPlacementDetails: { hasPaidProductPlacement: true },
			localizations: { de: { title: 'Ein Clip', description: '' } },
		});
	});
});

describe('the requests that Google’s client writes', () => {
	const at = (apiBaseUrl?: string): AdapterContext => ({ apiBaseUrl }) as AdapterContext;
	const listing = {
		host: 'api' as const,
		write: async ({ data }: Parameters<Parameters<typeof writeRequest>[1]['write']>[0], options: object) =>
			data.videos.list({ part: ['status'], id: ['a,b'] }, options),
	};

	it('go to the host of the facts, or below the base address of the credential', async () => {
		const real = await writeRequest(at(), listing);
		expect(real.url).toBe('https://www.googleapis.com/youtube/v3/videos?part=status&id=a%2Cb');
		const proxied = await writeRequest(at('https://proxy.example/google/'), listing);
		expect(proxied.url).toBe('https://proxy.example/google/youtube/v3/videos?part=status&id=a%2Cb');
	});

	it('carry no header that would name the client or allow an answer that nobody unpacks', async () => {
		expect((await writeRequest(at(), listing)).headers).toEqual({});
	});

	it('are led nowhere else by the environment', async () => {
		const before = { ...process.env };
		process.env['GOOGLE_CLOUD_UNIVERSE_DOMAIN'] = 'elsewhere.example';
		process.env['HTTPS_PROXY'] = 'http://127.0.0.1:9';
		try {
			expect(new URL((await writeRequest(at(), listing)).url).host).toBe('www.googleapis.com');
		} finally {
			process.env = before;
		}
	});
});

describe('what YouTube refuses', () => {
	/** Every reason of the facts (1.6), with what it means for a post. */
	const reasons: Readonly<Record<string, string>> = {
		authError: 'auth',
		Unauthorized: 'auth',
		UNAUTHENTICATED: 'auth',
		youtubeSignupRequired: 'auth',
		quotaExceeded: 'quota',
		dailyLimitExceeded: 'quota',
		rateLimitExceeded: 'rate-limit',
		userRateLimitExceeded: 'rate-limit',
		uploadLimitExceeded: 'quota',
		forbidden: 'auth',
		insufficientPermissions: 'auth',
		accessNotConfigured: 'auth',
		authenticatedUserAccountClosed: 'rejected',
		authenticatedUserAccountSuspended: 'rejected',
		channelSuspended: 'rejected',
		invalidTitle: 'validation',
		invalidDescription: 'validation',
		invalidTags: 'validation',
		invalidCategoryId: 'validation',
		invalidPublishAt: 'validation',
		invalidFilename: 'validation',
		invalidVideoMetadata: 'validation',
		mediaBodyRequired: 'validation',
		defaultLanguageNotSet: 'validation',
		invalidRecordingDetails: 'validation',
		videoNotFound: 'rejected',
		invalidImage: 'validation',
		imageFormatUnsupported: 'validation',
		imageTooTall: 'validation',
		imageTooWide: 'validation',
		'youtube.thumbnail/forbidden': 'rejected',
		backendError: 'platform',
	};
	const now = new Date('2026-11-20T12:00:00Z');
	const refusal = (reason: string, domain?: string) =>
		youtubeError(
			{
				status: 403,
				headers: {},
				bodyText: JSON.stringify({ error: { message: 'Said so.', errors: [{ reason, domain }] } }),
			},
			now,
			'Doing it',
		);

	it('is in the table, reason by reason, as the facts have it', () => {
		const classes = Object.entries(youtubeErrors).map(([reason, row]) => [reason, row.class]);
		expect(Object.fromEntries(classes)).toEqual(reasons);
	});

	it.each(Object.entries(reasons).filter(([reason]) => !reason.includes('/')))(
		'%s: is a matter of %s, and says what to do or when it works again',
		(reason, errorClass) => {
			const error = refusal(reason);
			expect(error).toMatchObject({ class: errorClass, code: reason, platform: 'youtube' });
			expect(error.message).toContain('Said so.');
			expect(Boolean(error.remedy ?? error.retryAt) || errorClass === 'platform').toBe(true);
		},
	);

	it('sends nobody to connect again whose channel only has to be verified', () => {
		expect(refusal('forbidden', 'youtube.thumbnail')).toMatchObject({
			class: 'rejected',
			remedy: expect.stringContaining('Verify the channel'),
		});
		expect(refusal('forbidden', 'youtube.video').class).toBe('auth');
	});
});
