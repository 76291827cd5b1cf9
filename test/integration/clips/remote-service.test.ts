import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';

import { extractClips, transcribeVideo, type ClipError, type ExtractResult } from '../../../lib/clips';
import { halfMinuteTalk } from '../../support/media';

const secret = 'sk-planted-secret';
interface Seen {
	readonly path: string | undefined;
	readonly authorization: string | undefined;
	readonly body: Buffer;
}

let folder: string;
let server: Server;
let seen: Seen[];
let answers: { status: number; body: string; reason?: string; headers?: Record<string, string> }[];

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
	const parts: Buffer[] = [];
	for await (const part of request) parts.push(part as Buffer);
	return Buffer.concat(parts);
}

beforeEach(async () => {
	folder = await mkdtemp(path.join(os.tmpdir(), 'remote-'));
	seen = [];
	answers = [];
	server = createServer((request, response) => {
		void bodyOf(request).then((body) => {
			seen.push({ path: request.url, authorization: request.headers.authorization, body });
			const answer = answers.shift() ?? { status: 500, body: 'nothing prepared' };
			response
				.writeHead(answer.status, answer.reason, { 'content-type': 'application/json', ...answer.headers })
				.end(answer.body);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
	server.closeAllConnections();
	await new Promise((resolve) => server.close(resolve));
	await rm(folder, { recursive: true, force: true });
});

async function request(service: { baseUrl?: string; apiKey?: string } = {}) {
	const { port } = server.address() as AddressInfo;
	return {
		sourcePath: await halfMinuteTalk(),
		outputFolder: folder,
		transcription: {
			method: 'openai-compatible' as const,
			service: { baseUrl: `http://127.0.0.1:${port}/v1/`, apiKey: secret, model: 'whisper-1', ...service },
		},
	};
}

async function extract(service: { baseUrl?: string; apiKey?: string } = {}): Promise<ExtractResult> {
	const given = await request(service);
	return await extractClips({
		...given,
		...{ wantedClips: 1, minSec: 3, maxSec: 4, look: { captions: false } },
	});
}

const timed = (word: string, start: number, end: number) => ({ word, start, end });
const good = JSON.stringify({
	text: 'Honey never spoils. Did you know?',
	language: 'english',
	words: [
		timed('Honey', 1, 1.5),
		timed('never', 1.5, 2),
		timed('spoils', 2, 4),
		timed('Did', 5, 5.3),
		timed('you', 5.3, 5.6),
		timed('know', 5.6, 6),
	],
});

it('sends small mono sound with everything the service needs, and uses the words it times', async () => {
	answers = [{ status: 200, body: good }];
	const { transcript } = await extract();
	const [call] = seen;
	expect(call).toMatchObject({ path: '/v1/audio/transcriptions', authorization: `Bearer ${secret}` });
	const body = call!.body.toString('latin1');
	for (const field of [
		'name="model"\r\n\r\nwhisper-1',
		'name="response_format"\r\n\r\nverbose_json',
		'name="timestamp_granularities[]"\r\n\r\nword',
		'filename="speech.flac"',
		'fLaC',
	]) {
		expect(body).toContain(field);
	}
	expect(call!.body.length).toBeLessThan(1_000_000);
	expect(transcript).toMatchObject({
		method: 'openai-compatible',
		wordTiming: 'measured',
		language: 'english',
	});
	expect(transcript.words[2]).toEqual({ text: 'spoils.', startSec: 2, endSec: 4 });
	expect(transcript.sentences.map((sentence) => sentence.text)).toEqual([
		'Honey never spoils.',
		'Did you know?',
	]);
});

it('keeps the times of all words when a service could not time one of them', async () => {
	const answer = JSON.parse(good) as { words: object[] };
	answer.words[1] = { word: 'never' };
	answers = [{ status: 200, body: JSON.stringify(answer) }];
	const { transcript } = await extract();
	const [, never, spoils] = transcript.words;
	expect(spoils).toEqual({ text: 'spoils.', startSec: 2, endSec: 4 });
	expect(never).toMatchObject({ text: 'never', startSec: 1.5, endSec: 2 });
});

it('tries again when the service is busy, as soon as it allows', async () => {
	answers = [
		{ status: 429, body: '{}', headers: { 'retry-after': '1' } },
		{ status: 200, body: good },
	];
	await extract();
	expect(seen).toHaveLength(2);
});

it('works with a service that times only segments, and says so', async () => {
	answers = [
		{
			status: 200,
			body: JSON.stringify({ text: 'x', segments: [{ text: ' Honey never spoils.', start: 2, end: 5 }] }),
		},
	];
	const { transcript } = await extract();
	expect(transcript.wordTiming).toBe('interpolated');
	expect(transcript.words.map((word) => word.text)).toEqual(['Honey', 'never', 'spoils.']);
});

const broken = [null, { text: 'lost', start: null, end: 5 }, 7];
const lasts = { text: ' Honey lasts.', start: 2, end: 5 };

it.each([
	['words', { text: null, words: [null, { word: 5 }, timed('Honey', 1, 1.5), timed('lasts.', 2, 3)] }],
	['segments', { text: 'Honey lasts.', language: 7, segments: [broken[1], lasts] }],
	['segments, and most of them', { text: 'Honey lasts.', segments: [...broken, lasts] }],
])('throws no answer away that was paid for when some of its %s are broken', async (_which, answer) => {
	answers = [{ status: 200, body: JSON.stringify(answer) }];
	const { transcript } = await transcribeVideo(await request());
	expect(transcript.words.map(({ text }) => text)).toEqual(['Honey', 'lasts.']);
	expect(seen).toHaveLength(1);
});

/** Wherever an error of ours may be written to. */
const shown = (error: unknown): string =>
	[
		JSON.stringify(error),
		(error as Error).message,
		(error as ClipError).remedy,
		(error as Error).stack,
	].join();

it.each([
	[401, `{"error":"Incorrect API key provided: ${secret.slice(0, 9)}***"}`, /API key/],
	[403, `${secret} may not do this`, /API key/],
	[404, 'not here', /base URL|model/],
	[200, `<html>${secret}`, /base URL/],
	[200, `{"error":"${secret} is busy","segments":null}`, /base URL/],
])('gives up at once on HTTP %i and says what to change, without the key', async (status, body, remedy) => {
	answers = [{ status, body }];
	const error: unknown = await extract().catch((reason: unknown) => reason);
	expect(error).toMatchObject({
		code: 'transcription-service',
		remedy: expect.stringMatching(remedy) as string,
	});
	expect(shown(error)).not.toContain(secret.slice(0, 9));
	expect(seen).toHaveLength(1);
});

// Its first letters would still be there where an answer is cut short in the middle of the key.
const cutInTheKey = 'a'.repeat(295) + secret;
it.each([
	['plain', { status: 400, body: `no model for ${secret} here` }, 'no model for [hidden] here'],
	['in an address', { status: 400, body: `see http://host/?key=${secret}` }, 'see http://host/?[hidden]'],
	['where the answer is cut short', { status: 400, body: cutInTheKey }, 'aaa'],
	['in place of the reason', { status: 400, body: '', reason: `No ${secret}` }, 'No [hidden]'],
])('takes the key out of what the service says: %s', async (_where, answer, kept) => {
	answers = [answer];
	const error: unknown = await extract().catch((reason: unknown) => reason);
	expect(shown(error)).toContain(kept);
	expect(shown(error)).not.toContain(secret.slice(0, 3));
});

it.each([
	['a password in the base URL', { baseUrl: 'http://somebody:sk-planted@127.0.0.1:9/v1' }],
	['a key that no header can hold', { apiKey: 'sk-planted\u0001key' }],
])('shows no secret when the request cannot even be made: %s', async (_why, service) => {
	const error: unknown = await extract(service).catch((reason: unknown) => reason);
	expect(error).toMatchObject({ code: 'settings' });
	expect(shown(error)).not.toContain('sk-planted');
	expect(seen).toHaveLength(0);
});
