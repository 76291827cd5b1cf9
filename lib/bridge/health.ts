// Whether the bridge works, for a supervisor on the same machine. Bound to the loopback address alone: it needs
// no login that way and shows nothing to the network.
import { createServer, type Server } from 'node:http';

export interface BridgeHealth {
	readonly status: 'ok' | 'trouble' | 'stopping';
	/** Messages in work, those that wait for a webhook that is away included. */
	readonly running: number;
	readonly done: number;
	readonly retried: number;
	readonly dead: number;
	readonly troubles: readonly string[];
}

/** `GET /health`: 200 while all is well, 503 otherwise. */
export async function serveHealth(port: number, health: () => BridgeHealth): Promise<Server> {
	const server = createServer((request, response) => {
		const isKnown = request.method === 'GET' && request.url === '/health';
		const answer = isKnown ? health() : { status: 'unknown address' };
		const status = !isKnown ? 404 : answer.status === 'ok' ? 200 : 503;
		response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
		response.end(JSON.stringify(answer));
	});
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, '127.0.0.1', resolve);
	});
	return server;
}
