// How long to wait between two attempts to reach a server that went away.
//
// nats 2.29 asks for the pause on every turn of its loop, also on the turns that only wait, and compares it with
// the time since the last attempt. A pause that grows with each question therefore runs away from that time and
// every attempt comes at the maximum: a broker that was back after 20 ms was met again after 4 s. Growing with
// the outage instead, more slowly than time passes, an attempt is never far away however often we are asked.

export const reconnectPauseDefaults = { firstMs: 100, maxMs: 2_000, shareOfOutage: 0.25 } as const;

export interface ReconnectPause {
	/** Begins an outage when none is known. */
	next(): number;
	/** The outage is over. */
	reset(): void;
}

export interface ReconnectPauseOptions {
	readonly nowMs: () => number;
	/** In [0, 1): keeps a hundred clients of one broker apart. */
	readonly random: number;
}

export function createReconnectPause({ nowMs, random }: ReconnectPauseOptions): ReconnectPause {
	const { firstMs, maxMs, shareOfOutage } = reconnectPauseDefaults;
	const spread = 0.5 + random / 2;
	let lostAtMs: number | undefined;
	return {
		next() {
			lostAtMs ??= nowMs();
			const grownMs = (nowMs() - lostAtMs) * shareOfOutage;
			return Math.round(Math.min(maxMs, Math.max(firstMs, grownMs)) * spread);
		},
		reset() {
			lostAtMs = undefined;
		},
	};
}
