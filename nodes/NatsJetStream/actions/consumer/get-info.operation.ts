import { z } from 'zod';
import { consumerLag } from '../../../../lib/queue';
import { streams } from '../../../../lib/queue/messages';
import { checkName } from '../../../../lib/queue/subjects';
import { shownFor, type Operation } from '../operation';

export const getInfo: Operation = {
	properties: shownFor('consumer', 'getInfo', [
		{
			displayName: 'Stream Name',
			name: 'streamName',
			type: 'string',
			default: streams.publish.name,
			required: true,
		},
		{
			displayName: 'Durable Name',
			name: 'durable',
			type: 'string',
			default: '',
			description: 'When empty, all consumers of the stream are returned',
		},
	]),

	async execute(context, itemIndex, { connection }) {
		const stream = z.string().parse(context.getNodeParameter('streamName', itemIndex)).trim();
		const durable = z
			.string()
			.parse(context.getNodeParameter('durable', itemIndex, ''))
			.trim();
		const lags = await consumerLag(connection, {
			stream: checkName(stream, 'stream name'),
			durable: durable === '' ? undefined : checkName(durable, 'durable name'),
		});
		return lags.map((lag) => ({ ...lag }));
	},
};
