// What the promises are kept on: each adapter with its sandbox, and where its dangerous requests are.
import { facebookAdapter } from '../../../lib/platforms/facebook/adapter';
import { instagramAdapter } from '../../../lib/platforms/instagram/adapter';
import { linkedInAdapter } from '../../../lib/platforms/linkedin/adapter';
import { threadsAdapter } from '../../../lib/platforms/threads/adapter';
import { tiktokAdapterWith } from '../../../lib/platforms/tiktok/adapter';
import { xAdapter } from '../../../lib/platforms/x/adapter';
import { youtubeAdapter } from '../../../lib/platforms/youtube/adapter';
import type { Metrics, PlatformAdapter } from '../../../lib/publishing/adapter';
import type { PostContent } from '../../../lib/publishing/post';
import type { FaultOrder, JournalPost, NetworkName } from '../../../sandbox';

type FaultTarget = Pick<FaultOrder, 'method' | 'pathPattern' | 'headerPatterns' | 'skip'>;

export interface NetworkUnderTest {
	readonly name: NetworkName;
	readonly adapter: PlatformAdapter;
	/** Large enough for more than one piece. */
	readonly mediaBytes: number;
	contentOf(words: string): PostContent;
	/** The same words, where the network keeps them. */
	wordsOf(post: JournalPost): string;
	/** The one irreversible request. */
	commit(mediaBytes: number): FaultTarget;
	/** A request that carries part of the media and publishes nothing. */
	readonly part: FaultTarget;
	/** A request of the upload that carries the token, where `part` goes to a signed address without one. */
	readonly withToken?: FaultTarget;
	/** What carries the token at publishing, where `commit` goes to a signed address without one. */
	readonly commitWithToken?: FaultTarget;
	/** Changes of the sandbox's settings that hold for every test. */
	readonly sandboxSettings?: Readonly<Record<string, unknown>>;
	/** Switches of the sandbox's account. */
	readonly sandboxAccount?: Readonly<Record<string, unknown>>;
	/** The request whose effect starts the processing that can fail. */
	processed(mediaBytes: number): FaultTarget;
	/** YouTube works on a video that is there already; X works before there can be a post. */
	readonly processingFails: 'before-publishing' | 'after-publishing';
	readonly unpostable: PostContent;
	/** The network's word for a window that is full. */
	readonly limitReason: string | undefined;
	/** A number that this network never gives: `null`, never a made-up 0. */
	readonly neverSays: keyof Metrics;
}

const mebibyte = 1024 * 1024;

function lastPiece(mediaBytes: number): FaultTarget {
	return {
		method: 'PUT',
		headerPatterns: { 'content-range': `^bytes \\d+-${mediaBytes - 1}/` },
	};
}

/** The call that opens the upload has the same path; its body is the one that is shorter than a hundred bytes. */
function finishOfReel(): FaultTarget {
	return {
		method: 'POST',
		pathPattern: '/video_reels$',
		headerPatterns: { 'content-length': '^\\d{3,}$' },
	};
}

