import { createHash, randomUUID } from 'node:crypto';
import { NodeOperationError, type IDataObject, type IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';
import { publishMessage } from '../../../../lib/queue';
import { shownFor, type Operation } from '../operation';

const headersSchema = z
	.object({ header: z.array(z.object({ name: z.string(), value: z.coerce.string() })).default([]) })
	.default({ header: [] });

export const publish: Operation = {
	properties: shownFor('message', 'publish', [
		{
			displayName: 'Subject',
			name: 'subject',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. content.extract.my-talk',
		},
		{
			displayName: 'Payload',
			name: 'payloadSource',
			type: 'options',
			default: 'item',
			options: [
				{ name: 'Input Item', value: 'item', description: 'The JSON of the item that comes in' },
				{ name: 'JSON', value: 'json', description: 'What you write below' },
			],
		},
		{
			displayName: 'JSON',
			name: 'payload',
			type: 'json',
			default: '{}',
			required: true,
			displayOptions: { show: { payloadSource: ['json'] } },
		},
		{
			displayName: 'Message ID',
			name: 'messageId',
			type: 'string',
			default: '',
			placeholder: 'e.g. {{ $json.requestId }}',
			description:
				'The same ID is stored only once within the stream’s window (24 hours on the content streams). When empty, an ID is made from the execution and the item, so that a retry of this node sends nothing twice.',
		},
		{
			displayName: 'Headers',
			name: 'headers',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true },
			placeholder: 'Add header',
			default: {},
			options: [
				{
					displayName: 'Header',
					name: 'header',
					values: [
						{ displayName: 'Name', name: 'name', type: 'string', default: '' },
						{ displayName: 'Value', name: 'value', type: 'string', default: '' },
					],
				},
			],
		},
	]),

	async execute(context, itemIndex, { connection, signal }) {
		const subject = z.string().parse(context.getNodeParameter('subject', itemIndex)).trim();
		const written = z
			.string()
			.parse(context.getNodeParameter('messageId', itemIndex, ''))
			.trim();
		const messageId = written || ownMessageId(context, itemIndex);
		const { header } = headersSchema.parse(context.getNodeParameter('headers', itemIndex, {}));
		const message = {
			subject,
			payload: JSON.stringify(readPayload(context, itemIndex)),
			messageId,
			headers: Object.fromEntries(header.map(({ name, value }) => [name, value])),
		};
		const published = await publishMessage(connection, message, { signal });
		return [{ subject, messageId, ...published }];
	},
};

function readPayload(context: IExecuteFunctions, itemIndex: number): unknown {
	if (context.getNodeParameter('payloadSource', itemIndex) === 'item') {
		return context.getInputData()[itemIndex]?.json ?? {};
	}
	const written: unknown = context.getNodeParameter('payload', itemIndex);
	if (typeof written !== 'string') return written as IDataObject;
	try {
		return JSON.parse(written) as unknown;
	} catch {
		const description = 'Check quotes, commas and brackets in the field "JSON".';
		throw new NodeOperationError(context.getNode(), 'The payload is not JSON', { description, itemIndex });
	}
}

/** The same for every try of this node in this execution, another one in the next round of a loop. */
function ownMessageId(context: IExecuteFunctions, itemIndex: number): string {
	const executionId = context.getExecutionId() as string | undefined;
	if (!executionId) return randomUUID();
	const round: unknown = context.evaluateExpression('{{ $runIndex }}', itemIndex);
	const { id, name } = context.getNode();
	const parts = [context.getInstanceId(), executionId, id, name, String(round), itemIndex];
	return `n8n:${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40)}`;
}
