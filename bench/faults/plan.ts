// From one number to what is posted and what breaks where. Pure: what a faultless run passes through comes in as
// measured, so that every point exists.
import { NETWORK_NAMES, type FaultOrder } from '../../sandbox';
import { postKinds, type PostKind } from './kinds';
import type { Tally } from './messages';
import { randomFrom, type Random } from './random';

export type EdgeFault = {
	readonly place: 'edge';
	readonly kind: 'kill' | 'duplicate' | 'nats-lost' | 'postgres-killed' | 'suspend';
	/** Which edge of a worker's life, from 1. */
	readonly at: number;
};

export type HttpFault = {
	readonly place: 'http';
	readonly kind: 'cut' | 'answer-lost' | 'answer-late' | 'token-expired' | 'token-rotated' | 'burst';
	readonly network: FaultOrder['network'];
	readonly order: FaultOrder;
};

/** One after the other, for each worker that is started. */
export type ClockFault = {
	readonly place: 'clock';
	readonly kind: 'skew';
	readonly skewsMs: readonly number[];
};

export type Fault = EdgeFault | HttpFault | ClockFault;

export interface Plan {
	readonly seed: number;
	/** Parts of the names of the kinds that the seed chose from, with commas; empty for all of them. */
	readonly only: string;
	readonly posts: readonly { readonly kind: PostKind; readonly words: string }[];
	readonly faults: readonly Fault[];
}

/** What each kind of post passes through when nothing breaks. */
export type Measured = (kind: PostKind) => Promise<Tally>;

type FaultKind = Exclude<Fault['kind'], 'skew'> | 'skew';

/** How often each fault is chosen, against the others. */
const weights: Readonly<Record<FaultKind, number>> = {
	kill: 30,
	suspend: 7,
	duplicate: 6,
	'nats-lost': 5,
	'postgres-killed': 7,
	cut: 9,
	'answer-lost': 14,
	'answer-late': 4,
	'token-expired': 6,
	'token-rotated': 3,
	burst: 7,
	skew: 8,
};

export function faultlessPlan(kind: PostKind): Plan {
	return { seed: 0, only: '', posts: [{ kind, words: `Faultless ${kind.name}` }], faults: [] };
}

export async function planOf(seed: number, only: string, measured: Measured): Promise<Plan> {
	const parts = only.split(',');
	const kinds = postKinds.filter(({ name }) => parts.some((part) => name.includes(part)));
	const random = randomFrom(seed);
	const count = random.chance(0.75) ? 1 : random.whole(2, 3);
	const posts = Array.from({ length: count }, (_, index) => {
		const kind = random.pick(kinds);
		return { kind, words: `Seed ${seed} post ${index + 1} as ${kind.name}` };
	});
	const tallies = await Promise.all(posts.map(async ({ kind }) => measured(kind)));
	const ground = { random, posts, tallies };
	const faults = faultsOf(weighted(random), ground);
	if (random.chance(0.25)) faults.push(...faultsOf(weighted(random), ground));
	return { seed, only, posts, faults };
}

function weighted(random: Random): FaultKind {
	const names = Object.keys(weights) as FaultKind[];
	let left = random.next() * names.reduce((sum, name) => sum + weights[name], 0);
	return names.find((name) => (left -= weights[name]) < 0) ?? 'kill';
}

interface Ground {
	readonly random: Random;
	readonly posts: Plan['posts'];
	readonly tallies: readonly Tally[];
}

function faultsOf(kind: FaultKind, ground: Ground): Fault[] {
	const { random } = ground;
	if (kind !== 'skew') return [faultAt(kind, ground)];
	const skew = (): number => random.pick([-1, 1]) * random.pick([1, 5, 30, 120, 720]) * 60_000;
	// A wrong clock alone breaks nothing: it matters to whoever has to look for a lost answer.
	const other = faultAt(random.pick(['kill', 'answer-lost'] as const), ground);
	return [{ place: 'clock', kind, skewsMs: [skew(), random.chance(0.5) ? skew() : 0] }, other];
}

function faultAt(kind: Exclude<FaultKind, 'skew'>, ground: Ground): Fault {
	switch (kind) {
		case 'kill':
		case 'suspend':
		case 'duplicate':
		case 'nats-lost':
		case 'postgres-killed':
			return { place: 'edge', kind, at: edgeOf(ground) };
		default:
			return httpFault(kind, ground);
	}
}

/** A third of all points lies where it hurts: from the mark before the irreversible call to the written result. */
function edgeOf({ random, tallies }: Ground): number {
	const [only] = tallies;
	const total = tallies.reduce((sum, { passed }) => sum + passed.length, 0);
	const brink = only && tallies.length === 1 && random.chance(0.35) ? brinkOf(only.passed) : undefined;
	return brink ? random.whole(brink.from, brink.to) : random.whole(1, total);
}

function brinkOf(passed: readonly string[]): { readonly from: number; readonly to: number } | undefined {
	const from = passed.findIndex((label) => label.includes('set commit_armed_at ='));
	const to = passed.findIndex((label, index) => index > from && label.includes("set state = 'posted'"));
	return from < 0 || to < 0 ? undefined : { from: from + 1, to: to + 3 };
}

function httpFault(kind: HttpFault['kind'], { random, posts, tallies }: Ground): HttpFault {
	const index = random.whole(0, posts.length - 1);
	const platform = posts[index]?.kind.platform;
	const network = NETWORK_NAMES.find((name) => name === platform);
	const calls = Math.max(1, tallies[index]?.httpCalls ?? 1);
	// Every third at the last call or the one before: there the irreversible one is.
	const skip = random.chance(0.35) ? Math.max(0, calls - random.whole(1, 2)) : random.whole(0, calls - 1);
	return { place: 'http', kind, network, order: { ...orderOf(kind, random), network, skip } as FaultOrder };
}

export const lateMs = { deadline: 1_000, answer: 1_500 } as const;

function orderOf(kind: HttpFault['kind'], random: Random): FaultOrder {
	switch (kind) {
		case 'cut':
			return random.chance(0.5)
				? { kind: 'drop-before' }
				: { kind: 'cut-body-after-bytes', bytes: random.whole(0, 400_000) };
		case 'answer-lost':
			return random.chance(0.6)
				? { kind: 'drop-after-effect' }
				: { kind: 'status-after-effect', status: random.pick([500, 502, 503, 504]) };
		case 'answer-late':
			return { kind: 'delay-after-effect', delayMs: lateMs.answer };
		case 'token-expired':
		case 'token-rotated':
			return { kind: 'expire-token' };
		case 'burst': {
			const status = random.pick([429, 429, 500, 503]);
			const times = random.whole(1, 6);
			const responseHeaders = { 'retry-after': String(random.whole(1, 900)) };
			return { kind: 'status', status, times, ...(random.chance(0.5) && { responseHeaders }) };
		}
		default:
			return kind satisfies never;
	}
}
