// The one way to the network. An answer is never followed, repeated or interpreted here: YouTube's 308 is an
// answer, and who may repeat a call is known only to its caller.
import type { Readable } from 'node:stream';
import { Agent, request, type Dispatcher } from 'undici';
import { TransportError, type HttpClient, type HttpRequest, type HttpResponse } from '../publishing/ports';
import { errorCodeOf, surelyNeverLeft } from './transport-errors';

export interface UndiciClientOptions {
	readonly connectTimeoutMs?: number;
	/** An answer beyond this is an error: no API answer is that large, so it is not what we asked for. */
	readonly maxAnswerBytes?: number;
}

const defaults = { connectTimeoutMs: 10_000, maxAnswerBytes: 4 * 1024 * 1024 } as const;

export class UndiciClient implements HttpClient {
	private readonly agent: Agent;
	private readonly maxAnswerBytes: number;

	constructor(options: UndiciClientOptions = {}) {
		this.maxAnswerBytes = options.maxAnswerBytes ?? defaults.maxAnswerBytes;
		this.agent = new Agent({
			connect: { timeout: options.connectTimeoutMs ?? defaults.connectTimeoutMs },
			// The deadline of each request rules alone; undici's own 300 s would cut long uploads short.
			headersTimeout: 0,
			bodyTimeout: 0,
			// One request per connection at a time: a broken one then never takes a second one with it.
			pipelining: 1,
		});
	}

	async send(message: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
		signal.throwIfAborted();
		const deadline = AbortSignal.timeout(message.deadlineMs);
		try {
			const answer = await request(message.url, {
				method: message.method,
				dispatcher: this.agent,
				signal: AbortSignal.any([signal, deadline]),
				...(message.headers && { headers: { ...message.headers } }),
				// undici sends any async iterable and waits for the socket between two pieces; its types forgot.
				...(message.body !== undefined && { body: message.body as Readable }),
			});
			return {
				status: answer.statusCode,
				headers: flatten(answer.headers),
				bodyText: await readBounded(answer.body, this.maxAnswerBytes),
			};
		} catch (cause) {
			throw describeFailure(message, cause, { stopped: signal.aborted, tooLate: deadline.aborted });
		}
	}

	/** Waits for running requests and closes the idle connections. */
	async close(): Promise<void> {
		await this.agent.close();
	}
}

function flatten(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
	const flat: Record<string, string> = {};
	for (const [name, value] of Object.entries(headers)) {
		if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
	}
	return flat;
}

async function readBounded(body: Readable, maxBytes: number): Promise<string> {
	const parts: Buffer[] = [];
	let sizeBytes = 0;
	for await (const part of body as AsyncIterable<Buffer>) {
		sizeBytes += part.length;
		if (sizeBytes > maxBytes) throw new AnswerTooLargeError(maxBytes);
		parts.push(part);
	}
	return Buffer.concat(parts).toString('utf8');
}

class AnswerTooLargeError extends Error {
	constructor(maxBytes: number) {
		super(`the answer is larger than ${maxBytes} bytes`);
	}
}

/**
 * Says method and host, and no more of the address: a path or a query can be a secret by itself (a YouTube
 * session URI lets anyone who reads it go on with the upload).
 */
function describeFailure(
	message: HttpRequest,
	cause: unknown,
	state: { stopped: boolean; tooLate: boolean },
): TransportError {
	const where = `${message.method} ${hostOf(message.url)}`;
	if (state.stopped)
		return new TransportError(`${where} was stopped before the answer was complete.`, true, cause);
	if (state.tooLate) {
		return new TransportError(`${where} did not answer within ${message.deadlineMs / 1000} s.`, true, cause);
	}
	if (cause instanceof AnswerTooLargeError) {
		return new TransportError(`${where}: ${cause.message}.`, true, cause);
	}
	const code = errorCodeOf(cause);
	if (surelyNeverLeft(cause))
		return new TransportError(`${where} cannot be reached (${code}).`, false, cause);
	return new TransportError(`${where} broke before the answer was complete (${code}).`, true, cause);
}

function hostOf(url: string): string {
	try {
		return new URL(url).host;
	} catch {
		return 'an invalid address';
	}
}
