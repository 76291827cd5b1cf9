import type { ITriggerFunctions } from 'n8n-workflow';
import { readSettings } from '../../../nodes/NatsJetStreamTrigger/settings';

function withParameters(parameters: Record<string, unknown>): ITriggerFunctions {
	const all: Record<string, unknown> = {
		stream: 'CONTENT_PUBLISH',
		durable: 'n8n',
		concurrency: 5,
		...parameters,
	};
	return {
		getNodeParameter: (name: string, fallback?: unknown) => all[name] ?? fallback,
	} as unknown as ITriggerFunctions;
}

it('works off a content stream with checks, eight attempts and an ack wait of a minute when nothing is chosen', () => {
	const settings = readSettings(withParameters({}));
	expect(settings).toMatchObject({
		stream: { name: 'CONTENT_PUBLISH', keep: 'until-done' },
		createStream: true,
		durable: 'n8n',
		filterSubject: undefined,
		ackWaitMs: 60_000,
		giveUpMinutes: 60,
		retry: { maxAttempts: 8, firstDelayMs: 5_000 },
	});
	const wrong = settings.reading.schema?.safeParse({ version: 2 });
	expect(wrong?.success).toBe(false);
});

it('leaves messages unchecked when asked, and those of other streams always', () => {
	expect(readSettings(withParameters({ options: { checkMessages: false } })).reading.schema).toBeUndefined();
	const custom = { stream: 'custom', streamName: 'ORDERS', filterSubject: 'orders.>' };
	expect(readSettings(withParameters(custom)).reading).toEqual({ format: 'json' });
});

it('takes the filter for the subjects of a custom stream that it may have to create', () => {
	const custom = { stream: 'custom', streamName: 'ORDERS', filterSubject: 'orders.>' };
	expect(readSettings(withParameters(custom)).stream).toMatchObject({
		name: 'ORDERS',
		subjects: ['orders.>'],
	});
});

it.each([
	[
		'a custom stream to create without a filter',
		{ stream: 'custom', streamName: 'ORDERS' },
		/subjects must be known/,
	],
	[
		'a stream name with a dot',
		{ stream: 'custom', streamName: 'a.b', filterSubject: 'a' },
		/not a stream name/,
	],
	['a durable name with a space', { durable: 'my worker' }, /not a durable name/],
	['a filter with > in the middle', { filterSubject: 'content.>.x' }, /not a subject filter/],
	['no concurrency', { concurrency: 0 }, /concurrency|Too small|>=1/i],
])('refuses %s with a sentence', (_what, parameters, sentence) => {
	expect(() => readSettings(withParameters(parameters))).toThrow(sentence);
});
