// The NATS JetStream Trigger in a real n8n, regular mode: when is a message acknowledged, when does it come
// again, and what happens to it when something dies.
import { callN8n } from '../../scripts/stack/n8n/http';
import { eventually } from '../support/eventually';
import { bootDeadlineMs } from '../support/n8n';
import { startCase, type CaseOptions, type TriggerCase } from '../support/trigger-case';
import { ackWaitPassed, startTriggerRig, type RunningRig } from '../support/trigger-rig';

let rig: RunningRig;
let started: TriggerCase[] = [];

jest.setTimeout(300_000);

beforeAll(async () => {
	rig = await startTriggerRig();
}, bootDeadlineMs);

afterAll(async () => {
	await rig?.stop();
});

afterEach(async () => {
	for (const { name, deactivate } of started.splice(0)) {
		rig.gate.rule(name, () => 200);
		await deactivate();
	}
});

async function start(name: string, options?: CaseOptions): Promise<TriggerCase> {
	const one = await startCase(rig, name, options);
	started = [...started, one];
	return one;
}

it('acknowledges a message once, after its execution has succeeded and not before', async () => {
	const one = await start('success');
	await one.publish();
	const call = await one.call(1);
	expect(await one.stored()).toBe(1);
	expect(await one.consumer()).toMatchObject({ num_ack_pending: 1, num_redelivered: 0 });
	call.answer();
	await one.emptied();
	expect(await one.executions()).toEqual([
		expect.objectContaining({ id: call.executionId, status: 'success' }),
	]);
	expect(await one.consumer()).toMatchObject({ num_ack_pending: 0, num_redelivered: 0 });
	expect(rig.gate.calls('success')).toHaveLength(1);
});

it('tries a failed execution again after growing delays, and keeps the message as a dead letter in the end', async () => {
	const one = await start('failure', { options: { firstDelaySec: 0.5, maxAttempts: 4 } });
	rig.gate.rule('failure', () => 500);
	await one.publish();
	await one.emptied();
	const calls = rig.gate.calls('failure');
	expect(calls.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4]);
	const [first = 0, second = 0, third = 0, fourth = 0] = calls.map(({ arrivedAtMs }) => arrivedAtMs);
	// Half of each delay is chance.
	expect(second - first).toBeGreaterThanOrEqual(250);
	expect(third - second).toBeGreaterThanOrEqual(500);
	expect(fourth - third).toBeGreaterThanOrEqual(1_000);
	expect(await one.letters()).toEqual([
		expect.objectContaining({
			errorClass: 'workflow-error',
			attempts: 4,
			payload: JSON.stringify({ name: 'only' }),
			reason: expect.stringContaining('The node "Gate" failed'),
		}),
	]);
	await one.ended('error', 4);
});

it('acknowledges a message when its execution waits, and the execution ends later without it', async () => {
	const tell = `=${rig.gate.url}/resume-url/-/1/{{ encodeURIComponent($execution.resumeUrl) }}`;
	const http = { type: 'n8n-nodes-base.httpRequest', typeVersion: 4.2 };
	const wait = { type: 'n8n-nodes-base.wait', typeVersion: 1.1, webhookId: 'trigger-wait' };
	const one = await start('waiting', {
		before: [
			{ name: 'Tell', ...http, parameters: { url: tell } },
			{ name: 'Wait', ...wait, parameters: { resume: 'webhook' } },
		],
	});
	rig.gate.rule('waiting', () => 200);
	await one.publish();
	const { executionId, answer } = await rig.gate.call('resume-url', 1);
	expect(await one.stored()).toBe(1);
	answer();
	await one.emptied();
	await one.ended('waiting');
	expect(rig.gate.calls('waiting')).toEqual([]);
	expect(await callN8n({ method: 'GET', url: decodeURIComponent(executionId) })).toMatchObject({
		status: 200,
	});
	await one.ended('success');
	expect(rig.gate.calls('waiting')).toHaveLength(1);
});

it('moves the message of a stopped execution to the dead letters instead of starting it again', async () => {
	const one = await start('stopped');
	await one.publish();
	const { executionId } = await one.call(1);
	await one.stopExecution(executionId);
	await one.emptied();
	expect(await one.letters()).toEqual([
		expect.objectContaining({
			errorClass: 'stopped',
			attempts: 1,
			reason: expect.stringContaining('Redrive'),
		}),
	]);
	await one.ended('canceled');
	expect(rig.gate.calls('stopped')).toHaveLength(1);
});

