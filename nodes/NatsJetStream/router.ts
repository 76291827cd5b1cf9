// Items in, items out: which operation, one by one, with the item that each result came from.
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { failedItem } from '../shared/errors';
import { withJetStream } from '../shared/nats';
import { getInfo } from './actions/consumer/get-info.operation';
import { move } from './actions/dead-letter/move.operation';
import { redrive } from './actions/dead-letter/redrive.operation';
import { publish } from './actions/message/publish.operation';
import type { Operation } from './actions/operation';
import { setUp } from './actions/stream/set-up.operation';

export const operations: Readonly<Record<string, Operation>> = {
	'consumer.getInfo': getInfo,
	'deadLetter.move': move,
	'deadLetter.redrive': redrive,
	'message.publish': publish,
	'stream.setUp': setUp,
};

export async function route(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const results: INodeExecutionData[] = [];
	for (const itemIndex of context.getInputData().keys()) {
		const pairedItem = { item: itemIndex };
		try {
			const operation = operationFor(context, itemIndex);
			const found = await withJetStream(
				context,
				async (use) => await operation.execute(context, itemIndex, use),
			);
			for (const json of found) results.push({ json, pairedItem });
		} catch (thrown) {
			results.push(failedItem(context, thrown, itemIndex));
		}
	}
	return [results];
}

function operationFor(context: IExecuteFunctions, itemIndex: number): Operation {
	const name = [
		context.getNodeParameter('resource', itemIndex),
		context.getNodeParameter('operation', itemIndex),
	].join('.');
	const operation = operations[name];
	if (!operation) throw new Error(`There is no operation ${name}.`);
	return operation;
}
