// A chat model that says what a test wants, behind OpenAI's own form of asking: n8n's nodes take it for the real one. What
// OpenAI would refuse, it refuses.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

const toolCallSchema = z.object({ id: z.string().min(1), function: z.object({ name: z.string() }) });
const messageSchema = z.object({
	role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
	content: z.unknown(),
	tool_calls: z.array(toolCallSchema).optional(),
	tool_call_id: z.string().optional(),
});
const toolSchema = z.object({
	type: z.literal('function'),
	function: z.object({
		name: z.string().regex(/^[\w-]{1,64}$/),
		description: z.string().optional(),
		parameters: z.looseObject({
			type: z.literal('object'),
			properties: z.record(z.string(), z.unknown()),
		}),
	}),
});
const requestSchema = z
	.object({
		model: z.string().min(1),
		messages: z.array(messageSchema).min(1),
		tools: z.array(toolSchema).min(1).optional(),
		stream: z.literal(false).optional(),
	})
	.refine(
		({ messages }) => messages.every((message, index) => isExpected(message, messages.slice(0, index))),
		{
			error: "messages with role 'tool' must be a response to a preceding message with 'tool_calls'.",
		},
	);
type Message = z.infer<typeof messageSchema>;
type ChatRequest = z.infer<typeof requestSchema>;

export interface ChatModelServer {
	readonly url: string;
	readonly apiKey: string;
	/** What was asked and not refused. */
	readonly asked: readonly ChatRequest[];
	/** With this text from now on. */
	answerWith(text: string): void;
	/** A tool that it is offered, until it has the tool's answer; then it says the text. */
	callTool(args: object): void;
	close(): Promise<void>;
}

export async function startChatModelServer(): Promise<ChatModelServer> {
	const apiKey = 'key-of-the-chat-model';
	const asked: ChatRequest[] = [];
	let answerText = '';
	let toolArgs: object | undefined;
	const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		const refuse = (status: number, message: string): void =>
			send(response, status, { error: { message, type: 'invalid_request_error', param: null, code: null } });
		if (request.headers.authorization !== `Bearer ${apiKey}`) return refuse(401, 'Incorrect API key.');
		if (request.method !== 'POST' || request.url !== '/v1/chat/completions')
			return refuse(404, 'Unknown URL.');
		const read = requestSchema.safeParse(JSON.parse(await textOf(request)));
		if (!read.success) return refuse(400, read.error.message);
		asked.push(read.data);
		const called = toolArgs && toolToCall(read.data);
		const message = called
			? callOf(called, JSON.stringify(toolArgs), asked.length)
			: { role: 'assistant', content: answerText, refusal: null };
		send(response, 200, completion(read.data.model, message, asked.length));
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
		answerWith: (text) => {
			answerText = text;
			toolArgs = undefined;
		},
		callTool: (args) => (toolArgs = args),
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

const isExpected = ({ role, tool_call_id: id }: Message, before: readonly Message[]): boolean =>
	role !== 'tool' || before.some(({ tool_calls: calls = [] }) => calls.some((call) => call.id === id));

const toolToCall = ({ tools, messages }: ChatRequest): string | undefined =>
	messages.at(-1)?.role === 'tool' ? undefined : tools?.[0]?.function.name;

function callOf(name: string, args: string, number: number): object {
	const call = { id: `call_${number}`, type: 'function', function: { name, arguments: args } };
	return { role: 'assistant', content: null, refusal: null, tool_calls: [call] };
}

function completion(model: string, message: object, number: number): object {
	return {
		...{ id: `chatcmpl-${number}`, object: 'chat.completion', created: 1_790_000_000, model },
		choices: [
			{
				...{ index: 0, message, logprobs: null },
				finish_reason: 'tool_calls' in message ? 'tool_calls' : 'stop',
			},
		],
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
