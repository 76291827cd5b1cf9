import type { AdapterContext, PlatformAdapter } from '../../../lib/publishing/adapter';
import { retryPolicy } from '../../../lib/publishing/decide';
import { LostClaimError, PublishError } from '../../../lib/publishing/errors';
import { MemoryJournal } from '../../../lib/publishing/memory-journal';
import type { Clock } from '../../../lib/publishing/ports';
import { recordEarlyFailure, runPost, type RunResult } from '../../../lib/publishing/run-post';
import { xAdapter } from '../../../lib/platforms/x/adapter';

const heartbeatMs = 30_000;
const start = new Date('2026-11-20T12:00:00Z');

/** Sleeps end at once, except the heartbeat's: it beats when the test says so. */
class TestClock implements Clock {
	private beats: (() => void)[] = [];

	now(): Date {
		return start;
	}

	async sleep(delayMs: number, signal: AbortSignal): Promise<void> {
		signal.throwIfAborted();
		if (delayMs !== heartbeatMs) return;
		await new Promise<void>((resolve, reject) => {
			this.beats.push(resolve);
			signal.addEventListener('abort', () => reject(signal.reason as Error));
		});
	}

	beat(): void {
		for (const resolve of this.beats.splice(0)) resolve();
	}
}

const live = { platformPostId: '1', url: 'https://x.com/i/status/1' };

function adapterWith(parts: Partial<PlatformAdapter>): PlatformAdapter {
	return {
		...xAdapter,
		validate: () => [],
		prepare: async () => ({ id: 1 }),
		upload: async (_context, _draft, { handle }) => handle,
		commit: async () => live,
		...parts,
	};
}

interface Scene {
	readonly adapter: PlatformAdapter;
	readonly journal?: MemoryJournal;
	readonly clock?: TestClock;
	readonly signal?: AbortSignal;
}

async function run({
	adapter,
	journal = new MemoryJournal(),
	clock = new TestClock(),
	signal,
}: Scene): Promise<RunResult> {
	const context: AdapterContext = {
		http: { send: async () => Promise.reject(new Error('no network here')) },
		authorizer: { getToken: async () => 't', refreshToken: async () => 't' },
		clock,
		log: { info: () => undefined, warn: () => undefined },
		signal: signal ?? new AbortController().signal,
	};
	const job = { adapter, context, draft: { content: {}, media: [] }, journal };
	return await runPost(job, { retryCount: 0, heartbeatMs, random: () => 0 });
}

