import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
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

const reserved = new Set<number>();

/**
 * A port is chosen seconds before n8n listens on it, and a server that is killed leaves it for as long: two stacks that
 * start side by side would meet now and then. So the UDP port of the same number, which nothing of ours speaks on, is
 * held until this process ends, however it ends.
 */
function reserve(port: number): Promise<(() => void) | undefined> {
	return new Promise((resolve) => {
		const socket = createSocket('udp4');
		socket.once('error', () => resolve(undefined));
		socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => {
			socket.unref();
			resolve(() => socket.close());
		});
	});
}

/** Whether the port is this process's from now on: nobody listens there, and no other process has chosen it. */
export async function takePort(port: number): Promise<boolean> {
	if (reserved.has(port)) return await isPortFree(port);
	// Reserved first: a probe on a port of somebody else could be in the way of the very server it was chosen for.
	const release = await reserve(port);
	if (release === undefined) return false;
	if (await isPortFree(port)) {
		reserved.add(port);
		return true;
	}
	release();
	return false;
}

/** A port of the loopback that nobody listens on nor has chosen, and that is not in `taken`. */
export async function findFreePort(taken: ReadonlySet<number> = new Set()): Promise<number> {
	for (let attempt = 0; attempt < MAX_TRIES; attempt += 1) {
		const port = randomInt(LOWEST_PORT, HIGHEST_PORT);
		if (!taken.has(port) && !reserved.has(port) && (await takePort(port))) return port;
	}
	throw new Error(`no free port between ${LOWEST_PORT} and ${HIGHEST_PORT} after ${MAX_TRIES} tries`);
}