export const networks: readonly NetworkUnderTest[] = [
	{
		name: 'youtube',
		adapter: youtubeAdapter,
		mediaBytes: mebibyte + 100,
		contentOf: (words) => ({
			title: words,
			description: 'A clip',
			tags: ['clip'],
			options: { privacyStatus: 'public' },
		}),
		wordsOf: ({ title }) => title,
		commit: lastPiece,
		part: { method: 'PUT', headerPatterns: { 'content-range': '^bytes 0-' } },
		processed: lastPiece,
		processingFails: 'after-publishing',
		unpostable: { title: 'x'.repeat(101) },
		limitReason: 'rateLimitExceeded',
		neverSays: 'reach',
	},
	{
		name: 'tiktok',
		// Two chunks out of 11 MB: cut as a file above 64 MB is by default.
		adapter: tiktokAdapterWith({ oneChunkMaxBytes: 6_000_000, chunkBytes: 5_500_000 }),
		mediaBytes: 11_000_100,
		contentOf: (words) => ({ text: words, options: { privacyLevel: 'PUBLIC_TO_EVERYONE' } }),
		wordsOf: ({ text }) => text,
		commit: lastPiece,
		part: { method: 'PUT', headerPatterns: { 'content-range': '^bytes 0-' } },
		withToken: { method: 'POST', pathPattern: '/video/init/$' },
		commitWithToken: { method: 'POST', pathPattern: '/status/fetch/$' },
		// Six inits a minute: waiting for moderation keeps the crash matrix within them, as it would at TikTok.
		sandboxSettings: { moderationMs: 30_000 },
		processed: lastPiece,
		processingFails: 'before-publishing',
		unpostable: { text: 'x'.repeat(2_201) },
		limitReason: undefined,
		neverSays: 'reach',
	},
	{
		name: 'instagram',
		adapter: instagramAdapter,
		mediaBytes: 4 * mebibyte + 100,
		contentOf: (words) => ({ text: words }),
		wordsOf: ({ text }) => text,
		commit: () => ({ method: 'POST', pathPattern: '/media_publish$' }),
		part: { method: 'POST', pathPattern: '^/ig-api-upload/' },
		processed: () => ({ method: 'POST', pathPattern: '^/ig-api-upload/' }),
		processingFails: 'before-publishing',
		unpostable: { text: '#a #b #c #d #e #f' },
		limitReason: undefined,
		neverSays: 'impressions',
	},
	{
		name: 'x',
		adapter: xAdapter,
		mediaBytes: 4 * mebibyte + 100,
		contentOf: (words) => ({ text: words }),
		wordsOf: ({ text }) => text,
		commit: () => ({ method: 'POST', pathPattern: '^/2/tweets$' }),
		part: { method: 'POST', pathPattern: '/append$' },
		processed: () => ({ method: 'POST', pathPattern: '/finalize$' }),
		processingFails: 'before-publishing',
		unpostable: { text: 'x'.repeat(281) },
		limitReason: undefined,
		neverSays: 'reach',
	},
	{
		name: 'linkedin',
		adapter: linkedInAdapter,
		mediaBytes: 4 * mebibyte + 100,
		// As a page: nobody can read a member's posts, so a lost answer is a person's there (linkedin.test.ts).
		contentOf: (words) => ({ text: words, options: { author: 'urn:li:organization:2414183' } }),
		sandboxAccount: { organizationIds: ['2414183'] },
		wordsOf: ({ text }) => text,
		commit: () => ({ method: 'POST', pathPattern: '^/rest/posts$' }),
		part: { method: 'PUT', pathPattern: '^/dms-uploads/' },
		withToken: { method: 'GET', pathPattern: '^/rest/videos/' },
		// Opening and closing the upload are one path; the second one is the closing.
		processed: () => ({ method: 'POST', pathPattern: '^/rest/videos$', skip: 1 }),
		processingFails: 'before-publishing',
		unpostable: { text: 'x'.repeat(3_001) },
		limitReason: 'TOO_MANY_REQUESTS',
		neverSays: 'saves',
	},
	{
		name: 'threads',
		adapter: threadsAdapter,
		mediaBytes: 1_000_000,
		contentOf: (words) => ({ text: words }),
		wordsOf: ({ text }) => text,
		commit: () => ({ method: 'POST', pathPattern: '/threads_publish$' }),
		// No request of ours carries media: this one makes Threads fetch it.
		part: { method: 'POST', pathPattern: '/threads$' },
		processed: () => ({ method: 'POST', pathPattern: '/threads$' }),
		processingFails: 'before-publishing',
		unpostable: { text: 'x'.repeat(501) },
		limitReason: undefined,
		neverSays: 'reach',
	},
	{
		name: 'facebook',
		adapter: facebookAdapter,
		mediaBytes: 2 * mebibyte + 100,
		contentOf: (words) => ({ text: words }),
		wordsOf: ({ text }) => text,
		commit: finishOfReel,
		part: { method: 'POST', pathPattern: '^/video-upload/' },
		processed: finishOfReel,
		processingFails: 'before-publishing',
		unpostable: { text: 'x'.repeat(63_207) },
		limitReason: undefined,
		neverSays: 'impressions',
	},
];
