import fc from 'fast-check';
import { decideOutcome, type RetryPolicy } from '../../../lib/queue/settle';

const policies: fc.Arbitrary<RetryPolicy> = fc
	.record({
		maxAttempts: fc.integer({ min: 1, max: 20 }),
		firstDelayMs: fc.integer({ min: 10, max: 60_000 }),
		maxDelayMs: fc.integer({ min: 10, max: 3_600_000 }),
	})
	.map((policy) => ({ ...policy, maxDelayMs: Math.max(policy.firstDelayMs, policy.maxDelayMs) }));

const randoms = fc.double({ min: 0, max: 0.999_999, noNaN: true });

it('retries exactly until the last attempt, whatever the policy, and then makes a dead letter of the given class', () => {
	fc.assert(
		fc.property(policies, fc.integer({ min: 1, max: 40 }), randoms, (policy, deliveryCount, random) => {
			const outcome = { kind: 'retry', reason: 'r', errorClass: 'c' } as const;
			const verdict = decideOutcome(outcome, deliveryCount, policy, { random });
			const isLast = deliveryCount >= policy.maxAttempts;
			return verdict.kind === (isLast ? 'dead' : 'retry');
		}),
	);
});

it('waits at least as long for each attempt as for the one before, up to the limit and never beyond', () => {
	fc.assert(
		fc.property(policies, fc.array(randoms, { minLength: 20, maxLength: 20 }), (policy, chances) => {
			const unlimited = { ...policy, maxAttempts: 100 };
			const delays = chances.map((random, index) => {
				const verdict = decideOutcome({ kind: 'retry', reason: 'r' }, index + 1, unlimited, { random });
				return verdict.kind === 'retry' ? verdict.delayMs : -1;
			});
			const ceilings = delays.map((_delay, index) =>
				Math.min(policy.maxDelayMs, policy.firstDelayMs * 2 ** index),
			);
			return delays.every((delayMs, index) => {
				const ceilingMs = ceilings[index] ?? 0;
				const before = delays[index - 1] ?? 0;
				const hasGrown = delayMs >= before || ceilingMs === policy.maxDelayMs;
				return delayMs >= Math.floor(ceilingMs / 2) && delayMs <= ceilingMs && hasGrown;
			});
		}),
	);
});

it('never turns done or dead into anything else', () => {
	fc.assert(
		fc.property(policies, fc.integer({ min: 1, max: 40 }), randoms, (policy, deliveryCount, random) => {
			const dead = { kind: 'dead', errorClass: 'c', reason: 'r' } as const;
			expect(decideOutcome({ kind: 'done' }, deliveryCount, policy, { random })).toEqual({ kind: 'done' });
			expect(decideOutcome(dead, deliveryCount, policy, { random })).toEqual(dead);
		}),
	);
});
