// A web server of a test's own, that answers as the test says and can break off in the middle.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FileHost {
	/** `127.0.0.1:port` */
	readonly host: string;
	readonly requests: readonly IncomingMessage[];
	close(): Promise<void>;
}

export type Handle = (request: IncomingMessage, response: ServerResponse, count: number) => void;

export async function startFileHost(handle: Handle): Promise<FileHost> {
	const requests: IncomingMessage[] = [];
	const server = createServer((request, response) => {
		requests.push(request);
		handle(request, response, requests.length);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		host: `127.0.0.1:${port}`,
		requests,
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
