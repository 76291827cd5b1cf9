import fc from 'fast-check';
import { backoffMs, decide, retryPolicy } from '../../../lib/publishing/decide';
import { PublishError, type ErrorClass } from '../../../lib/publishing/errors';

const now = new Date('2026-11-20T12:00:00Z');
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const classes = fc.constantFrom<ErrorClass>(
	'network',
	'rate-limit',
	'quota',
	'auth',
	'validation',
	'platform',
	'unknown',
	'rejected',
);

describe('backoff', () => {
	it('stays between half and all of a ceiling that doubles up to its limit', () => {
		fc.assert(
			fc.property(fc.nat({ max: 100 }), random, (count, chance) => {
				const delayMs = backoffMs(count, { firstMs: 1_000, maxMs: 60_000 }, chance);
				const ceilingMs = Math.min(60_000, 1_000 * 2 ** Math.min(count, 30));
				expect(delayMs).toBeGreaterThanOrEqual(ceilingMs / 2);
				expect(delayMs).toBeLessThanOrEqual(ceilingMs);
			}),
		);
	});
});

describe('a decision', () => {
	const input = fc.record({
		errorClass: classes,
		retryCount: fc.nat({ max: 20 }),
		checks: fc.nat({ max: 20 }),
		random,
		retryInMs: fc.option(fc.integer({ min: -1_000_000, max: 100_000_000 })),
	});

	it('never comes back in the past, and never before the time that the network asked for', () => {
		fc.assert(
			fc.property(input, ({ errorClass, retryInMs, ...rest }) => {
				const retryAt = retryInMs === null ? undefined : new Date(now.getTime() + retryInMs);
				const error = new PublishError(errorClass, 'x', { ...(retryAt && { retryAt }) });
				const decision = decide({ error, now, ...rest });
				if (decision.kind === 'failed') return;
				expect(decision.at.getTime()).toBeGreaterThan(now.getTime());
				if (retryAt) expect(decision.at.getTime()).toBeGreaterThanOrEqual(retryAt.getTime());
			}),
		);
	});

	it('never sends an unknown outcome back into publishing', () => {
		fc.assert(
			fc.property(fc.nat({ max: 20 }), fc.nat({ max: 20 }), random, (retryCount, checks, chance) => {
				const error = new PublishError('unknown', 'x');
				const decision = decide({ error, now, retryCount, checks, random: chance });
				expect(decision.kind).toBe(checks >= retryPolicy.maxChecks ? 'failed' : 'unknown');
			}),
		);
	});

	it('ends: what may be retried is retried a bounded number of times', () => {
		fc.assert(
			fc.property(fc.constantFrom<ErrorClass>('network', 'platform'), random, (errorClass, chance) => {
				const error = new PublishError(errorClass, 'x');
				const at = (retryCount: number): string =>
					decide({ error, now, retryCount, checks: 0, random: chance }).kind;
				expect(at(retryPolicy.maxAttempts - 2)).toBe('wait');
				expect(at(retryPolicy.maxAttempts - 1)).toBe('failed');
			}),
		);
	});

	it.each<ErrorClass>(['validation', 'rejected', 'auth'])('calls a person for %s at once', (errorClass) => {
		const error = new PublishError(errorClass, 'x', { remedy: 'do this' });
		const decision = decide({ error, now, retryCount: 0, checks: 0, random: 0 });
		expect(decision).toEqual({
			kind: 'failed',
			error: { class: errorClass, message: 'x', remedy: 'do this' },
		});
	});

	const waitMsOf = (retryInMs: number): number => {
		const retryAt = new Date(now.getTime() + retryInMs);
		const error = new PublishError('rate-limit', 'x', { retryAt });
		const decision = decide({ error, now, retryCount: 0, checks: 0, random: 0 });
		if (decision.kind === 'failed') throw new Error('failed');
		return decision.at.getTime() - now.getTime();
	};

	it('comes back at once, and not in a busy loop, when the window is open again by now', () => {
		fc.assert(
			fc.property(fc.integer({ min: -60_000, max: 0 }), (retryInMs) => {
				expect(waitMsOf(retryInMs)).toBe(retryPolicy.firstDelayMs);
			}),
		);
	});

	it('does not believe a moment that is long over: one of the clocks is wrong', () => {
		fc.assert(
			fc.property(fc.integer({ min: -1_000_000_000, max: -60_001 }), (retryInMs) => {
				expect(waitMsOf(retryInMs)).toBe(retryPolicy.defaultWindowWaitMs);
			}),
		);
	});

	it('makes nobody pay with a retry for a window that was full', () => {
		const decision = decide({
			error: new PublishError('quota', 'x'),
			now,
			retryCount: 7,
			checks: 0,
			random: 0,
		});
		expect(decision).toMatchObject({ kind: 'wait', countsAsRetry: false });
	});
});