it('tries again when the execution runs into the time limit of its workflow', async () => {
	const one = await start('timeout', { settings: { executionTimeout: 4 } });
	rig.gate.rule('timeout', (attempt) => (attempt === 1 ? undefined : 200));
	await one.publish();
	await one.emptied();
	expect(rig.gate.calls('timeout').map(({ attempt }) => attempt)).toEqual([1, 2]);
	expect(await one.letters()).toEqual([]);
});

it('keeps a message whose execution takes longer than the ack wait, without a second delivery', async () => {
	const one = await start('long');
	await one.publish();
	const call = await one.call(1);
	await ackWaitPassed(rig.nats);
	expect(await one.consumer()).toMatchObject({ num_ack_pending: 1, num_redelivered: 0 });
	call.answer();
	await one.emptied();
	expect(rig.gate.calls('long')).toHaveLength(1);
});

it('never runs more executions at a time than it was told', async () => {
	const one = await start('bounded', { concurrency: 2 });
	const messages = Array.from({ length: 7 }, (_value, index) => `m${index}`);
	for (const message of messages) await one.publish(message);
	await one.call(2);
	for (let number = 1; number <= messages.length; number += 1) (await one.call(number)).answer();
	await one.emptied();
	expect(rig.gate.mostHeld('bounded')).toBe(2);
	expect(
		rig.gate
			.calls('bounded')
			.map(({ message }) => message)
			.sort(),
	).toEqual(messages);
});

it('lets running executions end when the workflow is switched off, and runs nothing twice when it is on again', async () => {
	const one = await start('switched-off', { concurrency: 1 });
	await one.publish('running');
	const call = await one.call(1);
	await one.deactivate();
	await one.activate();
	await one.publish('later');
	const later = await one.call(2);
	await ackWaitPassed(rig.nats);
	expect(await one.consumer()).toMatchObject({ num_ack_pending: 2, num_redelivered: 0 });
	call.answer();
	later.answer();
	await one.emptied();
	expect(rig.gate.calls('switched-off').map(({ message }) => message)).toEqual(['running', 'later']);
});

it('takes no message while the workflow is switched off, and loses none', async () => {
	const one = await start('off');
	await one.deactivate();
	await eventually('nobody pulls', async () => (await one.consumer()).num_waiting === 0);
	await one.publish();
	expect(await one.consumer()).toMatchObject({ num_pending: 1, num_ack_pending: 0 });
	rig.gate.rule('off', () => 200);
	await one.activate();
	await one.emptied();
	expect(rig.gate.calls('off').map(({ attempt }) => attempt)).toEqual([1]);
});

it('delivers again what a killed n8n was working on, and finishes it once', async () => {
	const one = await start('killed');
	await one.publish();
	await one.call(1);
	await rig.stack.killN8n();
	rig.gate.rule('killed', (attempt) => (attempt === 1 ? undefined : 200));
	await rig.stack.restartN8n({ signal: 'SIGKILL' });
	await one.emptied(60_000);
	expect(rig.gate.calls('killed').map(({ attempt }) => attempt)).toEqual([1, 2]);
	await one.ended('success');
	await one.ended('crashed');
});

it('lets the executions of several triggers end when n8n is shut down, and acknowledges them', async () => {
	const names = ['down-a', 'down-b', 'down-c', 'down-d', 'down-e'];
	const cases: TriggerCase[] = [];
	for (const name of names) cases.push(await start(name, { concurrency: 2 }));
	for (const one of cases) {
		await one.publish();
		await one.call(1);
	}
	const restarted = rig.stack.restartN8n({ signal: 'SIGTERM' });
	for (const one of cases) {
		await eventually('the trigger is closed', async () => (await one.consumer()).num_waiting === 0);
		await one.publish('later');
	}
	for (const name of names) rig.gate.rule(name, () => 200);
	await restarted;
	for (const one of cases) await one.emptied();
	for (const name of names) {
		expect(rig.gate.calls(name).map(({ message, attempt }) => `${message} ${attempt}`)).toEqual([
			'only 1',
			'later 1',
		]);
	}
});

it('goes on by itself after the NATS server was restarted', async () => {
	const one = await start('broker');
	await one.publish('before');
	const call = await one.call(1);
	await rig.server.restart();
	await one.publish('after');
	(await one.call(2)).answer();
	call.answer();
	await one.emptied();
	expect(rig.gate.calls('broker').map(({ message, attempt }) => `${message} ${attempt}`)).toEqual([
		'before 1',
		'after 1',
	]);
});
