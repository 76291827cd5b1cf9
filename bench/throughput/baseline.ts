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

/** @returns posts per second, from the first call to the last answer. */
export async function measureBaseline(stack: Stack, count: number): Promise<number> {
	const api = new N8nApi({ n8nUrl: stack.n8n.url, apiKey: stack.n8n.apiKey });
	const { id } = await api.createWorkflow(workflow(stack));
	await api.activateWorkflow(id);
	const { accessToken: token } = tokenSchema.parse(await control(stack, 'tokens', { account: 'baseline' }));
	const post = async (text: string): Promise<number> => {
		const url = `${stack.n8n.url}/webhook/${webhookPath}`;
		return (await callN8n({ method: 'POST', url, body: { token, text }, deadlineMs: callMs })).status;
	};
	const isUp = await waitFor(
		async () => ((await post(`baseline warm-up ${Date.now()}`)) === 200 ? true : undefined),
		{ deadlineMs: activationMs, pollMs: 200 },
	);
	if (!isUp) throw new Error('The webhook of the baseline did not come up.');
	let next = 0;
	const startedMs = performance.now();
	const call = async (): Promise<void> => {
		for (let index = next++; index < count; index = next++) {
			const status = await post(`baseline ${index}`);
			if (status !== 200) throw new Error(`The baseline was answered ${status}.`);
		}
	};
	await Promise.all(Array.from({ length: callers }, call));
	return count / ((performance.now() - startedMs) / 1_000);
}
