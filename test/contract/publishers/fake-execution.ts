// What n8n gives a publisher node. Parameters go through n8n's own rules of defaults and display, so a field
// that the editor would not show is not there either.
import {
	NodeHelpers,
	type IDataObject,
	type IExecuteFunctions,
	type ILoadOptionsFunctions,
	type INode,
	type INodeExecutionData,
	type INodePropertyOptions,
	type INodeType,
} from 'n8n-workflow';
import { Readable } from 'node:stream';
import { realpath } from 'node:fs/promises';
import type { Sandbox } from '../../../sandbox';

export interface Account {
	readonly credentialType: string;
	readonly refreshes: () => number;
	readonly stored: () => IDataObject;
	refresh(): Promise<IDataObject>;
	/** n8n's own way to store a token, which it does not promise to nodes; absent when this n8n has none. */
	keep?(tokenData: IDataObject): void;
}

const credentialTypes = {
	youtube: 'stackKraftYouTubeOAuth2Api',
	x: 'stackKraftXOAuth2Api',
	linkedin: 'stackKraftLinkedInOAuth2Api',
} as const;

/** A connected credential as n8n stores it, with n8n's own part of refreshing played by the sandbox. */
export function connectedAccount(
	sandbox: Sandbox,
	network: keyof typeof credentialTypes,
	options: { expiresInSec?: number; withRefresh?: () => Promise<IDataObject> } = {},
): Account {
	const credentialType = credentialTypes[network];
	const issue = (expiresInSec = 3_600): IDataObject => ({
		access_token: sandbox[network].issueTokens({ account: 'tester' }).accessToken,
		refresh_token: 'kept by n8n',
		n8n_expires_at: String(Date.now() + expiresInSec * 1000),
	});
	let tokenData = issue(options.expiresInSec);
	let refreshes = 0;
	return {
		credentialType,
		refreshes: () => refreshes,
		stored: () => ({ apiBaseUrl: sandbox[network].baseUrl, oauthTokenData: tokenData }),
		async refresh() {
			refreshes++;
			tokenData = options.withRefresh ? await options.withRefresh() : issue();
			return tokenData;
		},
	};
}

export interface Execution {
	readonly node: INodeType;
	readonly items: readonly (IDataObject & { readonly binary?: Buffer })[];
	readonly parameters: IDataObject | ((json: IDataObject) => IDataObject);
	readonly account?: Account;
	readonly otherCredentials?: Readonly<Record<string, IDataObject>>;
	readonly continueOnFail?: boolean;
	/** Paths outside of it are refused, as by N8N_RESTRICT_FILE_ACCESS_TO. */
	readonly allowedFolder?: string;
	readonly logged?: string[];
	readonly signal?: AbortSignal;
}

export async function execute(execution: Execution): Promise<INodeExecutionData[]> {
	const context = executionContext(execution);
	const output = (await execution.node.execute!.call(context)) as INodeExecutionData[][];
	return output[0]!;
}

export function executionContext(execution: Execution): IExecuteFunctions {
	const { node, account, logged = [] } = execution;
	const items = execution.items.map(({ binary, ...json }) => ({
		json,
		...(binary && { binary: { data: { mimeType: 'video/mp4', fileName: '../clip.mp4', data: '' } } }),
	}));
	const resolved = items.map(({ json }) => resolve(node, execution.parameters, json));
	const say = (message: string, fields?: unknown): void =>
		void logged.push(`${message} ${JSON.stringify(fields)}`);
	const context = {
		getInputData: () => items,
		getNode: () => nodeOf(account),
		getNodeParameter: (name: string, index: number, fallback?: unknown) => {
			const value = resolved[index]![name];
			if (value !== undefined) return value;
			if (fallback !== undefined) return fallback;
			throw new Error(`Could not get parameter "${name}"`);
		},
		getCredentials: async (type: string) => {
			if (account && type === account.credentialType) return structuredClone(account.stored());
			const other = execution.otherCredentials?.[type];
			if (!other) throw new Error(`Node does not have any credentials set for "${type}"`);
			return other;
		},
		getExecutionCancelSignal: () => execution.signal,
		getTimezone: () => 'Pacific/Auckland',
		continueOnFail: () => execution.continueOnFail ?? false,
		logger: { info: say, warn: say, error: say, debug: say },
		helpers: {
			resolvePath: async (file: string) => realpath(file),
			isFilePathBlocked: (file: string) => !file.startsWith(`${execution.allowedFolder ?? ''}/`),
			refreshOAuth2Token: async () => account!.refresh(),
			assertBinaryData: (index: number, property: string) => {
				const found = (items[index] as INodeExecutionData).binary?.[property];
				if (!found) throw new Error(`This operation expects binary data in "${property}".`);
				return { ...found, id: `filesystem:${index}` };
			},
			getBinaryStream: async (id: string) =>
				Readable.from([execution.items[Number(id.split(':')[1])]!.binary]),
		},
	};
	return Object.assign(context, hostOf(account)) as unknown as IExecuteFunctions;
}

function hostOf(account: Account | undefined): object {
	if (!account?.keep) return {};
	const updateCredentialsOauthTokenData = async (
		_used: unknown,
		_type: string,
		{ oauthTokenData }: { oauthTokenData: IDataObject },
	): Promise<void> => account.keep?.(oauthTokenData);
	return { additionalData: { credentialsHelper: { updateCredentialsOauthTokenData } } };
}

function resolve(node: INodeType, parameters: Execution['parameters'], json: IDataObject): IDataObject {
	const given = typeof parameters === 'function' ? parameters(json) : parameters;
	const { properties } = node.description;
	const shown = NodeHelpers.getNodeParameters(
		properties,
		given as never,
		true,
		false,
		null,
		node.description,
	);
	return shown as unknown as IDataObject;
}

function nodeOf(account: Account | undefined): INode {
	return {
		id: '1',
		name: 'Under Test',
		type: 'n8n-nodes-stackkraft.publisher',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
		...(account && { credentials: { [account.credentialType]: { id: 'credential-1', name: 'Tester' } } }),
	};
}

/** What the editor shows in a list field: the node asks the network. */
export async function loadOptions(
	node: INodeType,
	method: string,
	account: Account,
): Promise<INodePropertyOptions[]> {
	const list = node.methods?.loadOptions?.[method];
	if (!list) throw new Error(`The node has no list "${method}".`);
	const execution = executionContext({ node, items: [{}], parameters: {}, account });
	const { getExecutionCancelSignal: _none, ...editor } = execution;
	const panel = { ...editor, getCurrentNodeParameter: () => 'publish' };
	return await list.call(panel as unknown as ILoadOptionsFunctions);
}
