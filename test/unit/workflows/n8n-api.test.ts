import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { callN8n } from '../../../scripts/stack/n8n/http';
import { N8nApi } from '../../../scripts/workflows/n8n-api';

interface Answer {
	readonly status: number;
	readonly body: unknown;
	readonly headers?: Readonly<Record<string, string>>;
}

let server: Server;
let asked: string[];
let answers: Answer[];
let log: string[];

beforeEach(async () => {
	asked = [];
	answers = [];
	log = [];
	server = createServer((request: IncomingMessage, response) => {
		asked.push(`${request.method} ${request.url}`);
		const { status, body, headers } = answers.shift() ?? { status: 500, body: {} };
		response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
	server.closeAllConnections();
	await new Promise((resolve) => server.close(resolve));
});

function api(options: { signal?: AbortSignal } = {}): N8nApi {
	const { port } = server.address() as AddressInfo;
	return new N8nApi({
		n8nUrl: `http://127.0.0.1:${port}/`,
		apiKey: 'planted-secret',
		log: (line) => log.push(line),
		...options,
	});
}

const page = (data: unknown[], nextCursor: string | null = null): Answer => ({
	status: 200,
	body: { data, nextCursor },
});
const tag = (id: string) => ({ id, name: `tag ${id}` });

it('walks through every page', async () => {
	answers = [page([tag('1')], 'next page'), page([tag('2')])];
	expect((await api().listTags()).map(({ id }) => id)).toEqual(['1', '2']);
	expect(asked[1]).toContain('cursor=next%20page');
});

it('is never cut off by n8n closing a connection that stood idle just when it is used again', async () => {
	answers = [page([tag('1')], 'next page'), page([tag('2')])];
	const used = new Set<unknown>();
	server.prependListener('request', ({ socket }: IncomingMessage) => {
		if (used.has(socket)) socket.destroy();
		used.add(socket);
	});
	expect(await api().listTags()).toHaveLength(2);
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
	for (let call = 0; call < 3; call++)
		expect(await callN8n({ method: 'GET', url })).toMatchObject({ status: 500 });
});

it('obeys 429 and asks again after the stated time', async () => {
	answers = [
		{ status: 429, body: { message: 'slow down' }, headers: { 'retry-after': '1' } },
		page([tag('1')]),
	];
	const beganAt = Date.now();
	expect(await api().listTags()).toHaveLength(1);
	expect(Date.now() - beganAt).toBeGreaterThanOrEqual(900);
	expect(log).toEqual(['n8n asks to wait 1 s (too many requests)']);
});

it('stops waiting at once when it is told to stop', async () => {
	answers = [{ status: 429, body: {}, headers: { 'retry-after': '50' } }];
	const stop = new AbortController();
	const listing = api({ signal: stop.signal }).listTags();
	const refused = expect(listing).rejects.toThrow(/abort/i);
	while (log.length === 0) await new Promise(setImmediate);
	stop.abort();
	await refused;
});

it('repeats what n8n said when it refuses, and never the key', async () => {
	answers = [{ status: 400, body: { message: 'request/body must NOT have additional properties' } }];
	const refused = api().createTag('x');
	await expect(refused).rejects.toThrow(
		'n8n refused POST /tags (HTTP 400): request/body must NOT have additional',
	);
	await expect(refused).rejects.not.toThrow(/planted-secret/);
});

it('tells a person what to do about a refused key', async () => {
	answers = [{ status: 401, body: { message: 'unauthorized' } }];
	await expect(api().listTags()).rejects.toThrow(/Settings → n8n API/);
});

it('names the place of an answer that it does not understand', async () => {
	answers = [page([{ id: 7, name: 'x' }])];
	await expect(api().listTags()).rejects.toThrow(/unknown form \(data\.0\.id/);
});

it.each([403, 404, 405])('answers undefined when credentials cannot be listed (HTTP %d)', async (status) => {
	answers = [{ status, body: { message: 'no' } }];
	expect(await api().listCredentials()).toBeUndefined();
});

it('leaves archived workflows and longer names alone', async () => {
	const workflow = { id: '1', name: 'Publisher', active: true, nodes: [], connections: {}, settings: {} };
	answers = [
		page([
			workflow,
			{ ...workflow, id: '2', isArchived: true },
			{ ...workflow, id: '3', name: 'Publisher 2' },
		]),
	];
	expect((await api().listWorkflows('Publisher')).map(({ id }) => id)).toEqual(['1']);
});

it('says that n8n does not answer when nobody listens', async () => {
	const nobody = new N8nApi({ n8nUrl: 'http://127.0.0.1:1', apiKey: 'k' });
	await expect(nobody.listTags()).rejects.toThrow(
		/does not answer at http:\/\/127\.0\.0\.1:1 \(ECONNREFUSED\)/,
	);
});
