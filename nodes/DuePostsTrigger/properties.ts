import type { INodeProperties, ITriggerFunctions } from 'n8n-workflow';
import { z } from 'zod';
import { watchDefaults } from '../../lib/database';

export const properties: INodeProperties[] = [
	{
		displayName:
			'Put <b>Post Queue → Dispatch Due Posts</b> behind this trigger. It starts one execution at a time, when something is due or was left behind, and none while nothing is. While executions fail, the next one waits up to 30 seconds.',
		name: 'dispatchNotice',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Look Every (Seconds)',
				name: 'lookSec',
				type: 'number',
				typeOptions: { minValue: 0.2, maxValue: 60, numberPrecision: 1 },
				default: watchDefaults.lookMs / 1_000,
				description:
					'How often the database is asked what comes next: one row of an index. A post planned for later leaves at its time however this is set; one planned for now waits for at most so long.',
			},
		],
	},
];

const optionsSchema = z.object({ lookSec: z.coerce.number().min(0.2).max(60).optional() });

export function readTiming(context: Pick<ITriggerFunctions, 'getNodeParameter'>): { lookMs: number } {
	const { lookSec } = optionsSchema.parse(context.getNodeParameter('options', {}));
	return { lookMs: lookSec === undefined ? watchDefaults.lookMs : lookSec * 1_000 };
}
