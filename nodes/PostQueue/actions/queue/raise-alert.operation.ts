import type { INodeProperties } from 'n8n-workflow';
import { z } from 'zod';
import { alertSeveritySchema, raiseAlert } from '../../../../lib/database';
import { shownFor, toItemJson, type PostgresOperation } from '../../../shared/postgres-operations';
import { parsedJson, readText } from '../../../shared/postgres-fields';

const fields: INodeProperties[] = [
	{
		displayName: 'Severity',
		name: 'severity',
		type: 'options',
		default: 'warning',
		options: [
			{ name: 'Critical', value: 'critical' },
			{ name: 'Info', value: 'info' },
			{ name: 'Warning', value: 'warning' },
		],
	},
	{ displayName: 'Title', name: 'title', type: 'string', default: '', required: true },
	{ displayName: 'Message', name: 'message', type: 'string', typeOptions: { rows: 3 }, default: '' },
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Deduplication Key',
				name: 'dedupKey',
				type: 'string',
				default: '',
				description: 'The same open trouble is counted, not repeated; the title when empty',
			},
			{
				displayName: 'Details',
				name: 'details',
				type: 'json',
				default: '{}',
				description: 'Whatever helps to understand it',
			},
			{
				displayName: 'Source',
				name: 'source',
				type: 'string',
				default: '={{ $workflow.name }}',
				description: 'Which workflow or part says so',
			},
		],
	},
];

const optionsSchema = z.object({
	dedupKey: z.string().optional(),
	details: z.unknown().optional(),
	source: z.string().optional(),
});

export const raise: PostgresOperation = {
	description: shownFor({ resource: ['queue'], operation: ['raiseAlert'] }, fields),

	async execute({ context, pool, itemIndex }) {
		const options = optionsSchema.parse(context.getNodeParameter('options', itemIndex, {}));
		const { details } = options;
		const alert = await raiseAlert(pool, {
			severity: alertSeveritySchema.parse(context.getNodeParameter('severity', itemIndex)),
			title: z
				.string()
				.min(1, 'an alert needs a title')
				.parse(readText(context, 'title', itemIndex)),
			message: readText(context, 'message', itemIndex),
			source: options.source ?? context.getWorkflow().name ?? '',
			...(options.dedupKey && { dedupKey: options.dedupKey }),
			details: z.record(z.string(), z.unknown()).parse(parsedJson(details ?? {}, 'Details')),
		});
		return [{ json: toItemJson(alert) }];
	},
};
