import type { ICredentialDataDecryptedObject, IDataObject, IExecuteFunctions, INodeType } from 'n8n-workflow';
import type { INodeExecutionData } from 'n8n-workflow';

export interface NodeRun {
	readonly node: INodeType;
	readonly parameters: IDataObject;
	readonly items?: readonly IDataObject[];
	readonly credentials: Readonly<Record<string, ICredentialDataDecryptedObject>>;
	readonly continueOnFail?: boolean;
}

/** What n8n gives a node, as far as ours use it. Expressions are stood in for by functions of the item. */
export async function runNode(run: NodeRun): Promise<INodeExecutionData[][]> {
	const items = (run.items ?? [{}]).map((json) => ({ json }));
	const context = {
		getInputData: () => items,
		getNode: () => ({
			id: '1',
			name: 'Under Test',
			type: 'test',
			typeVersion: 1,
			position: [0, 0],
			parameters: {},
		}),
		getNodeParameter: (name: string, index: number, fallback?: unknown) => {
			const [head = '', ...path] = name.split('.');
			let value: unknown = run.parameters[head];
			if (typeof value === 'function') value = (value as (json: IDataObject) => unknown)(items[index]!.json);
			for (const part of path) value = (value as IDataObject | undefined)?.[part];
			if (value !== undefined) return value;
			if (fallback !== undefined) return fallback;
			throw new Error(`Could not get parameter ${name}`);
		},
		getCredentials: async (name: string) => {
			const found = run.credentials[name];
			if (!found) throw new Error(`Node does not have any credentials set for ${name}`);
			return found;
		},
		getWorkflow: () => ({ id: 'w', name: 'A workflow', active: true }),
		getExecutionCancelSignal: () => undefined,
		getTimezone: () => 'Pacific/Auckland',
		continueOnFail: () => run.continueOnFail ?? false,
		logger: { info: () => undefined, warn: () => undefined, error: () => undefined, debug: () => undefined },
	};
	return (await run.node.execute!.call(context as unknown as IExecuteFunctions)) as INodeExecutionData[][];
}

export function credentialOf(url: string): ICredentialDataDecryptedObject {
	const { hostname, port, pathname, username, password } = new URL(url);
	return {
		host: hostname,
		port: Number(port),
		database: pathname.slice(1),
		user: decodeURIComponent(username),
		password: decodeURIComponent(password),
		ssl: 'disable',
	};
}
