import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { failedItem } from '../shared/errors';
import * as concatenate from './actions/file/concatenate.operation';
import * as probe from './actions/file/probe.operation';
import * as render from './actions/file/render.operation';
import * as thumbnail from './actions/file/thumbnail.operation';
import * as validate from './actions/file/validate.operation';

const operations: Readonly<
	Record<string, (this: IExecuteFunctions, itemIndex: number) => Promise<INodeExecutionData[]>>
> = {
	'file:probe': probe.execute,
	'file:validate': validate.execute,
	'file:render': render.execute,
	'file:thumbnail': thumbnail.execute,
};

/** Runs the chosen operation for each item, or once for all of them where it joins them. */
export async function router(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const items = this.getInputData();
	if (items.length > 0 && this.getNodeParameter('operation', 0) === 'concatenate') {
		try {
			const pairedItem = items.map((_item, item) => ({ item }));
			return [(await concatenate.execute.call(this)).map((item) => ({ ...item, pairedItem }))];
		} catch (error) {
			return [[failedItem(this, error, 0)]];
		}
	}
	const output: INodeExecutionData[] = [];
	for (let itemIndex = 0; itemIndex < items.length; itemIndex++) {
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
