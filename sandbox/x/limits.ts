import { Refusal, type Exchange } from '../core/answer';
import { tooManyRequests } from './errors';
import type { X } from './model';

const QUARTER_HOUR_MS = 15 * 60_000;
const DAY_MS = 24 * 3_600_000;

interface WindowRule {
	readonly per: 'user' | 'app';
	readonly limit: number;
	readonly windowMs: number;
}

const user = (limit: number, windowMs = QUARTER_HOUR_MS): WindowRule => ({ per: 'user', limit, windowMs });
const app = (limit: number, windowMs = QUARTER_HOUR_MS): WindowRule => ({ per: 'app', limit, windowMs });

/** Facts 4.6. The third rule of createTweet is the account rule of 300 posts in three hours. */
const ENDPOINTS = {
	createTweet: [user(100), app(10_000, DAY_MS), user(300, 3 * 3_600_000)],
	deleteTweet: [user(50)],
	mediaInitialize: [user(1875), app(180_000, DAY_MS)],
	mediaAppend: [user(1875), app(180_000, DAY_MS)],
	mediaFinalize: [user(1875), app(180_000, DAY_MS)],
	mediaOneShot: [user(500), app(50_000, DAY_MS)],
	mediaStatus: [user(1000), app(100_000, DAY_MS)],
	/** Not in the facts; the one-shot's number. */
	mediaMetadata: [user(500), app(50_000, DAY_MS)],
	getTweets: [user(5000), app(3500)],
	getTweet: [user(900), app(450)],
	userTweets: [user(900), app(10_000)],
	usersMe: [user(75)],
} as const satisfies Record<string, readonly WindowRule[]>;
export type Endpoint = keyof typeof ENDPOINTS;

interface WindowUse {
	readonly startedAtMs: number;
	readonly used: number;
}

interface WindowState {
	readonly rule: WindowRule;
	readonly key: string;
	readonly use: WindowUse;
}

const left = ({ rule, use }: WindowState): number => Math.max(0, rule.limit - use.used);
const resetSec = ({ rule, use }: WindowState): number => Math.ceil((use.startedAtMs + rule.windowMs) / 1000);

/** Headers for an answer to nobody in particular: without a valid token no window can be charged. */
export function announceLimits(x: X, exchange: Exchange, endpoint: Endpoint): void {
	const nowMs = x.frame.clock.nowMs();
	const states = ENDPOINTS[endpoint].map((rule) => ({ rule, key: '', use: { startedAtMs: nowMs, used: 0 } }));
	writeHeaders(x, exchange, states);
}

/** Counts the request in each of its windows, or refuses it with 429 when one is full. */
export function chargeLimits(
	x: X,
	exchange: Exchange,
	endpoint: Endpoint,
	caller: { readonly userId: string; readonly clientId: string },
): void {
	const windows = x.frame.store.collection<WindowUse>('x.windows');
	const nowMs = x.frame.clock.nowMs();
	const states = ENDPOINTS[endpoint].map((rule: WindowRule): WindowState => {
		const owner = rule.per === 'user' ? `${caller.clientId}:${caller.userId}` : caller.clientId;
		const key = `${endpoint}:${rule.windowMs}:${owner}`;
		const known = windows.get(key);
		const isRunning = known !== undefined && nowMs < known.startedAtMs + rule.windowMs;
		const use = isRunning ? known : { startedAtMs: nowMs, used: 0 };
		const { quotaLeft } = exchange.faults;
		const isSet = quotaLeft !== undefined && rule.per === 'user';
		return { rule, key, use: isSet ? { ...use, used: Math.max(0, rule.limit - quotaLeft) } : use };
	});
	const isFull = states.some((state) => left(state) === 0);
	const counted = isFull
		? states
		: states.map((state) => ({ ...state, use: { ...state.use, used: state.use.used + 1 } }));
	x.frame.store.batch(() => {
		for (const { key, use } of counted) windows.set(key, use);
	});
	writeHeaders(x, exchange, counted);
	if (isFull) throw new Refusal(tooManyRequests);
}

/**
 * `x-rate-limit-*` shows the tighter of the short windows. A full 24-hour window does not show there: the
 * remaining count can be above zero while the day is used up (facts 4.6).
 */
function writeHeaders(x: X, exchange: Exchange, states: readonly WindowState[]): void {
	const shown = states
		.filter(({ rule }) => rule.windowMs < DAY_MS)
		.reduce((tightest, state) => (left(state) < left(tightest) ? state : tightest));
	Object.assign(exchange.responseHeaders, {
		'x-rate-limit-limit': String(shown.rule.limit),
		'x-rate-limit-remaining': String(left(shown)),
		'x-rate-limit-reset': String(resetSec(shown)),
	});
	if (!x.settings.showsDayLimits) return;
	for (const state of states.filter(({ rule }) => rule.windowMs === DAY_MS)) {
		const prefix = `x-${state.rule.per}-limit-24hour`;
		Object.assign(exchange.responseHeaders, {
			[`${prefix}-limit`]: String(state.rule.limit),
			[`${prefix}-remaining`]: String(left(state)),
			[`${prefix}-reset`]: String(resetSec(state)),
		});
	}
}
