// How far a consumer is behind.
import type { ConsumerInfo, NatsConnection, StreamInfo } from 'nats';
import { toQueueError } from './errors';
import { jetStreamManager } from './set-up';

export interface ConsumerLag {
	readonly stream: string;
	readonly durable: string;
	readonly filterSubject: string | undefined;
	/** Not delivered to anybody yet. */
	readonly waiting: number;
	/** Delivered, and neither acknowledged nor given back; messages that wait for their retry count too. */
	readonly unacknowledged: number;
	readonly redelivered: number;
	/** Pulls that wait for a message: 0 means that nobody listens, or that all are busy. */
	readonly openPulls: number;
	readonly lastDeliveredAt: string | undefined;
	readonly lastAcknowledgedAt: string | undefined;
	readonly streamMessages: number;
	readonly streamBytes: number;
}

/** One consumer, or all of the stream. */
export async function consumerLag(
	connection: NatsConnection,
	{ stream, durable }: { readonly stream: string; readonly durable?: string | undefined },
): Promise<ConsumerLag[]> {
	const manager = await jetStreamManager(connection);
	try {
		const streamInfo = await manager.streams.info(stream);
		if (durable !== undefined) return [toLag(await manager.consumers.info(stream, durable), streamInfo)];
		const lags: ConsumerLag[] = [];
		for await (const info of manager.consumers.list(stream)) lags.push(toLag(info, streamInfo));
		return lags;
	} catch (error) {
		const what =
			durable === undefined ? `the consumers of ${stream}` : `the consumer ${durable} of ${stream}`;
		throw toQueueError(error, `Reading ${what} failed`);
	}
}

function toLag(info: ConsumerInfo, { state }: StreamInfo): ConsumerLag {
	return {
		stream: info.stream_name,
		durable: info.name,
		filterSubject: info.config.filter_subject || undefined,
		waiting: info.num_pending,
		unacknowledged: info.num_ack_pending,
		redelivered: info.num_redelivered,
		openPulls: info.num_waiting,
		lastDeliveredAt: timeOf(info.delivered),
		lastAcknowledgedAt: timeOf(info.ack_floor),
		streamMessages: state.messages,
		streamBytes: state.bytes,
	};
}

/** The server sends it only once something has happened; the client's type does not know the field's name. */
function timeOf(sequence: object): string | undefined {
	const { last_active: at } = sequence as { readonly last_active?: unknown };
	return typeof at === 'string' ? at : undefined;
}
