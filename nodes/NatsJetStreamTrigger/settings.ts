// The trigger's fields as the loop wants them.
import type { ITriggerFunctions } from 'n8n-workflow';
import { z } from 'zod';
import { consumeDefaults, consumeSettings, type ConsumeSettings } from '../../lib/queue';

export const optionDefaults = { ...consumeDefaults, giveUpMinutes: 60 } as const;

const optionsSchema = z.object({
	ackWaitSec: z.number().min(5).max(3_600).default(optionDefaults.ackWaitSec),
	checkMessages: z.boolean().default(true),
	createStream: z.boolean().default(true),
	firstDelaySec: z.number().min(0.1).max(3_600).default(optionDefaults.firstDelaySec),
	giveUpMinutes: z.number().min(1).max(10_080).default(optionDefaults.giveUpMinutes),
	maxAttempts: z.number().int().min(1).max(100).default(optionDefaults.maxAttempts),
	parseJson: z.boolean().default(true),
});

export interface TriggerSettings extends ConsumeSettings {
	readonly giveUpMinutes: number;
}

type ReadsParameters = Pick<ITriggerFunctions, 'getNodeParameter'>;

export function readSettings(context: ReadsParameters): TriggerSettings {
	const { giveUpMinutes, parseJson, ...options } = optionsSchema.parse(
		context.getNodeParameter('options', {}),
	);
	const chosen = textParameter(context, 'stream');
	const consume = consumeSettings({
		...options,
		streamName: chosen === 'custom' ? textParameter(context, 'streamName') : chosen,
		filterSubject: textParameter(context, 'filterSubject'),
		durable: textParameter(context, 'durable'),
		concurrency: z.number().int().min(1).max(200).parse(context.getNodeParameter('concurrency')),
		format: parseJson ? 'json' : 'text',
	});
	return { ...consume, giveUpMinutes };
}

function textParameter(context: ReadsParameters, name: string): string {
	return z.string().parse(context.getNodeParameter(name, '')).trim();
}
