// The one items loop of the nodes that work on PostgreSQL: continue on fail, paired items and the index of the
// item that failed are right here or nowhere.
import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import type { Pool } from 'pg';
import { explainPostgresError } from '../../lib/database';
import { failedItem } from './errors';
import { withPostgres } from './postgres';

export interface OperationCall {
	readonly context: IExecuteFunctions;
	readonly pool: Pool;
	readonly itemIndex: number;
}

export interface OperationOutput {
	readonly json: IDataObject;
	/** Which of the node's outputs; the first when absent. */
	readonly output?: number;
	/** The input item it comes from, when it is not the one that was passed. */
	readonly itemIndex?: number;
}

export interface PostgresOperation {
	readonly description: readonly INodeProperties[];
	/** How many outputs the operation has; 1 when absent. */
	readonly outputs?: number;
	/** Where failed items go under “Continue”; the first output when absent. */
	readonly failureOutput?: number;
	/**
	 * Which input items one call takes together; each item alone when absent. Returns groups of indexes.
	 */
	groups?(context: IExecuteFunctions): readonly (readonly number[])[];
	/** @param items the group of input items; `call.itemIndex` is its first. */
	execute(call: OperationCall, items: readonly number[]): Promise<readonly OperationOutput[]>;
}

export async function runOnPostgres(
	context: IExecuteFunctions,
	operation: PostgresOperation,
): Promise<INodeExecutionData[][]> {
	const outputs: INodeExecutionData[][] = Array.from({ length: operation.outputs ?? 1 }, () => []);
	await withPostgres(context, async (pool) => {
		for (const items of groupsOf(context, operation)) {
			const [itemIndex = 0] = items;
			try {
				for (const made of await operation.execute({ context, pool, itemIndex }, items)) {
					outputs[made.output ?? 0]?.push({
						json: made.json,
						pairedItem: { item: made.itemIndex ?? itemIndex },
					});
				}
			} catch (thrown) {
				outputs[operation.failureOutput ?? 0]?.push(failedItem(context, explained(thrown), itemIndex));
			}
		}
	});
	return outputs;
}

/** PostgreSQL says what it found; a person needs to know what to do. */
function explained(thrown: unknown): unknown {
	const explanation = explainPostgresError(thrown);
	if (!explanation) return thrown;
	return Object.assign(new Error(explanation.message), { remedy: explanation.remedy });
}

function groupsOf(context: IExecuteFunctions, operation: PostgresOperation): readonly (readonly number[])[] {
	return operation.groups?.(context) ?? context.getInputData().map((_item, index) => [index]);
}

/** Dates as ISO text and no `undefined`: what an item of n8n can hold and a later node can read. */
export function toItemJson(value: object): IDataObject {
	return JSON.parse(JSON.stringify(value)) as IDataObject;
}

/** The fields of one operation, shown for it alone. */
export function shownFor(
	show: Readonly<Record<string, readonly string[]>>,
	properties: readonly INodeProperties[],
): INodeProperties[] {
	return properties.map((property) => ({
		...property,
		displayOptions: {
			...property.displayOptions,
			show: { ...property.displayOptions?.show, ...structuredClone(show as Record<string, string[]>) },
		},
	}));
}
