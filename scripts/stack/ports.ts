import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

// Below the ephemeral ranges of Linux (32768) and macOS (49152): a port from those could be taken by any
// outgoing connection between our probe and the server's own bind, or between two runs.
const LOWEST_PORT = 20_000;
const HIGHEST_PORT = 32_000;
const MAX_TRIES = 200;

export function isPortFree(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const probe = createServer();
		probe.once('error', () => resolve(false));
		probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
	});
}

/** A port of the loopback that nobody listens on, and that is not in `taken`. */
export async function findFreePort(taken: ReadonlySet<number> = new Set()): Promise<number> {
	for (let attempt = 0; attempt < MAX_TRIES; attempt += 1) {
		const port = randomInt(LOWEST_PORT, HIGHEST_PORT);
		if (!taken.has(port) && (await isPortFree(port))) return port;
	}
	throw new Error(`no free port between ${LOWEST_PORT} and ${HIGHEST_PORT} after ${MAX_TRIES} tries`);
}
