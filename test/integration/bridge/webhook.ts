// Stands where n8n's Webhook would: a real HTTP server whose answer each test chooses, call by call.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server } from 'node:http';
import { z } from 'zod';
import { findFreePort } from '../../../scripts/stack/ports';
import { eventually } from '../../support/eventually';

export const secret = 'pl4nted-secret-of-the-bridge-0123456789';

const bodySchema = z.looseObject({
	message: z.looseObject({ name: z.string() }),
	deliveryCount: z.number(),
	subject: z.string(),
});

export interface WebhookCall {
	readonly name: string;
	readonly deliveryCount: number;
	readonly headers: IncomingHttpHeaders;
	readonly isSigned: boolean;
	readonly arrivedAtMs: number;
	readonly isCut: () => boolean;
	answer(answer?: WebhookAnswer): void;
}

export interface WebhookAnswer {
	readonly status?: number;
	readonly body?: string;
	readonly headers?: Readonly<Record<string, string>>;
}

/** What to do with a call: an answer, `hold` (until the test answers it), or `cut` (the answer is lost). */
export type WebhookRule = (call: WebhookCall) => WebhookAnswer | 'hold' | 'cut';

export interface TestWebhook {
	readonly url: string;
	readonly calls: WebhookCall[];
	rule: WebhookRule;
	/** The call with this number, from 1, as soon as it is there. */
	call(number: number): Promise<WebhookCall>;
	names(): string[];
	/** Nobody listens any more; what is open is cut. */
	goAway(): Promise<void>;
	comeBack(): Promise<void>;
	stop(): Promise<void>;
}

export const finished: WebhookAnswer = { status: 200, body: '{"done":true}' };

export async function startWebhook(): Promise<TestWebhook> {
	// Nobody else takes it while this one is away.
	const port = await findFreePort();
	let server: Server | undefined;
	const listen = async (): Promise<void> => {
		const created = createServer((request, response) => {
			void readCall(request, (answer) => {
				if (response.destroyed || response.writableEnded) return;
				const { status = 200, body = finished.body ?? '', headers = {} } = answer;
				response.writeHead(status, { 'content-type': 'application/json', ...headers });
				response.end(body);
			}).then((call) => {
				webhook.calls.push(call);
				const verdict = webhook.rule(call);
				if (verdict === 'cut') request.socket.destroy();
				else if (verdict !== 'hold') call.answer(verdict);
			});
		});
		created.requestTimeout = 0;
		await new Promise<void>((resolve) => created.listen(port, '127.0.0.1', resolve));
		server = created;
	};
	const goAway = async (): Promise<void> => {
		const old = server;
		server = undefined;
		old?.closeAllConnections();
		await new Promise((resolve) => (old ? old.close(resolve) : resolve(undefined)));
	};
	const webhook: TestWebhook = {
		get url() {
			return `http://127.0.0.1:${port}/webhook/pl4nted-path`;
		},
		calls: [],
		rule: () => finished,
		call: async (number) =>
			await eventually(`call ${number} of the webhook`, () => webhook.calls[number - 1]),
		names: () => webhook.calls.map(({ name }) => name),
		goAway,
		comeBack: listen,
		stop: goAway,
	};
	await listen();
	return webhook;
}

async function readCall(
	request: IncomingMessage,
	answer: (answer: WebhookAnswer) => void,
): Promise<WebhookCall> {
	const parts: Buffer[] = [];
	for await (const part of request) parts.push(part as Buffer);
	const text = Buffer.concat(parts).toString('utf8');
	const { message, deliveryCount } = bodySchema.parse(JSON.parse(text));
	return {
		name: message.name,
		deliveryCount,
		headers: request.headers,
		isSigned: isSigned(request.headers, text),
		arrivedAtMs: Date.now(),
		isCut: () => request.socket.destroyed,
		answer: (given = finished) => answer(given),
	};
}

/** By hand, not with the bridge's own function: what the guide tells people to do. */
function isSigned(headers: IncomingHttpHeaders, text: string): boolean {
	const { 'x-stackkraft-timestamp': timestamp, 'x-stackkraft-signature': signature } = headers;
	if (Math.abs(Date.now() / 1_000 - Number(timestamp)) > 300) return false;
	const expected = createHmac('sha256', secret)
		.update(`${String(timestamp)}.${text}`)
		.digest();
	const given = Buffer.from(String(signature), 'hex');
	return given.length === expected.length && timingSafeEqual(given, expected);
}
