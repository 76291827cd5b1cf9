// The NATS JetStream Trigger when n8n runs in queue mode: the process that holds the message is not the one
// that does the work, and learns of the end in other ways.
import { eventually } from '../support/eventually';
import { bootDeadlineMs } from '../support/n8n';
import { startQueueModeRig, type QueueModeRig, type Worker } from '../support/queue-mode';
import { startCase, type TriggerCase } from '../support/trigger-case';
import { ackWaitPassed } from '../support/trigger-rig';

let rig: QueueModeRig;
let worker: Worker;
let timedOut: TriggerCase;

jest.setTimeout(300_000);

beforeAll(async () => {
	rig = await startQueueModeRig();
	worker = await rig.startWorker();
	// The one that waits for a whole minute does so beside the others.
	timedOut = await startCase(rig, 'timeout', {
		settings: { executionTimeout: 4 },
		options: { giveUpMinutes: 1 },
	});
	await timedOut.publish();
	const call = await timedOut.call(1);
	// A worker cancels at the time limit, and the execution ends with the node that it is in.
	await eventually('the time limit', () => performance.now() - call.arrivedAtMs > 6_000);
	call.answer();
	answerWhenHeard(timedOut, 2, 200, bootDeadlineMs).catch(() => undefined);
}, bootDeadlineMs);

afterAll(async () => {
	// The time limit leaves an execution in n8n's memory that never ends, and a polite stop would wait for it.
	await rig?.stack.killN8n();
	await rig?.stop();
});

/**
 * n8n's main process never learns of the end of an execution that ends before it listens for it, and the message comes
 * again by our own timer only, after an hour. When it has answered a call in between, it listens.
 */
async function answerWhenHeard(
	one: TriggerCase,
	number: number,
	status: number,
	deadlineMs?: number,
): Promise<void> {
	const call = await one.call(number, deadlineMs);
	await one.executions();
	call.answer(status);
}

it('acknowledges a message once, after the worker has finished its execution and not before', async () => {
	const one = await startCase(rig, 'success');
	await one.publish();
	const call = await one.call(1);
	await ackWaitPassed(rig.nats);
	expect(await one.consumer()).toMatchObject({ num_ack_pending: 1, num_redelivered: 0 });
	call.answer();
	await one.emptied();
	expect(await one.executions()).toEqual([
		expect.objectContaining({ id: call.executionId, status: 'success' }),
	]);
	expect(rig.gate.calls('success')).toHaveLength(1);
});

it('tries a failed execution again, and keeps the message as a dead letter in the end', async () => {
	const one = await startCase(rig, 'failure', { options: { maxAttempts: 2 } });
	await one.publish();
	await answerWhenHeard(one, 1, 500);
	await answerWhenHeard(one, 2, 500);
	await one.emptied();
	expect(rig.gate.calls('failure').map(({ attempt }) => attempt)).toEqual([1, 2]);
	expect(await one.letters()).toEqual([
		expect.objectContaining({ errorClass: 'workflow-error', attempts: 2 }),
	]);
	await one.ended('error', 2);
});

it('acknowledges a message when its execution waits', async () => {
	const wait = { name: 'Wait', type: 'n8n-nodes-base.wait', typeVersion: 1.1, webhookId: 'queue-wait' };
	const tell = { name: 'Tell', type: 'n8n-nodes-base.httpRequest', typeVersion: 4.2 };
	const one = await startCase(rig, 'waiting', {
		before: [
			{ ...tell, parameters: { url: `=${rig.gate.url}/begun/-/1/{{ $execution.id }}` } },
			{ ...wait, parameters: { resume: 'webhook' } },
		],
	});
	await one.publish();
	const begun = await rig.gate.call('begun', 1);
	await one.executions();
	begun.answer();
	await one.emptied();
	await one.ended('waiting');
	expect(await one.letters()).toEqual([]);
});

it('moves the message of a stopped execution to the dead letters instead of starting it again', async () => {
	const one = await startCase(rig, 'stopped');
	await one.publish();
	const { executionId } = await one.call(1);
	await one.stopExecution(executionId);
	await one.emptied();
	expect(await one.letters()).toEqual([expect.objectContaining({ errorClass: 'stopped', attempts: 1 })]);
	await one.ended('canceled');
	expect(rig.gate.calls('stopped')).toHaveLength(1);
});

it('tries again when the worker that ran the execution was killed', async () => {
	const one = await startCase(rig, 'killed');
	await one.publish();
	await one.call(1);
	const [next] = await Promise.all([rig.startWorker(), worker.kill()]);
	worker = next;
	await answerWhenHeard(one, 2, 200, 60_000);
	await one.emptied(60_000);
	expect(rig.gate.calls('killed').map(({ attempt }) => attempt)).toEqual([1, 2]);
	await one.ended('success');
	expect(await one.letters()).toEqual([]);
});

it('tries again by its own timer when n8n never says that the time limit ended the execution', async () => {
	await timedOut.emptied(90_000);
	expect(rig.gate.calls('timeout').map(({ attempt }) => attempt)).toEqual([1, 2]);
	await timedOut.ended('success');
	expect(await timedOut.letters()).toEqual([]);
});

it('delivers again what a killed main process had handed to a worker, which may end it too', async () => {
	await timedOut.emptied(90_000);
	const one = await startCase(rig, 'main-killed');
	await one.publish();
	const first = await one.call(1);
	await rig.stack.restartN8n({ signal: 'SIGKILL' });
	const second = await one.call(2, 60_000);
	expect(second).toMatchObject({ message: first.message, attempt: 2 });
	first.answer();
	second.answer();
	await one.emptied();
	await one.ended('success', 2);
});
