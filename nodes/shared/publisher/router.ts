// The loop over the items, the same for every network. An operation sees one item; only Get Metrics sees all
// of them, because one call serves many posts.
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { toNodeError } from '../errors';
import { getMetrics } from './get-metrics.operation';
import { getStatus } from './get-status.operation';
import { publish } from './publish.operation';
import { validate } from './validate.operation';
import type { PublisherWiring } from './wiring';

export interface OperationInput {
	readonly context: IExecuteFunctions;
	readonly wiring: PublisherWiring;
	readonly itemIndex: number;
}

type Operation = (input: OperationInput) => Promise<INodeExecutionData['json']>;

const itemOperations: Readonly<Record<string, Operation>> = { publish, getStatus, validate };

export async function runPublisher(
	context: IExecuteFunctions,
	wiring: PublisherWiring,
): Promise<INodeExecutionData[][]> {
	const operation = context.getNodeParameter('operation', 0) as string;
	if (operation === 'getMetrics') return [await getMetrics(context, wiring)];
	const run = itemOperations[operation];
	if (!run) throw toNodeError(context.getNode(), new Error(`The operation "${operation}" is not known.`), 0);

	const output: INodeExecutionData[] = [];
	for (let itemIndex = 0; itemIndex < context.getInputData().length; itemIndex++) {
		try {
			const json = await run({ context, wiring, itemIndex });
			output.push({ json, pairedItem: { item: itemIndex } });
		} catch (thrown) {
			const error = toNodeError(context.getNode(), thrown, itemIndex);
			if (!context.continueOnFail()) throw error;
			output.push(failedItem(error, itemIndex));
		}
	}
	return [output];
}

export function failedItem(error: ReturnType<typeof toNodeError>, itemIndex: number): INodeExecutionData {
	return {
		json: { error: error.message, remedy: error.description ?? null },
		error,
		pairedItem: { item: itemIndex },
	};
}
