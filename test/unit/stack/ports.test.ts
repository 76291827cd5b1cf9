import crypto from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { findFreePort, isPortFree, takePort } from '../../../scripts/stack/ports';
import { choosePorts } from '../../../scripts/stack/state';

function occupy(port: number): Promise<Server> {
	return new Promise((resolve, reject) => {
		const server = createServer();
		server.once('error', reject);
		server.listen(port, '127.0.0.1', () => resolve(server));
	});
}

function otherCopy(): typeof import('../../../scripts/stack/ports') {
	let copy: unknown;
	jest.isolateModules(() => (copy = jest.requireActual('../../../scripts/stack/ports')));
	return copy as typeof import('../../../scripts/stack/ports');
}

describe('ports', () => {
	let folder: string;
	const servers: Server[] = [];

	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'stackkraft-ports-'));
	});
	afterEach(async () => {
		jest.restoreAllMocks();
		await Promise.all(
			servers.splice(0).map((server) => new Promise((resolve) => server.close(() => resolve(undefined)))),
		);
		rmSync(folder, { recursive: true, force: true });
	});

	it('tells a port that is listened on from a free one', async () => {
		const port = await findFreePort();
		expect(await isPortFree(port)).toBe(true);
		servers.push(await occupy(port));
		expect(await isPortFree(port)).toBe(false);
	});

	it('gives nobody a port that was chosen and is not listened on yet, in this process and in others', async () => {
		const port = await findFreePort();
		// A second copy of the module knows of the first as little as another process does.
		for (const choose of [findFreePort, otherCopy().findFreePort]) {
			jest.spyOn(crypto, 'randomInt').mockImplementationOnce(() => port);
			expect(await choose()).not.toBe(port);
		}
		expect(await takePort(port)).toBe(true);
	});

	it('gives every name a port of its own', async () => {
		const names = Array.from({ length: 30 }, (_, index) => `service-${index}`);
		const ports = Object.values(await choosePorts(folder, names));
		expect(new Set(ports).size).toBe(names.length);
	});

	it('keeps the ports of the last run, because bookmarks and credentials hold them', async () => {
		const first = await choosePorts(folder, ['n8n', 'nats']);
		expect(await choosePorts(folder, ['nats', 'n8n'])).toEqual({ n8n: first.n8n, nats: first.nats });
	});

	it('replaces only the port that somebody else took meanwhile', async () => {
		const first = await choosePorts(folder, ['n8n', 'nats']);
		servers.push(await occupy(first.n8n));
		const second = await choosePorts(folder, ['n8n', 'nats']);
		expect(second.nats).toBe(first.nats);
		expect(second.n8n).not.toBe(first.n8n);
	});

	it('chooses anew when the file is damaged', async () => {
		writeFileSync(join(folder, 'state.json'), '{"n8n": "http');
		const { n8n } = await choosePorts(folder, ['n8n']);
		expect(await isPortFree(n8n)).toBe(true);
	});
});
