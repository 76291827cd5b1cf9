// The same posts as people build it by hand: a Webhook and an HTTP Request node, one execution per post. No queue,
// no claim, no limits; what breaks on the way is lost, what is sent again is doubled.
import { z } from 'zod';
import { callN8n } from '../../scripts/stack/n8n/http';
import type { Stack } from '../../scripts/stack/stack';
import { waitFor } from '../../scripts/stack/wait-for';
import { N8nApi } from '../../scripts/workflows/n8n-api';
import { workflowSchema } from '../../scripts/workflows/workflow-file';
import { control } from './world';

/** As many as n8n runs at a time in this stack. */
const callers = 20;
const webhookPath = 'bench-baseline';
const activationMs = 30_000;
const callMs = 120_000;

function workflow(stack: Stack) {
	return workflowSchema.parse({
		name: 'Bench: plain HTTP nodes',
		nodes: [
			{
				id: 'webhook',
				name: 'Webhook',
				type: 'n8n-nodes-base.webhook',
				typeVersion: 2,
				position: [0, 0],
				webhookId: webhookPath,
				parameters: { httpMethod: 'POST', path: webhookPath, responseMode: 'lastNode' },
			},
			{
				id: 'post',
				name: 'Post on X',
				type: 'n8n-nodes-base.httpRequest',
				typeVersion: 4.2,
				position: [240, 0],
				parameters: {
					method: 'POST',
					url: `${stack.sandbox['x']}/2/tweets`,
					sendHeaders: true,
					headerParameters: {
						parameters: [{ name: 'Authorization', value: '=Bearer {{ $json.body.token }}' }],
					},
					sendBody: true,
					specifyBody: 'json',
					jsonBody: '={{ JSON.stringify({ text: $json.body.text }) }}',
				},
			},
		],
		connections: { Webhook: { main: [[{ node: 'Post on X', type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1', saveDataSuccessExecution: 'all', saveDataErrorExecution: 'all' },
	});
}

const tokenSchema = z.looseObject({ accessToken: z.string() });

export interface Baseline {
	/** @returns the seconds from the first call to the last answer. */
	measure(posts: number): Promise<number>;
}

export async function startBaseline(stack: Stack): Promise<Baseline> {
	const api = new N8nApi({ n8nUrl: stack.n8n.url, apiKey: stack.n8n.apiKey });
	const { id } = await api.createWorkflow(workflow(stack));
	await api.activateWorkflow(id);
	const { accessToken: token } = tokenSchema.parse(await control(stack, 'tokens', { account: 'baseline' }));
	const url = `${stack.n8n.url}/webhook/${webhookPath}`;
	let made = 0;
	const post = async (): Promise<number> => {
		const text = `baseline ${made++}`;
		return (await callN8n({ method: 'POST', url, body: { token, text }, deadlineMs: callMs })).status;
	};
	const isUp = await waitFor(async () => ((await post()) === 200 ? true : undefined), {
		deadlineMs: activationMs,
		pollMs: 200,
	});
	if (!isUp) throw new Error('The webhook of the baseline did not come up.');
	return { measure: async (posts) => await measure(post, posts) };
}

async function measure(post: () => Promise<number>, posts: number): Promise<number> {
	let next = 0;
	const startedMs = performance.now();
	const call = async (): Promise<void> => {
		while (next++ < posts) {
			const status = await post();
			if (status !== 200) throw new Error(`The baseline was answered ${status}.`);
		}
	};
	await Promise.all(Array.from({ length: callers }, call));
	return (performance.now() - startedMs) / 1_000;
}
