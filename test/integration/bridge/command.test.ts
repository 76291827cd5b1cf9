// The command as it is started by a supervisor: a process of its own, signals, exit codes.
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { NatsConnection } from 'nats';
import { ensureStreams, publishMessage } from '../../../lib/queue';
import { streams } from '../../../lib/queue/messages';
import { findFreePort } from '../../../scripts/stack/ports';
import { eventually } from '../../support/eventually';
import { startNats, type TestNats } from '../../support/nats';
import { connectTo, deadLetters, emptyStreams, messagesIn, observeLoop, until } from '../queue/support';
import { finished, secret, startWebhook, type TestWebhook } from './webhook';

const extract = streams.extract.name;
const root = join(__dirname, '../../..');

let nats: TestNats;
let client: NatsConnection;
let webhook: TestWebhook;
const running = new Set<ChildProcess>();

beforeAll(async () => {
	nats = await startNats();
	client = await connectTo(nats.url, 'client');
});

afterAll(async () => {
	await client.close();
	await nats.stop();
});

beforeEach(async () => {
	webhook = await startWebhook();
	await emptyStreams(client);
	await ensureStreams(client);
});

afterEach(async () => {
	for (const child of running) child.kill('SIGKILL');
	await webhook.stop();
});

interface Command {
	readonly child: ChildProcess;
	readonly ended: Promise<number | null>;
	output(): string;
}

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Command {
	const child = spawn(process.execPath, ['--import', 'tsx', 'lib/command-line/main.ts', ...args], {
		cwd: root,
		env: { PATH: process.env['PATH'], NATS_URL: nats.url, ...env },
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	running.add(child);
	let output = '';
	for (const stream of [child.stdout, child.stderr]) {
		stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
	}
	const ended = new Promise<number | null>((resolve) => {
		child.once('close', (code) => {
			running.delete(child);
			resolve(code);
		});
	});
	return { child, ended, output: () => output };
}

function bridge(env: Readonly<Record<string, string>> = {}): Command {
	return run(['bridge'], {
		BRIDGE_WEBHOOK_URL: webhook.url,
		BRIDGE_SECRET: secret,
		BRIDGE_CHECK_MESSAGES: 'false',
		BRIDGE_ACK_WAIT_SEC: '5',
		...env,
	});
}

async function send(name: string): Promise<void> {
	const payload = { name, about: 'pl4nted payload' };
	await publishMessage(client, { subject: `content.extract.${name}`, payload, messageId: name });
}

describe('the bridge', () => {
	it('lets the running workflow finish on SIGTERM, takes its message off, and ends well', async () => {
		webhook.rule = () => 'hold';
		const command = bridge();
		await send('running');
		const call = await webhook.call(1);
		command.child.kill('SIGTERM');
		await eventually('it is stopping', () => command.output().includes('stopping'));
		call.answer();
		expect(await command.ended).toBe(0);
		expect(await messagesIn(client, extract)).toBe(0);
		expect(command.output()).not.toContain('pl4nted');
	});

	it('that is killed in the middle of a workflow loses nothing: the next one brings the message again', async () => {
		webhook.rule = ({ deliveryCount }) => (deliveryCount === 1 ? 'hold' : finished);
		const killed = bridge();
		await send('orphan');
		await webhook.call(1);
		killed.child.kill('SIGKILL');
		await killed.ended;
		bridge();
		const again = await webhook.call(2);
		expect(again.headers['x-stackkraft-message-id']).toBe(
			webhook.calls[0]?.headers['x-stackkraft-message-id'],
		);
		await until('it is gone', async () => (await messagesIn(client, extract)) === 0);
	});

	it('ends with 78 when the webhook answers too early, says what to set, and leaves the message', async () => {
		webhook.rule = () => ({ status: 200, body: '{"message":"Workflow was started"}' });
		const command = bridge();
		await send('early');
		expect(await command.ended).toBe(78);
		expect(command.output()).toContain('When Last Node Finishes');
		expect(await messagesIn(client, extract)).toBe(1);
	});

	it('tells its supervisor on the loopback address how it is', async () => {
		const port = await findFreePort();
		await webhook.goAway();
		bridge({ BRIDGE_HEALTH_PORT: String(port) });
		const health = async () => await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined);
		await eventually('it is well', async () => (await health())?.status === 200);
		await send('held');
		await eventually('it tells of trouble', async () => (await health())?.status === 503);
		await webhook.comeBack();
		await eventually('it is well again', async () => (await health())?.status === 200);
	});

	it.each([
		['a missing secret', {}, 2, 'BRIDGE_SECRET'],
		[
			'no NATS server',
			{ BRIDGE_SECRET: secret, NATS_URL: 'nats://127.0.0.1:1' },
			1,
			'No NATS server answers',
		],
	])('ends with a sentence on %s', async (_what, env, code, sentence) => {
		const command = run(['bridge'], { BRIDGE_WEBHOOK_URL: webhook.url, ...env });
		expect(await command.ended).toBe(code);
		expect(command.output()).toContain(sentence);
		expect(command.output()).not.toContain('pl4nted');
	});
});

/** Lets each of these messages die with the class that it names. */
async function die(...errorClasses: readonly string[]): Promise<void> {
	const watched = await observeLoop(nats.url, {
		durable: 'killer',
		handle: async ({ payload }) => ({
			kind: 'dead',
			errorClass: (payload as { errorClass: string }).errorClass,
			reason: 'no disk\nleft',
		}),
	});
	for (const [index, errorClass] of errorClasses.entries()) {
		const message = { subject: `content.extract.m${index}`, payload: { errorClass } };
		await publishMessage(client, { ...message, messageId: `m${index}-${Date.now()}` });
	}
	await until('all are dead', () => watched.settledAs('dead').length === errorClasses.length);
	await watched.loop.stop({ deadlineMs: 5_000 });
}

describe('dead letters in the terminal', () => {
	it('are listed, shown whole, and redriven by class', async () => {
		await die('disk', 'timeout', 'disk');
		const listed = run(['dead-letters', 'list']);
		expect(await listed.ended).toBe(0);
		expect(listed.output()).toMatch(/1 {2}.*disk.*content\.extract\.m0 {2}no disk left\n/);
		expect(listed.output()).toContain('3 dead letters');
		const shown = run(['dead-letters', 'show', '2']);
		expect(await shown.ended).toBe(0);
		expect(JSON.parse(shown.output())).toMatchObject({ sequence: 2, letter: { errorClass: 'timeout' } });
		const redriven = run(['dead-letters', 'redrive', '--class', 'disk']);
		expect(await redriven.ended).toBe(0);
		expect(redriven.output()).toContain('2 redriven, 0 removed, 0 left');
		expect(await messagesIn(client, extract)).toBe(2);
		expect(await deadLetters(client)).toMatchObject([{ errorClass: 'timeout' }]);
	});

	it('are not redriven by accident: without a choice nothing moves', async () => {
		await die('disk');
		const command = run(['dead-letters', 'redrive']);
		expect(await command.ended).toBe(2);
		expect(await deadLetters(client)).toHaveLength(1);
	});
});
