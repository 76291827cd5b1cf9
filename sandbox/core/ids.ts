import { createHash, randomBytes } from 'node:crypto';
import type { Store } from './store';

/** Ids are a function of the seed and a counter, except snowflakes, which tell the time: no test may lean on one. */
export class Ids {
	private readonly seed: string;

	constructor(
		private readonly store: Store,
		seed?: string,
	) {
		const seeds = store.collection<string>('seed');
		// Random by default: a fresh sandbox beside an old database must not hand out yesterday's post ids again.
		this.seed = seeds.get('seed') ?? seed ?? randomBytes(8).toString('hex');
		if (seeds.get('seed') === undefined) seeds.set('seed', this.seed);
	}

	/** Letters, digits, `-` and `_`, like YouTube's ids. */
	text(kind: string, length: number): string {
		return createHash('sha512')
			.update(`${this.seed}:${kind}:${this.store.next(kind)}`)
			.digest('base64url')
			.slice(0, length);
	}

	/** A snowflake: milliseconds since 2010-11-04 in the upper bits, always larger than the one before. */
	snowflake(nowMs: number): string {
		const last = this.store.collection<string>('snowflake');
		const fromTime = BigInt(Math.max(0, Math.floor(nowMs) - 1_288_834_974_657)) << 22n;
		const previous = BigInt(last.get('last') ?? '0');
		const id = (fromTime > previous ? fromTime : previous + 1n).toString();
		last.set('last', id);
		return id;
	}
}

/** Stands in every secret that a pretend network gives, so that a search tells whether one of them got anywhere. */
export const secretMark = 'pL4nt3d';

export function secret(prefix: string): string {
	return `${prefix}${secretMark}${randomBytes(24).toString('base64url')}`;
}

/** An unsigned 32-bit number that depends on the text alone. */
export function hashNumber(text: string): number {
	return createHash('sha256').update(text).digest().readUInt32BE(0);
}
