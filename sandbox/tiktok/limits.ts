import type { Exchange } from '../core/answer';
import { refuse } from './errors';
import type { Creator, TikTok } from './model';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 3_600_000;

/** Facts 2.2: requests per minute and user, a sliding window, and no header that tells of it (2.6). */
const PER_MINUTE = {
	creatorInfo: 20,
	init: 6,
	statusFetch: 30,
	display: 600,
} as const;
export type Endpoint = keyof typeof PER_MINUTE;

/** Counts the request, or refuses it with 429 when the minute is full. */
export function charge(
	tiktok: TikTok,
	exchange: Exchange,
	endpoint: Endpoint,
	caller: { readonly creator: Creator; readonly clientId: string },
): void {
	const windows = tiktok.frame.store.collection<readonly number[]>('tiktok.windows');
	const key = `${endpoint}:${caller.clientId}:${caller.creator.account}`;
	const nowMs = tiktok.frame.clock.nowMs();
	const recent = (windows.get(key) ?? []).filter((atMs) => atMs > nowMs - MINUTE_MS);
	const { quotaLeft } = exchange.faults;
	const limit = PER_MINUTE[endpoint];
	const used =
		quotaLeft === undefined ? recent : new Array<number>(Math.max(0, limit - quotaLeft)).fill(nowMs);
	if (used.length >= limit) {
		windows.set(key, used);
		throw refuse(429, 'rate_limit_exceeded', 'The API rate limit was exceeded. Please try again later.');
	}
	windows.set(key, [...used, nowMs]);
}

/** Facts 2.6: the caps that come as 403. */
export function refuseSpam(tiktok: TikTok, creator: Creator, isDraft: boolean): void {
	if (creator.isBanned) {
		throw refuse(403, 'spam_risk_user_banned_from_posting', 'The user is banned from making new posts.');
	}
	if (!tiktok.settings.enforcesDailyPosts) return;
	const bornAfterMs = tiktok.frame.clock.nowMs() - DAY_MS;
	const recent = tiktok.publishes
		.values()
		.filter(({ account, createdAtMs }) => account === creator.account && createdAtMs > bornAfterMs);
	const drafts = recent.filter(({ post }) => post === null).length;
	if (isDraft && drafts >= 5) {
		throw refuse(
			403,
			'spam_risk_too_many_pending_share',
			'There may be at most 5 pending shares within any 24-hour period.',
		);
	}
	if (!isDraft && recent.length - drafts >= creator.dailyPosts) {
		throw refuse(403, 'spam_risk_too_many_posts', 'The daily post cap from the API is reached.');
	}
}
