// The time that all workers share. What a worker writes down as the moment of a call is compared later, by another
// worker, with what a network says of its posts; a worker whose clock is an hour ahead would not recognise its own
// post, take it for missing, and send it again.
import type { Clock } from '../publishing/ports';
import type { Queryable } from './pool';

/** Of several looks the quickest says most: its answer lay on the wire for the shortest time. */
const looks = 3;

/** This machine's clock, put right by the server's. Sleeping is left as it is. */
export async function databaseClock(client: Queryable, clock: Clock): Promise<Clock> {
	const offsetMs = await offsetOf(client, clock);
	return {
		now: () => new Date(clock.now().getTime() + offsetMs),
		sleep: async (delayMs, signal) => clock.sleep(delayMs, signal),
	};
}

async function offsetOf(client: Queryable, clock: Clock): Promise<number> {
	let best = { tookMs: Infinity, offsetMs: 0 };
	for (let look = 1; look <= looks; look++) {
		const askedMs = clock.now().getTime();
		const { rows } = await client.query<{ at: Date }>('select clock_timestamp() as at');
		const answeredMs = clock.now().getTime();
		const tookMs = answeredMs - askedMs;
		const serverMs = rows[0]?.at.getTime() ?? answeredMs;
		if (tookMs < best.tookMs) best = { tookMs, offsetMs: serverMs - (askedMs + tookMs / 2) };
	}
	return best.offsetMs;
}
