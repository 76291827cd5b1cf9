import { NodeOperationError, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';
import { runOnPostgres, type PostgresOperation } from '../shared/postgres-operations';
import { clipOperations } from './actions/clip';
import { postOperations } from './actions/post';
import { queueOperations } from './actions/queue';

const operations: Readonly<Record<string, Readonly<Record<string, PostgresOperation>>>> = {
	clip: clipOperations,
	post: postOperations,
	queue: queueOperations,
};

export async function router(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const resource = context.getNodeParameter('resource', 0);
	const name = context.getNodeParameter('operation', 0);
	const operation = operations[resource]?.[name];
	if (!operation) {
		throw new NodeOperationError(context.getNode(), `There is no operation "${resource}: ${name}".`);
	}
	return runOnPostgres(context, operation);
}
