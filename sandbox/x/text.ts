import { createHash } from 'node:crypto';
import twitter from 'twitter-text';
import type { UrlEntity } from './model';

const STANDARD_LIMIT = 280;
const PREMIUM_LIMIT = 25_000;

/** Facts 4.4: weighted, every link 23. */
export function isTooLong(text: string, isPremium: boolean): boolean {
	return twitter.parseTweet(text).weightedLength > (isPremium ? PREMIUM_LIMIT : STANDARD_LIMIT);
}

export function cashtagCount(text: string): number {
	return twitter.extractCashtags(text).length;
}

export function hasForbiddenCharacters(text: string): boolean {
	return twitter.hasInvalidCharacters(text);
}

/** Duplicates are compared by what a reader sees: normalised, without outer and repeated blanks. */
export function comparable(text: string): string {
	return text.normalize('NFC').replace(/\s+/g, ' ').trim();
}

export interface AttachedMedia {
	readonly mediaKey: string;
	readonly expandedUrl: string;
}

export interface ShownText {
	readonly text: string;
	readonly urls: readonly UrlEntity[];
}

/** Every link becomes a t.co one, and the media are a link at the end (facts 4.3). Positions count code points. */
export function shorten(sentText: string, tweetId: string, media: readonly AttachedMedia[]): ShownText {
	const text = sentText.normalize('NFC');
	const found = twitter.extractUrlsWithIndices(text, { extractUrlsWithoutProtocol: true });
	const urls: UrlEntity[] = [];
	let shown = '';
	let position = 0;
	for (const { url, indices } of found) {
		shown += text.slice(position, indices[0]);
		const expandedUrl = /^https?:\/\//i.test(url) ? url : `http://${url}`;
		const entity = entityAt(shown, shortUrl(expandedUrl, tweetId), expandedUrl);
		urls.push(entity);
		shown += entity.url;
		position = indices[1];
	}
	shown += text.slice(position);
	const [first] = media;
	if (first !== undefined) {
		if (shown !== '') shown += ' ';
		const url = shortUrl(first.expandedUrl, tweetId);
		for (const { mediaKey, expandedUrl } of media) {
			urls.push({ ...entityAt(shown, url, expandedUrl), media_key: mediaKey });
		}
		shown += url;
	}
	return { text: shown, urls };
}

function shortUrl(url: string, tweetId: string): string {
	return `https://t.co/${createHash('sha256').update(`${tweetId}:${url}`).digest('hex').slice(0, 10)}`;
}

function entityAt(before: string, url: string, expandedUrl: string): UrlEntity {
	const start = [...before].length;
	const display = expandedUrl.replace(/^https?:\/\/(www\.)?/i, '');
	return {
		start,
		end: start + url.length,
		url,
		expanded_url: expandedUrl,
		display_url: display.length > 30 ? `${display.slice(0, 29)}…` : display,
	};
}

/** X's `text` comes with these three characters escaped. */
export function escaped(text: string): string {
	return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
