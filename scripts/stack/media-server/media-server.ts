// Gives the files below one folder to networks that fetch media themselves. On the loopback only, so nobody but
// the sandbox can reach it: a real network needs a real public address.
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { byteRangeOf } from './byte-range';

/** Anything else in the folder (subtitles, work files) is nobody's business. */
const MIME_TYPES: Readonly<Record<string, string>> = {
	'.mp4': 'video/mp4',
	'.m4v': 'video/mp4',
	'.mov': 'video/quicktime',
	'.jpg': 'image/jpeg',
	'.jpeg': 'image/jpeg',
	'.png': 'image/png',
	'.gif': 'image/gif',
	'.webp': 'image/webp',
};

export interface MediaServer {
	readonly url: string;
	close(): Promise<void>;
}

export async function startMediaServer(options: {
	readonly folder: string;
	/** A free one when left out. */
	readonly port?: number;
}): Promise<MediaServer> {
	const folder = await realpath(options.folder);
	const server = createServer((request, response) => {
		void answer(request, response, folder).catch(() => response.destroy());
	});
	await listen(server, options.port ?? 0);
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

function listen(server: Server, port: number): Promise<void> {
	return new Promise((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, '127.0.0.1', () => {
			server.removeListener('error', reject);
			resolve();
		});
	});
}

interface Servable {
	readonly path: string;
	readonly sizeBytes: number;
	readonly mimeType: string;
}

async function answer(request: IncomingMessage, response: ServerResponse, folder: string): Promise<void> {
	if (request.method !== 'GET' && request.method !== 'HEAD') {
		response.writeHead(405, { allow: 'GET, HEAD' }).end();
		return;
	}
	const file = await findFile(request.url ?? '/', folder);
	if (!file) {
		response.writeHead(404).end();
		return;
	}
	const range = byteRangeOf(request.headers.range, file.sizeBytes);
	if (range === 'unsatisfiable') {
		response.writeHead(416, { 'content-range': `bytes */${file.sizeBytes}` }).end();
		return;
	}
	const { startByte, endByte } = range ?? { startByte: 0, endByte: file.sizeBytes };
	response.writeHead(range ? 206 : 200, {
		'content-type': file.mimeType,
		'content-length': String(endByte - startByte),
		'accept-ranges': 'bytes',
		...(range && { 'content-range': `bytes ${startByte}-${endByte - 1}/${file.sizeBytes}` }),
	});
	if (request.method === 'HEAD' || endByte === startByte) {
		response.end();
		return;
	}
	await pipeline(createReadStream(file.path, { start: startByte, end: endByte - 1 }), response);
}

/** Null for whatever is not a media file below the folder: no listing, no way out, no hint why. */
async function findFile(target: string, folder: string): Promise<Servable | null> {
	const path = decoded(target.split('?', 1)[0] ?? '');
	const mimeType = MIME_TYPES[extname(path ?? '').toLowerCase()];
	if (path === null || mimeType === undefined) return null;
	try {
		// Resolved with all links, so that neither `..` nor a link leads out of the folder.
		const resolved = await realpath(`${folder}${path}`);
		if (!resolved.startsWith(folder + sep)) return null;
		const found = await stat(resolved);
		return found.isFile() ? { path: resolved, sizeBytes: found.size, mimeType } : null;
	} catch {
		return null;
	}
}

function decoded(path: string): string | null {
	try {
		const text = decodeURIComponent(path);
		return text.startsWith('/') && !text.includes('\0') ? text : null;
	} catch {
		return null;
	}
}
