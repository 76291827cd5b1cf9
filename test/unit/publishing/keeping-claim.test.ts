import { LostClaimError } from '../../../lib/publishing/errors';
import { keepingClaim } from '../../../lib/publishing/heartbeat';

const { signal } = new AbortController();

/** Time goes by as soon as somebody waits for it. */
const clock = {
	now: () => new Date(),
	sleep: async (_delayMs: number, stop: AbortSignal) => {
		await new Promise((resolve) => setImmediate(resolve));
		stop.throwIfAborted();
	},
};

it('extends the claim for as long as the work takes, and no longer', async () => {
	let beats = 0;
	const journal = { keepAlive: async () => void beats++ };
	let finish = (): void => undefined;
	const long = new Promise<void>((resolve) => (finish = resolve));
	const kept = keepingClaim({ journal, clock, signal }, 1, async () => {
		await long;
		return 'done';
	});
	while (beats < 3) await new Promise((resolve) => setImmediate(resolve));
	finish();
	expect(await kept).toBe('done');
	const atTheEnd = beats;
	for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
	expect(beats).toBe(atTheEnd);
});

it('stops the work when the claim is lost, and says that and not what broke because of it', async () => {
	const lost = new LostClaimError('post', 1);
	const journal = { keepAlive: async () => Promise.reject(lost) };
	const kept = keepingClaim({ journal, clock, signal }, 1, async (held) => {
		await new Promise((resolve) => held.addEventListener('abort', resolve));
		throw new Error('the download broke');
	});
	await expect(kept).rejects.toBe(lost);
});

it('passes a stop from outside on to the work', async () => {
	const stop = new AbortController();
	const journal = { keepAlive: async () => undefined };
	const kept = keepingClaim({ journal, clock, signal: stop.signal }, 1, async (held) => {
		stop.abort(new Error('enough'));
		held.throwIfAborted();
	});
	await expect(kept).rejects.toThrow('enough');
});
