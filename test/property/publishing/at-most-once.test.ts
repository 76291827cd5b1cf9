// The engine against a far side that does everything wrong that a network and a line can do, in every order
// that fast-check thinks of, with a process that dies in between. The far side counts what the public sees.
import fc from 'fast-check';
import type { AdapterContext, PlatformAdapter, Sighting } from '../../../lib/publishing/adapter';
import { PublishError } from '../../../lib/publishing/errors';
import { MemoryJournal } from '../../../lib/publishing/memory-journal';
import type { PublishJournal } from '../../../lib/publishing/ports';
import { HandleGoneError, type PublishJob } from '../../../lib/publishing/publish';
import { runPost, type RunResult } from '../../../lib/publishing/run-post';

type Trouble =
	| 'none'
	| 'network'
	| 'platform'
	| 'rate-limit'
	| 'handle-gone'
	| 'unforeseen'
	/** Only at the irreversible call: the answer is lost, with or without the effect, at once or later. */
	| 'lost-before-effect'
	| 'lost-after-effect'
	| 'lost-and-late'
	/** Only when looking. */
	| 'undecided';

const troubles = fc.constantFrom<Trouble>(
	'none',
	'none',
	'none',
	'network',
	'platform',
	'rate-limit',
	'handle-gone',
	'unforeseen',
	'lost-before-effect',
	'lost-after-effect',
	'lost-and-late',
	'undecided',
);

class Died extends Error {}

/** A network with one truth: how often the post is public. */
class FarSide {
	published = 0;
	private late = 0;
	private nextHandle = 1;

	constructor(private readonly script: Trouble[]) {}

	private take(): Trouble {
		return this.script.shift() ?? 'none';
	}

	private repeatable(): void {
		const trouble = this.take();
		if (trouble === 'handle-gone') throw new HandleGoneError('gone');
		if (trouble === 'unforeseen') throw new TypeError('unforeseen');
		if (trouble === 'network' || trouble === 'platform' || trouble === 'rate-limit') {
			throw new PublishError(trouble, trouble);
		}
	}

	// What the engine uses of an adapter; the rest of the description says nothing here.
	readonly adapter: PlatformAdapter = {
		description: {
			platform: 'x',
			displayName: 'Far Side',
			apiVersion: '1',
			mediaByAddress: 'never',
			canPostWithoutMedia: true,
			maxMedia: 1,
			takesAltText: false,
			metricsBatchSize: 1,
			limits: [],
		},
		validate: () => [],
		prepare: async () => {
			this.repeatable();
			return { handle: this.nextHandle++ };
		},
		upload: async (_context, _draft, { handle, save }) => {
			this.repeatable();
			await save({ ...handle, half: true });
			this.repeatable();
			return { ...handle, whole: true };
		},
		commit: async () => {
			const trouble = this.take();
			if (trouble === 'handle-gone') throw new HandleGoneError('gone');
			if (trouble === 'network' || trouble === 'rate-limit') throw new PublishError(trouble, trouble);
			if (trouble === 'lost-before-effect') throw new PublishError('unknown', 'lost');
			if (trouble === 'lost-and-late') {
				this.late++;
				throw new PublishError('unknown', 'lost');
			}
			this.published++;
			if (trouble === 'lost-after-effect') throw new PublishError('unknown', 'lost');
			if (trouble === 'unforeseen') throw new TypeError('unforeseen');
			return { platformPostId: '1', url: 'https://far.side/1' };
		},
		find: async (): Promise<Sighting> => {
			const trouble = this.take();
			if (trouble === 'network' || trouble === 'rate-limit') throw new PublishError(trouble, trouble);
			if (trouble === 'undecided') return { state: 'undecided', retryAfterMs: 1 };
			if (this.late > 0) {
				// An honest reader never says "absent" while the call can still take effect.
				this.published += this.late;
				this.late = 0;
				return { state: 'undecided', retryAfterMs: 1 };
			}
			if (this.published > 0)
				return { state: 'live', live: { platformPostId: '1', url: 'https://far.side/1' } };
			return { state: trouble === 'handle-gone' ? 'gone' : 'absent' };
		},
		status: async () => {
			throw new Error('not used');
		},
		metrics: async () => [],
	};
}

/** Dies after its n-th write, which is durable, or before it, which then is not. */
function dyingJournal(inner: MemoryJournal, dieAt: number, isBefore: boolean): PublishJournal {
	let writes = 0;
	let isDead = false;
	return new Proxy(inner, {
		get(target, name) {
			const member: unknown = Reflect.get(target, name);
			if (typeof member !== 'function') return member;
			return async (...args: unknown[]) => {
				if (isDead) throw new Died();
				const isWrite = name !== 'load' && name !== 'keepAlive';
				if (isWrite && ++writes === dieAt) {
					isDead = true;
					if (!isBefore) await member.apply(target, args);
					throw new Died();
				}
				return (await member.apply(target, args)) as unknown;
			};
		},
	}) as PublishJournal;
}

const heartbeatMs = 3_600_000;

function contextOf(): AdapterContext {
	return {
		clock: {
			now: () => new Date(0),
			sleep: async (delayMs: number, signal: AbortSignal) => {
				if (delayMs !== heartbeatMs) return;
				await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
			},
		},
		signal: new AbortController().signal,
		log: { info: () => undefined, warn: () => undefined },
	} as unknown as AdapterContext;
}

/** Runs as the queue would: again after every wait, after every death, until the end. */
async function runToTheEnd(
	farSide: FarSide,
	journal: MemoryJournal,
	deaths: readonly { at: number; isBefore: boolean }[],
): Promise<RunResult | null> {
	const maxRuns = 60;
	for (let run = 0; run < maxRuns; run++) {
		const death = deaths[run];
		const job: PublishJob = {
			adapter: farSide.adapter,
			context: contextOf(),
			draft: { content: {}, media: [] },
			journal: death ? dyingJournal(journal, death.at, death.isBefore) : journal,
		};
		const result = await runPost(job, { retryCount: 0, heartbeatMs, random: () => 0 }).catch(
			(error: unknown) => {
				if (error instanceof Died) return null;
				throw error;
			},
		);
		expect(farSide.published).toBeLessThanOrEqual(1);
		if (result && (result.outcome === 'posted' || result.outcome === 'failed')) return result;
	}
	return null;
}

describe('publishing', () => {
	it('makes the post public at most once, whatever fails and whenever the process dies, and knows it in the end', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(troubles, { maxLength: 25 }),
				fc.array(fc.record({ at: fc.integer({ min: 1, max: 8 }), isBefore: fc.boolean() }), { maxLength: 4 }),
				async (script, deaths) => {
					const farSide = new FarSide([...script]);
					const journal = new MemoryJournal();
					const result = await runToTheEnd(farSide, journal, deaths);
					expect(result).not.toBeNull();
					expect(farSide.published).toBeLessThanOrEqual(1);
					if (result?.outcome === 'posted') {
						expect(farSide.published).toBe(1);
						expect((await journal.load()).live).toEqual(result.live);
					}
				},
			),
			{ numRuns: 2_000 },
		);
	});
});
