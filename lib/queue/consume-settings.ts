// What a person chooses about consuming a stream, as the loop wants it. The trigger's fields and the bridge's
// variables come here, so that both treat the same stream in the same way.
import type { z } from 'zod';
import type { ConsumerLoopOptions } from './consumer-loop';
import type { Reading } from './delivery';
import { QueueError } from './errors';
import { deadLetterSchema, extractRequestSchema, publishRequestSchema, streams } from './messages';
import { customPlan } from './set-up';
import { checkFilter, checkName, isOwnStream } from './subjects';

export interface ConsumeWish {
	readonly streamName: string;
	/** Empty: every subject of the stream. */
	readonly filterSubject: string;
	readonly durable: string;
	readonly concurrency: number;
	readonly ackWaitSec: number;
	readonly maxAttempts: number;
	readonly firstDelaySec: number;
	readonly format: Reading['format'];
	/** Messages of the content streams must fit their schema. */
	readonly checkMessages: boolean;
	readonly createStream: boolean;
}

export type ConsumeSettings = Pick<
	ConsumerLoopOptions,
	'stream' | 'createStream' | 'durable' | 'filterSubject' | 'concurrency' | 'ackWaitMs' | 'retry' | 'reading'
>;

export const consumeDefaults = {
	concurrency: 5,
	ackWaitSec: 60,
	maxAttempts: 8,
	firstDelaySec: 5,
} as const;

const maxRetryDelayMs = 30 * 60_000;
/** References travel, media never does: a larger message on our own subjects is a mistake. */
const ownMaxBytes = 256 * 1024;

export function consumeSettings(wish: ConsumeWish): ConsumeSettings {
	const name = checkName(wish.streamName, 'stream name');
	const filterSubject = wish.filterSubject === '' ? undefined : checkFilter(wish.filterSubject);
	if (!isOwnStream(name) && filterSubject === undefined && wish.createStream) {
		throw new QueueError(
			'invalid',
			`To create the stream ${name} when it is missing, its subjects must be known.`,
			'Fill in the subject filter, or switch off that a missing stream is created.',
		);
	}
	return {
		stream: customPlan(name, filterSubject === undefined ? [] : [filterSubject]),
		createStream: wish.createStream,
		durable: checkName(wish.durable, 'durable name'),
		filterSubject,
		concurrency: wish.concurrency,
		ackWaitMs: wish.ackWaitSec * 1_000,
		retry: {
			maxAttempts: wish.maxAttempts,
			firstDelayMs: wish.firstDelaySec * 1_000,
			maxDelayMs: Math.max(maxRetryDelayMs, wish.firstDelaySec * 1_000),
		},
		reading: readingOf(name, wish),
	};
}

function readingOf(name: string, { format, checkMessages }: ConsumeWish): Reading {
	if (!isOwnStream(name)) return { format };
	return {
		format,
		maxBytes: name === streams.dead.name ? undefined : ownMaxBytes,
		...(format === 'json' && checkMessages && { schema: schemaOf(name) }),
	};
}

function schemaOf(name: string): z.ZodType | undefined {
	switch (name) {
		case streams.extract.name:
			return extractRequestSchema;
		case streams.publish.name:
			return publishRequestSchema;
		case streams.dead.name:
			return deadLetterSchema;
		default:
			return undefined;
	}
}
