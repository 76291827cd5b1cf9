import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';
import { redriveDeadLetters, type LetterSelection } from '../../../../lib/queue';
import { shownFor, type Operation } from '../operation';

export const redrive: Operation = {
	properties: shownFor('deadLetter', 'redrive', [
		{
			displayName:
				'Sends dead letters back to the subject they came from. Letters about posts stay: use Post Queue → Redrive, which sets the post itself back.',
			name: 'redriveNotice',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'Which',
			name: 'which',
			type: 'options',
			default: 'one',
			options: [
				{ name: 'All', value: 'all' },
				{ name: 'All of One Error Class', value: 'class' },
				{ name: 'One', value: 'one' },
			],
		},
		{
			displayName: 'Stream Sequence',
			name: 'sequence',
			type: 'number',
			typeOptions: { minValue: 1 },
			// Not a number: who only drops the node here must not send some first letter on its way.
			default: '={{ $json.streamSequence }}',
			required: true,
			description: 'The trigger on Content Dead gives it as “streamSequence”',
			displayOptions: { show: { which: ['one'] } },
		},
		{
			displayName: 'Error Class',
			name: 'errorClass',
			type: 'string',
			default: 'workflow-error',
			required: true,
			description: 'For example workflow-error, timeout, stopped or poison',
			displayOptions: { show: { which: ['class'] } },
		},
		{
			displayName: 'Limit',
			name: 'limit',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 50,
			description: 'Max number of results to return',
			displayOptions: { show: { which: ['all', 'class'] } },
		},
	]),

	async execute(context, itemIndex, { connection, signal }) {
		const selection = readSelection(context, itemIndex);
		const limit = z
			.number()
			.int()
			.min(1)
			.parse(context.getNodeParameter('limit', itemIndex, 50));
		const { redriven, skipped } = await redriveDeadLetters(connection, selection, { limit, signal });
		return [
			...redriven.map(({ sequence, letter }): IDataObject => {
				const { subject, errorClass, reason, attempts, failedAt, postId } = letter;
				const about = { subject, errorClass, reason, attempts, failedAt, ...(postId && { postId }) };
				return { sequence, isRedriven: true, ...about };
			}),
			...skipped.map(({ sequence, reason }): IDataObject => ({ sequence, isRedriven: false, reason })),
		];
	},
};

function readSelection(context: IExecuteFunctions, itemIndex: number): LetterSelection {
	const kind = z.enum(['one', 'class', 'all']).parse(context.getNodeParameter('which', itemIndex));
	switch (kind) {
		case 'all':
			return { kind };
		case 'class':
			return { kind, errorClass: z.string().parse(context.getNodeParameter('errorClass', itemIndex)).trim() };
		case 'one':
			return {
				kind,
				sequence: z.coerce.number().int().min(1).parse(context.getNodeParameter('sequence', itemIndex)),
			};
		default:
			return kind satisfies never;
	}
}
