import { allOrNone, ClipError, stoppedError } from '../../../lib/media';

const never = new AbortController().signal;
const untilStopped = (signal: AbortSignal, then: () => void): Promise<never> =>
	new Promise((_resolve, reject) =>
		signal.addEventListener('abort', () =>
			setImmediate(() => {
				then();
				reject(stoppedError(signal));
			}),
		),
	);

it('gives all results in the order of the work, whichever ends first', async () => {
	const ends: (() => void)[] = [];
	const results = allOrNone<string[]>(never, () => [
		new Promise((resolve) => ends.push(() => resolve('first'))),
		new Promise((resolve) => ends.push(() => resolve('second'))),
	]);
	ends.reverse().forEach((end) => end());
	expect(await results).toEqual(['first', 'second']);
});

it('stops the others when one fails, waits for their end, and tells the error that came first', async () => {
	let hasEnded = false;
	const failing = allOrNone<never[]>(never, (signal) => [
		untilStopped(signal, () => (hasEnded = true)),
		Promise.reject(new ClipError('no-speech', 'Nothing is said.', 'Take another video.')),
	]);
	await expect(failing).rejects.toMatchObject({ code: 'no-speech' });
	expect(hasEnded).toBe(true);
});

it('hands on a stop from outside to all of them', async () => {
	const stop = new AbortController();
	let ended = 0;
	const stopped = allOrNone<never[]>(stop.signal, (signal) =>
		[1, 2].map(() => untilStopped(signal, () => ended++)),
	);
	stop.abort();
	await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
	expect(ended).toBe(2);
});
