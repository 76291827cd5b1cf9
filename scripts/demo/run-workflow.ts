// Presses "Execute workflow" in the editor, so that nobody has to wait for the hour to see numbers.
import { z } from 'zod';

import { N8nApi } from '../workflows/n8n-api';
import { N8nSession } from '../stack/n8n/session';
import { StackFailure } from '../stack/stack-failure';
import type { Stack } from '../stack/stack';
import { waitFor } from '../stack/wait-for';

const startedSchema = z.object({ data: z.object({ executionId: z.string() }) });
const executionSchema = z.object({ data: z.object({ status: z.string() }) });

/** Resolves when the execution succeeded. */
export async function runWorkflow(
	stack: Stack,
	run: { readonly workflow: string; readonly trigger: string; readonly deadlineMs: number },
	signal: AbortSignal,
): Promise<void> {
	const { url, apiKey, ownerEmail: email, ownerPassword: password } = stack.n8n;
	const [held] = await new N8nApi({ n8nUrl: url, apiKey, signal }).listWorkflows(run.workflow);
	if (!held) throw new StackFailure(`There is no workflow “${run.workflow}” in n8n.`);
	const session = await N8nSession.open({ baseUrl: url, email, password, signal });
	const started = await session.send('POST', `/rest/workflows/${held.id}/run`, {
		triggerToStartFrom: { name: run.trigger },
	});
	const { executionId } = startedSchema.parse(started.body).data;
	const status = await waitFor(
		async () => {
			const answer = await session.send('GET', `/rest/executions/${executionId}`);
			const execution = executionSchema.parse(answer.body).data;
			return ['new', 'running', 'waiting'].includes(execution.status) ? undefined : execution.status;
		},
		{ deadlineMs: run.deadlineMs, pollMs: 200, signal },
	);
	if (status === 'success') return;
	throw new StackFailure(
		`“${run.workflow}” ended as ${status ?? 'still running'}; see ${url}/execution/${executionId}.`,
	);
}
