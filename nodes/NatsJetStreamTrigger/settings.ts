// The trigger's fields as the loop wants them.
import type { ITriggerFunctions } from 'n8n-workflow';
import { z } from 'zod';
import { customPlan, QueueError, type Reading, type RetryPolicy, type StreamPlan } from '../../lib/queue';
import {
	deadLetterSchema,
	extractRequestSchema,
	publishRequestSchema,
	streams,
} from '../../lib/queue/messages';
import { checkFilter, checkName, isOwnStream } from '../../lib/queue/subjects';

export const optionDefaults = {
	ackWaitSec: 60,
	maxAttempts: 8,
	firstDelaySec: 5,
	giveUpMinutes: 60,
} as const;

const maxRetryDelayMs = 30 * 60_000;
/** References travel, media never does: a larger message on our own subjects is a mistake. */
const ownMaxBytes = 256 * 1024;

const optionsSchema = z.object({
	ackWaitSec: z.number().min(5).max(3_600).default(optionDefaults.ackWaitSec),
	checkMessages: z.boolean().default(true),
	createStream: z.boolean().default(true),
	firstDelaySec: z.number().min(0.1).max(3_600).default(optionDefaults.firstDelaySec),
	giveUpMinutes: z.number().min(1).max(10_080).default(optionDefaults.giveUpMinutes),
	maxAttempts: z.number().int().min(1).max(100).default(optionDefaults.maxAttempts),
	parseJson: z.boolean().default(true),
});

export interface TriggerSettings {
	readonly stream: StreamPlan;
	readonly createStream: boolean;
	readonly durable: string;
	readonly filterSubject: string | undefined;
	readonly concurrency: number;
	readonly ackWaitMs: number;
	readonly giveUpMinutes: number;
	readonly retry: RetryPolicy;
	readonly reading: Reading;
}

type ReadsParameters = Pick<ITriggerFunctions, 'getNodeParameter'>;

export function readSettings(context: ReadsParameters): TriggerSettings {
	const options = optionsSchema.parse(context.getNodeParameter('options', {}));
	const name = streamName(context);
	const filter = textParameter(context, 'filterSubject');
	const filterSubject = filter === '' ? undefined : checkFilter(filter);
	const isOwn = isOwnStream(name);
	if (!isOwn && filterSubject === undefined && options.createStream) {
		throw new QueueError(
			'invalid',
			`To create the stream ${name} when it is missing, its subjects must be known.`,
			'Fill in "Subject Filter", or switch off the option "Create Stream When Missing".',
		);
	}
	return {
		stream: customPlan(name, filterSubject === undefined ? [] : [filterSubject]),
		createStream: options.createStream,
		durable: checkName(textParameter(context, 'durable'), 'durable name'),
		filterSubject,
		concurrency: z.number().int().min(1).max(200).parse(context.getNodeParameter('concurrency')),
		ackWaitMs: options.ackWaitSec * 1_000,
		giveUpMinutes: options.giveUpMinutes,
		retry: {
			maxAttempts: options.maxAttempts,
			firstDelayMs: options.firstDelaySec * 1_000,
			maxDelayMs: Math.max(maxRetryDelayMs, options.firstDelaySec * 1_000),
		},
		reading: {
			format: options.parseJson ? 'json' : 'text',
			...(isOwn && { maxBytes: name === streams.dead.name ? undefined : ownMaxBytes }),
			...(isOwn && options.parseJson && options.checkMessages && { schema: schemaOf(name) }),
		},
	};
}

function streamName(context: ReadsParameters): string {
	const chosen = textParameter(context, 'stream');
	return checkName(chosen === 'custom' ? textParameter(context, 'streamName') : chosen, 'stream name');
}

function textParameter(context: ReadsParameters, name: string): string {
	return z.string().parse(context.getNodeParameter(name, '')).trim();
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
