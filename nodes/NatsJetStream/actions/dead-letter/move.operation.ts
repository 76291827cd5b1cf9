import { z } from 'zod';
import { buildAsideLetter, publishMessage } from '../../../../lib/queue';
import { shownFor, type Operation } from '../operation';

export const move: Operation = {
	properties: shownFor('deadLetter', 'move', [
		{
			displayName:
				'For a workflow that found out that a message can never work. It is kept with its reason, and the trigger acknowledges it when this run has succeeded.',
			name: 'moveNotice',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'Received Message',
			name: 'received',
			type: 'json',
			default: '={{ $json }}',
			required: true,
			description: 'The whole item that the NATS JetStream Trigger gave',
		},
		{
			displayName: 'Reason',
			name: 'reason',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. The video has no sound.',
			description: 'What happened and what to do, for the person who reads the dead letters',
		},
		{
			displayName: 'Error Class',
			name: 'errorClass',
			type: 'string',
			default: 'validation',
			required: true,
			description: 'Dead letters can be redriven by class',
		},
	]),

	async execute(context, itemIndex, { connection, signal }) {
		const given = context.getNodeParameter('received', itemIndex);
		const letter = buildAsideLetter(typeof given === 'string' ? JSON.parse(given) : given, {
			errorClass: z.string().min(1).parse(context.getNodeParameter('errorClass', itemIndex)),
			reason: z.string().min(1).parse(context.getNodeParameter('reason', itemIndex)),
			failedAt: new Date(),
		});
		const { stream, sequence, isDuplicate } = await publishMessage(connection, letter, { signal });
		return [{ subject: letter.subject, stream, sequence, isDuplicate }];
	},
};
