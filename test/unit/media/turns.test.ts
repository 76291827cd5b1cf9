import { turns } from '../../../lib/media/turns';

const never = new AbortController().signal;

it('never does more at once than allowed, keeps the order, and goes on after a failure', async () => {
	const { take } = turns(2);
	const [order, ends]: [number[], (() => void)[]] = [[], []];
	let [running, most] = [0, 0];
	const all = Array.from({ length: 6 }, (_none, index) =>
		take(never, async () => {
			order.push(index);
			most = Math.max(most, ++running);
			await new Promise<void>((resolve) => ends.push(resolve));
			running--;
			if (index === 1) throw new Error('one fails');
		}).catch(() => undefined),
	);
	while (order.length < 6) {
		await new Promise(setImmediate);
		ends.shift()?.();
	}
	ends.forEach((end) => end());
	await Promise.all(all);
	expect(order).toEqual([0, 1, 2, 3, 4, 5]);
	expect(most).toBe(2);
});

it('gives the place of somebody who stopped waiting to the next one', async () => {
	const { take } = turns(1);
	const stop = new AbortController();
	let end: () => void = () => undefined;
	const first = take(never, () => new Promise<void>((resolve) => (end = resolve)));
	const second = take(stop.signal, () => Promise.resolve('second'));
	const third = take(never, () => Promise.resolve('third'));
	stop.abort();
	await expect(second).rejects.toMatchObject({ code: 'cancelled' });
	end();
	await first;
	await expect(third).resolves.toBe('third');
});
