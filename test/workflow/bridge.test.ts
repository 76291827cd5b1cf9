// The bridge before a real n8n: the guide's workflow (docs/bridge.md) checks the signature with n8n's own nodes.
import { z } from 'zod';
import { startBridge, type Bridge } from '../../lib/bridge';
import { UndiciClient } from '../../lib/http/undici-client';
import { consumeSettings, publishMessage } from '../../lib/queue';
import { deadLetterSchema, streams } from '../../lib/queue/messages';
import { jetStreamManager } from '../../lib/queue/set-up';
import { callN8n } from '../../scripts/stack/n8n/http';
import { eventually } from '../support/eventually';
import { bootDeadlineMs } from '../support/n8n';
import { startTriggerRig, type RunningRig } from '../support/trigger-rig';

const secret = 'the secret of the bridge and of n8n';
const idSchema = z.looseObject({ id: z.string() });

let rig: RunningRig;
let cryptoId: string;
const http = new UndiciClient();
const bridges: Bridge[] = [];

jest.setTimeout(300_000);

beforeAll(async () => {
	rig = await startTriggerRig();
	const data = { hmacSecret: secret };
	cryptoId = await create('/credentials', { name: 'Signature', type: 'crypto', data });
}, bootDeadlineMs);

afterAll(async () => {
	await http.close();
	await rig?.stop();
});

afterEach(async () => {
	for (const bridge of bridges.splice(0)) await bridge.stop({ deadlineMs: 0 });
});

async function create(path: string, body: object): Promise<string> {
	return idSchema.parse(await post(path, body)).id;
}

async function post(path: string, body: object): Promise<unknown> {
	const { url, apiKey } = rig.stack.n8n;
	const headers = { 'X-N8N-API-KEY': apiKey };
	const answer = await callN8n({ method: 'POST', url: `${url}/api/v1${path}`, headers, body });
	if (answer.status >= 300) throw new Error(`POST ${path}: ${answer.status} ${answer.text.slice(0, 300)}`);
	return answer.body;
}

function workflow(name: string, responseMode: string): object {
	const signed = "{{ $json.headers['x-stackkraft-timestamp'] }}.{{ JSON.stringify($json.body) }}";
	const isSame = { leftValue: '={{ $json.expected }}', operator: { type: 'string', operation: 'equals' } };
	const isFresh = { operator: { type: 'number', operation: 'lt' }, rightValue: 300 };
	const age = "={{ Math.abs($now.toSeconds() - Number($json.headers['x-stackkraft-timestamp'])) }}";
	const conditions = [
		{ id: 'same', ...isSame, rightValue: "={{ $json.headers['x-stackkraft-signature'] }}" },
		{ id: 'fresh', ...isFresh, leftValue: age },
	];
	const options = { caseSensitive: true, leftValue: '', typeValidation: 'strict', version: 2 };
	const nodes = [
		node('Webhook', 'webhook', 2, { path: name, httpMethod: 'POST', responseMode }),
		{
			...node('Sign', 'crypto', 2, {
				action: 'hmac',
				type: 'SHA256',
				encoding: 'hex',
				dataPropertyName: 'expected',
				value: `=${signed}`,
			}),
			credentials: { crypto: { id: cryptoId, name: 'Signature' } },
		},
		node('Is Ours', 'if', 2.2, { conditions: { options, conditions, combinator: 'and' } }),
		node('Gate', 'httpRequest', 4.2, {
			url: `=${rig.gate.url}/${name}/{{ $json.body.message.name }}/{{ $json.body.deliveryCount }}/{{ $execution.id }}`,
		}),
		node('Not Ours', 'stopAndError', 1, { errorMessage: 'not signed by us' }),
	];
	const to = (next: string) => [{ node: next, type: 'main', index: 0 }];
	const connections = {
		Webhook: { main: [to('Sign')] },
		Sign: { main: [to('Is Ours')] },
		'Is Ours': { main: [to('Gate'), to('Not Ours')] },
	};
	return { name: `bridge ${name}`, nodes, connections, settings: { executionOrder: 'v1' } };
}

function node(name: string, type: string, typeVersion: number, parameters: object) {
	const webhookId = type === 'webhook' && { webhookId: `hook-${JSON.stringify(parameters).length}-${name}` };
	const position = [0, 0];
	return { id: name, name, type: `n8n-nodes-base.${type}`, typeVersion, position, parameters, ...webhookId };
}

interface Started {
	readonly bridge: Bridge;
	send(): Promise<void>;
	stored(): Promise<number>;
}

async function start(name: string, wish: { responseMode?: string; key?: string } = {}): Promise<Started> {
	const id = await create('/workflows', workflow(name, wish.responseMode ?? 'lastNode'));
	await post(`/workflows/${id}/activate`, {});
	const stream = `BRIDGE_${name}`;
	const bridge = await startBridge(
		{
			nats: { servers: [rig.server.url], authentication: { kind: 'none' }, name: 'bridge' },
			consume: consumeSettings({
				streamName: stream,
				filterSubject: `bridge.${name}`,
				durable: name,
				concurrency: 2,
				ackWaitSec: 5,
				maxAttempts: 2,
				firstDelaySec: 0.1,
				format: 'json',
				checkMessages: true,
				createStream: true,
			}),
			webhook: {
				url: `${rig.stack.n8n.url}/webhook/${name}`,
				secret: wish.key ?? secret,
				deadlineMs: 60_000,
			},
		},
		{
			http,
			log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
			signal: AbortSignal.timeout(30_000),
		},
	);
	bridges.push(bridge);
	const manager = await jetStreamManager(rig.nats);
	return {
		bridge,
		send: async () => {
			// Texts and numbers that a careless reading would write differently.
			const payload = { name: 'clip', '2': 1.5e30, '1': 'ä\u2028"</script>', list: [null, -0.1], empty: {} };
			await publishMessage(rig.nats, { subject: `bridge.${name}`, payload, messageId: name });
		},
		stored: async () => (await manager.streams.info(stream)).state.messages,
	};
}

const ignore = (): void => undefined;

it('takes a message off when the workflow has checked its signature and finished, and not before', async () => {
	const { send, stored } = await start('signed');
	await send();
	const call = await rig.gate.call('signed', 1);
	expect(await stored()).toBe(1);
	call.answer();
	await eventually('the message is gone', async () => (await stored()) === 0);
	expect(rig.gate.calls('signed')).toHaveLength(1);
});

it('with another secret gets nothing done: the workflow refuses, and the message is a dead letter', async () => {
	const { send, stored } = await start('forged', { key: 'somebody else’s secret of 32 characters' });
	await send();
	await eventually('the message is gone', async () => (await stored()) === 0);
	expect(rig.gate.calls('forged')).toEqual([]);
	const manager = await jetStreamManager(rig.nats);
	const query = { last_by_subj: 'content.dead.bridge_forged' };
	const letter = await manager.streams.getMessage(streams.dead.name, query);
	expect(deadLetterSchema.parse(JSON.parse(letter.string()))).toMatchObject({
		errorClass: 'workflow-error',
		attempts: 2,
	});
});

it('refuses a Webhook that answers when the workflow starts, and keeps the message', async () => {
	rig.gate.rule('early', () => 200);
	const { bridge, send, stored } = await start('early', { responseMode: 'onReceived' });
	await send();
	expect(await bridge.refused).toContain('When Last Node Finishes');
	expect(await stored()).toBe(1);
});
