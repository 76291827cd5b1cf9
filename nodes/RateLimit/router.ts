import { NodeOperationError, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';
import { runOnPostgres, type PostgresOperation } from '../shared/postgres-operations';
import { getStatus } from './actions/get-status.operation';
import { learn } from './actions/learn.operation';
import { release } from './actions/release.operation';
import { reserve } from './actions/reserve.operation';

export const operations: Readonly<Record<string, PostgresOperation>> = { getStatus, learn, release, reserve };

export async function router(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const name = context.getNodeParameter('operation', 0);
	const operation = operations[name];
	if (!operation) throw new NodeOperationError(context.getNode(), `There is no operation "${name}".`);
	return runOnPostgres(context, operation);
}
