// Looking at a message without taking it: no consumer, no delivery counted, nothing acknowledged.
import { setTimeout as sleep } from 'node:timers/promises';
import type { NatsConnection, StoredMsg } from 'nats';
import { headersOf, readPayload, type Delivery, type Reading } from './delivery';
import { apiErrorNumber, QueueError, toQueueError } from './errors';
import { jetStreamManager } from './set-up';

export interface PeekOptions {
	readonly stream: string;
	/** `undefined`: every subject. */
	readonly filterSubject: string | undefined;
	readonly reading: Reading;
}

const lookAgainMs = 300;
const messageNotFound = 10037;
const streamNotFound = 10059;

/** The oldest message that waits; when none does, the next that arrives before `signal` aborts. */
export async function peekMessage(
	connection: NatsConnection,
	options: PeekOptions,
	signal: AbortSignal,
): Promise<Delivery> {
	for (;;) {
		const found = await oldest(connection, options);
		if (found) return toPeeked(found, options);
		await sleep(lookAgainMs, undefined, { signal }).catch(() => undefined);
		if (signal.aborted) throw new QueueError('stopped', 'No message came while we waited.', '');
	}
}

async function oldest(connection: NatsConnection, options: PeekOptions): Promise<StoredMsg | undefined> {
	const manager = await jetStreamManager(connection);
	const query = { seq: 1, next_by_subj: options.filterSubject ?? '>' };
	try {
		return await manager.streams.getMessage(options.stream, query);
	} catch (error) {
		const number = apiErrorNumber(error);
		if (number === messageNotFound || number === streamNotFound) return undefined;
		throw toQueueError(error, `Looking into the stream ${options.stream} failed`);
	}
}

function toPeeked(stored: StoredMsg, { stream, reading }: PeekOptions): Delivery {
	const read = readPayload(stored.data, reading);
	if (!read.isReadable) {
		const remedy = 'In production the trigger moves it to the dead letters and goes on with the next one.';
		throw new QueueError('invalid', `The oldest message (${stored.subject}): ${read.reason}`, remedy);
	}
	return {
		subject: stored.subject,
		payload: read.payload,
		headers: headersOf(stored.header),
		stream,
		streamSequence: stored.seq,
		deliveryCount: 0,
		publishedAt: stored.time,
	};
}
