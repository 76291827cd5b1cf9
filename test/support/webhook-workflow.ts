// A workflow that a test makes, activates and runs in a real n8n, beside n8n's own chat model node.
import { z } from 'zod';

import { callN8n } from '../../scripts/stack/n8n/http';
import type { Stack } from '../../scripts/stack/stack';
import type { ChatModelServer } from './chat-model-server';
import { eventually } from './eventually';

type N8n = Stack['n8n'];

/** Where the one output of a node leads. */
export type Wires = Readonly<Record<string, readonly [type: string, to: string]>>;

interface WebhookWorkflow {
	/** Of the webhook, and the workflow's name. */
	readonly path: string;
	/** What follows the node "Webhook". */
	readonly nodes: readonly object[];
	readonly wires: Wires;
}

const idSchema = z.looseObject({ id: z.string() });

async function callApi({ url, apiKey }: N8n, path: string, body: object): Promise<unknown> {
	const headers = { 'X-N8N-API-KEY': apiKey };
	const answer = await callN8n({ method: 'POST', url: `${url}/api/v1${path}`, headers, body });
	if (answer.status < 300) return answer.body;
	throw new Error(`${path}: HTTP ${answer.status} ${answer.text.slice(0, 500)}`);
}

/** n8n's node "Model", with a credential that leads to the stand-in. */
export async function createModelNode(n8n: N8n, model: ChatModelServer): Promise<object> {
	const data = { apiKey: model.apiKey, url: model.url, header: false };
	const { id } = idSchema.parse(
		await callApi(n8n, '/credentials', { name: 'Model', type: 'openAiApi', data }),
	);
	return {
		name: 'Model',
		type: '@n8n/n8n-nodes-langchain.lmChatOpenAi',
		typeVersion: 1.2,
		parameters: { model: { __rl: true, mode: 'id', value: 'small' }, options: { maxRetries: 0 } },
		credentials: { openAiApi: { id, name: 'Model' } },
	};
}

/** Answers with what the last node gives. */
export async function runByWebhook(n8n: N8n, { path, nodes, wires }: WebhookWorkflow): Promise<unknown> {
	const webhook = {
		...{ name: 'Webhook', type: 'n8n-nodes-base.webhook', typeVersion: 2, webhookId: path },
		parameters: { path, responseMode: 'lastNode', responseData: 'allEntries' },
	};
	const placed = [webhook, ...nodes].map((node, index) => ({
		...{ id: `${path}-${index}`, position: [index * 200, 0] },
		...node,
	}));
	const connections = Object.fromEntries(
		Object.entries(wires).map(([from, [type, node]]) => [from, { [type]: [[{ node, type, index: 0 }]] }]),
	);
	const body = { name: path, nodes: placed, connections, settings: { executionOrder: 'v1' } };
	const { id } = idSchema.parse(await callApi(n8n, '/workflows', body));
	await callApi(n8n, `/workflows/${id}/activate`, {});
	const url = `${n8n.url}/webhook/${path}`;
	// n8n answers that it is active before its webhooks are there.
	const answer = await eventually(`${path} answers`, async () => {
		const one = await callN8n({ method: 'GET', url, deadlineMs: 60_000 });
		return one.status === 404 ? undefined : one;
	});
	if (answer.status >= 300) throw new Error(`${path}: HTTP ${answer.status} ${answer.text.slice(0, 500)}`);
	return answer.body;
}
