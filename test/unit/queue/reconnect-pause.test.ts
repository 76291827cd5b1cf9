import fc from 'fast-check';
import { createReconnectPause, reconnectPauseDefaults } from '../../../lib/queue/reconnect-pause';

/** The loop of nats 2.29: it asks on every turn, and either tries or waits for what is missing. */
function attemptsOf(outageMs: number, random: number, dialMs: number): number[] {
	let nowMs = 0;
	let lastTryMs = -60_000;
	const pause = createReconnectPause({ nowMs: () => nowMs, random });
	const attempts: number[] = [];
	while (nowMs < outageMs) {
		const waitMs = pause.next();
		if (lastTryMs + waitMs <= nowMs) {
			lastTryMs = nowMs;
			attempts.push(nowMs);
			nowMs += dialMs;
		} else {
			nowMs += Math.max(1, Math.min(waitMs, lastTryMs + waitMs - nowMs));
		}
	}
	return attempts;
}

it('never waits longer for the next attempt than a third of the outage so far, nor longer than two seconds', () => {
	fc.assert(
		fc.property(
			fc.integer({ min: 1_000, max: 600_000 }),
			fc.double({ min: 0, max: 0.999, noNaN: true }),
			fc.integer({ min: 1, max: 20 }),
			(outageMs, random, dialMs) => {
				const attempts = attemptsOf(outageMs, random, dialMs);
				for (const [index, atMs] of attempts.entries()) {
					const nextMs = attempts[index + 1] ?? outageMs;
					const allowedMs = Math.max(150, Math.min(reconnectPauseDefaults.maxMs, nextMs / 3));
					expect(nextMs - atMs).toBeLessThanOrEqual(allowedMs + dialMs);
				}
			},
		),
		{ numRuns: 50 },
	);
});

it('does not hammer a server that is away for long', () => {
	expect(attemptsOf(3_600_000, 0.5, 5).length).toBeLessThan(3_600);
});

it('begins small again after an outage is over', () => {
	let nowMs = 0;
	const pause = createReconnectPause({ nowMs: () => nowMs, random: 0.999 });
	pause.next();
	nowMs = 60_000;
	expect(pause.next()).toBeGreaterThan(1_000);
	pause.reset();
	expect(pause.next()).toBeLessThanOrEqual(reconnectPauseDefaults.firstMs);
});
