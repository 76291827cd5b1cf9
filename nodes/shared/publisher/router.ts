// The loop over the items, the same for every network. An operation sees one item; only Get Metrics sees all
// of them, because one call serves many posts.
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { failedItem, toNodeError } from '../errors';
import { getMetrics } from './get-metrics.operation';
import { getStatus } from './get-status.operation';
import type { OperationInput } from './operation-input';
import { publish } from './publish.operation';
import { validate } from './validate.operation';
import { adapterContext } from './surroundings';
import type { PublisherWiring } from './wiring';

type Operation = (input: OperationInput) => Promise<INodeExecutionData['json']>;

const itemOperations: Readonly<Record<string, Operation>> = { publish, getStatus, validate };

function extraOperation({ extraOperations = [] }: PublisherWiring, name: string): Operation | undefined {
	const found = extraOperations.find(({ option }) => option.value === name);
	return (
		found &&
		(async ({ context, wiring, itemIndex }) =>
			await found.run({ context, itemIndex, surroundings: await adapterContext(context, wiring, itemIndex) }))
	);
}

export async function runPublisher(
	context: IExecuteFunctions,
	wiring: PublisherWiring,
): Promise<INodeExecutionData[][]> {
	const operation = context.getNodeParameter('operation', 0) as string;
	if (operation === 'getMetrics') return [await getMetrics(context, wiring)];
	const run = itemOperations[operation] ?? extraOperation(wiring, operation);
	if (!run) throw toNodeError(context.getNode(), new Error(`The operation "${operation}" is not known.`), 0);

	const output: INodeExecutionData[] = [];
	for (let itemIndex = 0; itemIndex < context.getInputData().length; itemIndex++) {
		try {
			const json = await run({ context, wiring, itemIndex });
			output.push({ json, pairedItem: { item: itemIndex } });
		} catch (thrown) {
			output.push(failedItem(context, thrown, itemIndex));
		}
	}
	return [output];
}
