import type { INodeProperties } from 'n8n-workflow';
import { z } from 'zod';
import { readLimitHeaders } from '../../../lib/http';
import { learn as learnLimits } from '../../../lib/limits';
import { parsedJson } from '../../shared/postgres-fields';
import { shownFor, toItemJson, type PostgresOperation } from '../../shared/postgres-operations';
import { readRequest } from './read-request';
import { accountFields, learnOptions } from './window-fields';

const fields: INodeProperties[] = [
	...accountFields,
	{
		displayName: 'Headers',
		name: 'headers',
		type: 'json',
		default: '={{ $json.headers }}',
		required: true,
		description:
			'Of the answer, as an HTTP Request node gives them with Include Response Headers and Status. X-Rate-Limit, RateLimit and Retry-After are read.',
	},
	{
		displayName: 'Status Code',
		name: 'statusCode',
		type: 'number',
		default: '={{ $json.statusCode }}',
		description: 'Of the answer. 429 means that nothing is left.',
	},
	learnOptions,
];

const headersSchema = z
	.record(z.string(), z.unknown())
	.transform((headers) =>
		Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)])),
	);
const statusSchema = z.coerce.number().int().catch(0);

/** The item goes on as it came. */
export const learn: PostgresOperation = {
	description: shownFor({ operation: ['learn'] }, fields),

	async execute({ context, pool, itemIndex }) {
		const item = context.getInputData()[itemIndex]?.json ?? {};
		const { windows, ...account } = readRequest(context, itemIndex);
		const wanted = z.string().parse(context.getNodeParameter('options.endpoint', itemIndex, ''));
		const window = windows.find(({ endpoint }) => wanted === '' || endpoint === wanted);
		if (!window) {
			const names = windows.map(({ endpoint }) => endpoint).join(', ');
			throw new Error(`There is no window "${wanted}" on ${account.platform}: it has ${names || 'none'}.`);
		}
		const headers = headersSchema.parse(
			parsedJson(context.getNodeParameter('headers', itemIndex), 'headers'),
		);
		const status = statusSchema.parse(context.getNodeParameter('statusCode', itemIndex, 0));
		const sighting = readLimitHeaders({ status, headers }, new Date());
		if (!sighting) return [{ json: { ...item, rateLimit: { learned: false } } }];
		const { learned } = await learnLimits(pool, { ...account, ...sighting, window });
		return [
			{ json: { ...item, rateLimit: toItemJson({ learned, endpoint: window.endpoint, ...sighting }) } },
		];
	},
};
