// A message counts as sent when the stream has confirmed it. The message id makes sending it again harmless,
// so an unanswered publish is repeated until the deadline.
import { setTimeout as sleep } from 'node:timers/promises';
import { headers as createHeaders, type MsgHdrs, type NatsConnection } from 'nats';
import { QueueError, toQueueError } from './errors';
import { checkSubject } from './subjects';

export interface OutgoingMessage {
	readonly subject: string;
	/** An object is sent as JSON. */
	readonly payload: Uint8Array | string | object;
	/** The same id within the stream's window is stored once. */
	readonly messageId: string;
	readonly headers?: Readonly<Record<string, string>>;
}

export interface Published {
	readonly stream: string;
	readonly sequence: number;
	/** True: the stream already had this message id, nothing was added. */
	readonly isDuplicate: boolean;
}

export interface PublishOptions {
	readonly deadlineMs?: number;
	readonly signal?: AbortSignal | undefined;
}

export const publishDefaults = {
	deadlineMs: 10_000,
	attemptMs: 3_000,
	retryPauseMs: 100,
	noStreamPatienceMs: 1_500,
} as const;

export async function publishMessage(
	connection: NatsConnection,
	message: OutgoingMessage,
	{ deadlineMs = publishDefaults.deadlineMs, signal }: PublishOptions = {},
): Promise<Published> {
	const doing = `Publishing to ${message.subject} failed`;
	const bytes = toBytes(message.payload);
	const options = {
		msgID: checkMessageId(message.messageId),
		headers: toHeaders(message.headers ?? {}),
		timeout: Math.min(publishDefaults.attemptMs, deadlineMs),
	};
	checkSubject(message.subject);
	checkSize(connection, bytes, doing);
	const stream = connection.jetstream();
	const startedAtMs = Date.now();
	for (;;) {
		if (signal?.aborted) throw new QueueError('stopped', `${doing}: the run was stopped.`, '', signal.reason);
		try {
			const ack = await stream.publish(message.subject, bytes, options);
			return { stream: ack.stream, sequence: ack.seq, isDuplicate: ack.duplicate };
		} catch (thrown) {
			const error = toQueueError(thrown, doing);
			const patienceMs = connection.isClosed() ? 0 : Math.min(patience(error), deadlineMs);
			if (Date.now() - startedAtMs + publishDefaults.retryPauseMs >= patienceMs) throw error;
			await sleep(publishDefaults.retryPauseMs, undefined, signal && { signal }).catch(() => undefined);
		}
	}
}

/** How long repeating can help: a broken connection comes back; a missing stream may be a server that boots. */
function patience(error: QueueError): number {
	if (error.code === 'timeout' || error.code === 'unreachable') return Infinity;
	return error.code === 'no-stream' ? publishDefaults.noStreamPatienceMs : 0;
}

function toBytes(payload: Uint8Array | string | object): Uint8Array {
	if (payload instanceof Uint8Array) return payload;
	return new TextEncoder().encode(typeof payload === 'string' ? payload : JSON.stringify(payload));
}

function checkSize(connection: NatsConnection, bytes: Uint8Array, doing: string): void {
	const maxBytes = connection.info?.max_payload;
	if (maxBytes === undefined || bytes.byteLength <= maxBytes) return;
	throw new QueueError(
		'too-large',
		`${doing}: the message has ${bytes.byteLength} bytes, the server accepts ${maxBytes}.`,
		'Send a reference (a path, a URL, an id) instead of the content.',
	);
}

function checkMessageId(messageId: string): string {
	// A line break would end the header and let the rest of the id become headers of its own.
	if (/^[\x21-\x7e]{1,256}$/.test(messageId)) return messageId;
	throw new QueueError(
		'invalid',
		'The message id is empty, too long or has characters that a header cannot carry.',
		'Use 1 to 256 visible ASCII characters, for example a UUID.',
	);
}

/** NATS' own headers steer the server (ids, expectations); passing them on from data would be a surprise. */
function toHeaders(values: Readonly<Record<string, string>>): MsgHdrs {
	const headers = createHeaders();
	for (const [name, value] of Object.entries(values)) {
		if (/^nats-/i.test(name)) continue;
		if (!/^[\x21-\x39\x3b-\x7e]+$/.test(name) || /[\r\n]/.test(value)) {
			throw new QueueError(
				'invalid',
				`The header "${name.slice(0, 80)}" cannot be sent.`,
				'Header names have no spaces and no colon; values have no line breaks.',
			);
		}
		headers.set(name, value);
	}
	return headers;
}
