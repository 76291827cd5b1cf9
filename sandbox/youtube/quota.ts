import { Refusal, type Exchange } from '../core/answer';
import { quotaExceeded } from './errors';
import type { YouTube } from './model';

/** Facts 1.5: separate buckets per Google Cloud project, all reset at midnight in Los Angeles. */
const DAILY_LIMITS = { uploads: 100, stats: 10_000, general: 10_000 } as const;
export type Bucket = keyof typeof DAILY_LIMITS;

export const COST = { list: 1, upload: 1, stats: 1, write: 50 } as const;

interface Usage {
	readonly day: string;
	readonly used: number;
}

const pacificDay = new Intl.DateTimeFormat('en-CA', {
	timeZone: 'America/Los_Angeles',
	year: 'numeric',
	month: '2-digit',
	day: '2-digit',
});

export function pacificDate(atMs: number): string {
	return pacificDay.format(atMs);
}

/** Charged before the request is looked at: an invalid request costs as much as a valid one. */
export function charge(
	youtube: YouTube,
	exchange: Exchange,
	clientId: string,
	price: { readonly bucket: Bucket; readonly units: number },
): void {
	const usages = youtube.frame.store.collection<Usage>('youtube.quota');
	const key = `${clientId}:${price.bucket}`;
	const day = pacificDate(youtube.frame.clock.nowMs());
	const limit = DAILY_LIMITS[price.bucket];
	const known = usages.get(key);
	let used = known?.day === day ? known.used : 0;
	if (exchange.faults.quotaLeft !== undefined) used = Math.max(0, limit - exchange.faults.quotaLeft);
	const isOver = used + price.units > limit;
	usages.set(key, { day, used: isOver ? used : used + price.units });
	if (isOver) throw new Refusal(quotaExceeded);
}