describe('a run of a post', () => {
	it('stops sending as soon as a heartbeat says that another worker has the post', async () => {
		const clock = new TestClock();
		const journal = new MemoryJournal();
		journal.keepAlive = async () => {
			throw new LostClaimError('p', 1);
		};
		let wasStopped = false;
		const adapter = adapterWith({
			upload: async ({ signal }) => {
				const stopped = new Promise<never>((_, reject) => {
					signal.addEventListener('abort', () => {
						wasStopped = true;
						reject(new Error('the line was cut'));
					});
				});
				clock.beat();
				return await stopped;
			},
		});
		expect(await run({ adapter, journal, clock })).toEqual({ outcome: 'taken-over' });
		expect(wasStopped).toBe(true);
		expect(journal.decisions).toEqual([]);
	});

	it('extends the lease while it works, and stops doing so when it is done', async () => {
		const clock = new TestClock();
		const journal = new MemoryJournal();
		let beats = 0;
		const beaten = new Promise<void>((resolve) => {
			journal.keepAlive = async () => {
				beats++;
				resolve();
			};
		});
		const adapter = adapterWith({
			upload: async (_context, _draft, { handle }) => {
				clock.beat();
				await beaten;
				return handle;
			},
		});
		expect(await run({ adapter, journal, clock })).toMatchObject({ outcome: 'posted' });
		clock.beat();
		expect(beats).toBe(1);
	});

	it('says posted and finishes what hangs on the post, however long that takes: a recorded post has no claim to lose', async () => {
		const clock = new TestClock();
		const journal = new MemoryJournal();
		journal.keepAlive = async () => {
			if ((await journal.load()).live) throw new LostClaimError('p', 1);
		};
		const adapter = adapterWith({
			followUp: async ({ signal }) => {
				clock.beat();
				await new Promise((resolve) => setImmediate(resolve));
				signal.throwIfAborted();
				return [{ name: 'first comment', isDone: true, problem: null }];
			},
		});
		expect(await run({ adapter, journal, clock })).toEqual({
			outcome: 'posted',
			live,
			wasAlreadyPosted: false,
			followUps: [{ name: 'first comment', isDone: true, problem: null }],
		});
	});

	it('says posted when it is stopped after the post is recorded, and names what is missing', async () => {
		const stop = new AbortController();
		const adapter = adapterWith({
			followUp: async ({ signal }) => {
				stop.abort(new Error('enough'));
				signal.throwIfAborted();
				return [];
			},
		});
		expect(await run({ adapter, signal: stop.signal })).toMatchObject({
			outcome: 'posted',
			followUps: [{ isDone: false, problem: 'enough' }],
		});
	});

	it('brings a stopped run back soon, and makes it pay no retry', async () => {
		const stop = new AbortController();
		const journal = new MemoryJournal();
		const adapter = adapterWith({
			upload: async ({ signal }) => {
				stop.abort();
				signal.throwIfAborted();
				return {};
			},
		});
		const result = await run({ adapter, journal, signal: stop.signal });
		expect(result).toMatchObject({ outcome: 'waiting', error: { code: 'interrupted' } });
		expect(journal.decisions).toMatchObject([{ kind: 'wait', countsAsRetry: false }]);
	});

	it('leaves a run that was stopped in the irreversible call to a reader', async () => {
		const stop = new AbortController();
		const adapter = adapterWith({
			commit: async () => {
				stop.abort();
				throw new Error('cut');
			},
			find: async ({ signal }) => {
				signal.throwIfAborted();
				return { state: 'absent' };
			},
		});
		expect(await run({ adapter, signal: stop.signal })).toMatchObject({ outcome: 'unknown' });
	});

	it('never calls the network when it is stopped right before the irreversible call', async () => {
		const stop = new AbortController();
		let commits = 0;
		const adapter = adapterWith({
			upload: async (_context, _draft, { handle }) => {
				stop.abort();
				return handle;
			},
			commit: async () => {
				commits++;
				return live;
			},
		});
		expect(await run({ adapter, signal: stop.signal })).toMatchObject({ outcome: 'waiting' });
		expect(commits).toBe(0);
	});

	it('calls a person in the end when no look can tell, and sends nothing meanwhile', async () => {
		const journal = new MemoryJournal();
		let commits = 0;
		const adapter = adapterWith({
			commit: async () => {
				commits++;
				throw new PublishError('unknown', 'lost');
			},
			find: async () => {
				throw new PublishError('auth', 'The account must be reconnected.');
			},
		});
		const outcomes: string[] = [];
		do outcomes.push((await run({ adapter, journal })).outcome);
		while (outcomes.at(-1) !== 'failed' && outcomes.length < 50);
		expect(outcomes.at(-1)).toBe('failed');
		expect(outcomes.length).toBeLessThanOrEqual(retryPolicy.maxChecks + 1);
		expect(commits).toBe(1);
	});

	it('calls a person at once when the network lets nobody read the post, and never sends again', async () => {
		const journal = new MemoryJournal();
		let commits = 0;
		const adapter = adapterWith({
			commit: async () => {
				commits++;
				throw new PublishError('unknown', 'lost');
			},
			find: async () => ({ state: 'hidden', message: 'Nobody can tell.', remedy: 'Look there.' }),
		});
		for (let runs = 0; runs < 3; runs++) {
			const error = { class: 'unknown', message: 'Nobody can tell.', remedy: 'Look there.' };
			expect(await run({ adapter, journal })).toMatchObject({ outcome: 'failed', error });
		}
		expect(commits).toBe(1);
		expect((await journal.load()).commitIntent).not.toBeNull();
	});

	it('neither looks nor sends again when only a person can tell', async () => {
		const journal = new MemoryJournal();
		let commits = 0;
		const adapter = adapterWith({
			commit: async () => {
				commits++;
				throw new PublishError('unknown', 'whose is it?', { needsPerson: true });
			},
			find: async () => ({ state: 'absent' }),
		});
		expect(await run({ adapter, journal })).toMatchObject({ outcome: 'failed' });
		expect(commits).toBe(1);
		expect((await journal.load()).commitIntent).not.toBeNull();
	});

	it('looks again not before the network wants to be read again', async () => {
		const retryAt = new Date(start.getTime() + 3_600_000);
		const adapter = adapterWith({
			commit: async () => {
				throw new PublishError('unknown', 'lost');
			},
			find: async () => {
				throw new PublishError('rate-limit', 'later', { retryAt });
			},
		});
		expect(await run({ adapter })).toMatchObject({ outcome: 'unknown', at: retryAt });
	});
});

describe('a failure before the run', () => {
	const gone = new PublishError('validation', 'The file is not there.');
	const surroundings = (journal: MemoryJournal) => ({ journal, clock: new TestClock() });
	const options = { retryCount: 0, random: () => 0 };

	it('fails a post that was never sent', async () => {
		const result = await recordEarlyFailure(surroundings(new MemoryJournal()), gone, options);
		expect(result).toMatchObject({ outcome: 'failed' });
	});

	it('leaves a post that may be public with its reader, but not for ever', async () => {
		const journal = new MemoryJournal();
		await journal.armCommit({ armedAt: start, checks: 0 });
		const outcomes: string[] = [];
		for (let run = 0; run < retryPolicy.maxChecks; run++) {
			outcomes.push((await recordEarlyFailure(surroundings(journal), gone, options)).outcome);
		}
		expect(new Set(outcomes.slice(0, -1))).toEqual(new Set(['unknown']));
		expect(outcomes.at(-1)).toBe('failed');
	});
});
