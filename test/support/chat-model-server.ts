// A chat model that says what a test wants, behind OpenAI's own form of asking: n8n's nodes take it for the real one. What
// OpenAI would refuse, it refuses.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

const messageSchema = z.object({
	role: z.enum(['system', 'developer', 'user', 'assistant']),
	content: z.unknown(),
});
const requestSchema = z.object({
	model: z.string().min(1),
	messages: z.array(messageSchema).min(1),
	stream: z.literal(false).optional(),
});
type ChatRequest = z.infer<typeof requestSchema>;

export interface ChatModelServer {
	readonly url: string;
	readonly apiKey: string;
	/** What was asked and not refused. */
	readonly asked: readonly ChatRequest[];
	/** With this text from now on. */
	answerWith(text: string): void;
	close(): Promise<void>;
}

export async function startChatModelServer(): Promise<ChatModelServer> {
	const apiKey = 'key-of-the-chat-model';
	const asked: ChatRequest[] = [];
	let answerText = '';
	const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		const refuse = (status: number, message: string): void =>
			send(response, status, { error: { message, type: 'invalid_request_error', param: null, code: null } });
		if (request.headers.authorization !== `Bearer ${apiKey}`) return refuse(401, 'Incorrect API key.');
		if (request.method !== 'POST' || request.url !== '/v1/chat/completions')
			return refuse(404, 'Unknown URL.');
		const read = requestSchema.safeParse(JSON.parse(await textOf(request)));
		if (!read.success) return refuse(400, read.error.message);
		asked.push(read.data);
		send(response, 200, completion(read.data.model, answerText, asked.length));
	};
	const server = createServer((request, response) => {
		answer(request, response).catch(() => response.destroy());
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}/v1`,
		apiKey,
		asked,
		answerWith: (text) => (answerText = text),
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

function completion(model: string, text: string, number: number): object {
	const message = { role: 'assistant', content: text, refusal: null };
	return {
		...{ id: `chatcmpl-${number}`, object: 'chat.completion', created: 1_790_000_000, model },
		choices: [{ index: 0, message, logprobs: null, finish_reason: 'stop' }],
		usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
	};
}

function send(response: ServerResponse, status: number, body: object): void {
	response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function textOf(request: IncomingMessage): Promise<string> {
	const parts: Buffer[] = [];
	for await (const part of request) parts.push(part as Buffer);
	return Buffer.concat(parts).toString('utf8');
}
