import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { failedItem } from '../shared/errors';
import * as extract from './actions/clip/extract.operation';
import * as findHighlights from './actions/clip/find-highlights.operation';
import * as render from './actions/clip/render.operation';
import * as transcribe from './actions/clip/transcribe.operation';

const operations: Readonly<
	Record<string, (this: IExecuteFunctions, itemIndex: number) => Promise<INodeExecutionData[]>>
> = {
	'clip:extract': extract.execute,
	'clip:findHighlights': findHighlights.execute,
	'clip:render': render.execute,
	'clip:transcribe': transcribe.execute,
};

/** Runs the chosen operation for each item; one that fails stops the node, or becomes an item with the error. */
export async function router(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const output: INodeExecutionData[] = [];
	for (let itemIndex = 0; itemIndex < this.getInputData().length; itemIndex++) {
		try {
			const made = await operationOf(this, itemIndex).call(this, itemIndex);
			output.push(...made.map((item) => ({ ...item, pairedItem: { item: itemIndex } })));
		} catch (error) {
			output.push(failedItem(this, error, itemIndex));
		}
	}
	return [output];
}

function operationOf(context: IExecuteFunctions, itemIndex: number) {
	const resource = context.getNodeParameter('resource', itemIndex);
	const operation = context.getNodeParameter('operation', itemIndex);
	const found = operations[`${resource}:${operation}`];
	if (!found)
		throw new Error(`The operation "${operation}" of "${resource}" does not exist in this version.`);
	return found;
}
