// Every choice of a seed comes out of here and of nothing else: the same number is the same story again.

export interface Random {
	/** In [0, 1). */
	next(): number;
	/** From `from` up to and with `to`. */
	whole(from: number, to: number): number;
	pick<T>(values: readonly T[]): T;
	chance(share: number): boolean;
}

/** mulberry32: four lines, no state beside one number, good enough to choose faults. */
export function randomFrom(seed: number): Random {
	let state = (seed * 0x9e3779b1) >>> 0;
	const next = (): number => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
	const whole = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
	return {
		next,
		whole,
		pick: (values) => {
			const value = values[whole(0, values.length - 1)];
			if (value === undefined) throw new Error('nothing to pick from');
			return value;
		},
		chance: (share) => next() < share,
	};
}
