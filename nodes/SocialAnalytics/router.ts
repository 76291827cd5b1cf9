import { NodeOperationError, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';
import { runOnPostgres, type PostgresOperation } from '../shared/postgres-operations';
import { getDuePosts } from './actions/get-due-posts.operation';
import { getMany } from './actions/get-many.operation';
import { saveMetrics } from './actions/save-metrics.operation';

export const operations: Readonly<Record<string, PostgresOperation>> = { getDuePosts, getMany, saveMetrics };

export async function router(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const name = context.getNodeParameter('operation', 0);
	const operation = operations[name];
	if (!operation) throw new NodeOperationError(context.getNode(), `There is no operation "${name}".`);
	return runOnPostgres(context, operation);
}
