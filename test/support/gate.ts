// Stands in a workflow's way: a local server that its HTTP Request node calls, and that answers when the test
// says so. What is held here is an execution that is running for certain.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { eventually } from './eventually';

export interface GateCall {
	readonly executionId: string;
	/** The trigger's `deliveryCount`. */
	readonly attempt: number;
	readonly message: string;
	readonly arrivedAtMs: number;
	answer(status?: number): void;
}

/** The status to answer at once, or `undefined` to hold the call. */
export type GateRule = (attempt: number) => number | undefined;

export interface Gate {
	/** `<url>/<case>/<message>/<attempt>/<execution id>` */
	readonly url: string;
	calls(name: string): readonly GateCall[];
	/** The call with this number (from 1), as soon as it is there. */
	call(name: string, number: number, deadlineMs?: number): Promise<GateCall>;
	/** From now on; answers what is held, too. */
	rule(name: string, rule: GateRule): void;
	held(name: string): number;
	mostHeld(name: string): number;
	stop(): Promise<void>;
}

interface Visitors {
	readonly calls: GateCall[];
	readonly open: Set<ServerResponse>;
	rule: GateRule;
	most: number;
}

export async function startGate(): Promise<Gate> {
	const cases = new Map<string, Visitors>();
	const of = (name: string): Visitors => {
		const known = cases.get(name) ?? { calls: [], open: new Set(), rule: () => undefined, most: 0 };
		cases.set(name, known);
		return known;
	};
	const server = createServer((request, response) => {
		const [, name = '', message = '', attempt, executionId = ''] = (request.url ?? '').split('/');
		const visitors = of(name);
		const call = callOf(response, { message, attempt: Number(attempt), executionId });
		visitors.calls.push(call);
		visitors.open.add(response);
		visitors.most = Math.max(visitors.most, visitors.open.size);
		response.once('close', () => visitors.open.delete(response));
		const status = visitors.rule(call.attempt);
		if (status !== undefined) call.answer(status);
	});
	// An execution may be held for longer than any default of a web server.
	server.requestTimeout = 0;
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		calls: (name) => of(name).calls,
		call: async (name, number, deadlineMs) =>
			await eventually(`call ${number} of ${name}`, () => of(name).calls[number - 1], deadlineMs),
		rule: (name, rule) => {
			const visitors = of(name);
			visitors.rule = rule;
			for (const call of visitors.calls) {
				const status = rule(call.attempt);
				if (status !== undefined) call.answer(status);
			}
		},
		held: (name) => of(name).open.size,
		mostHeld: (name) => of(name).most,
		stop: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

function callOf(
	response: ServerResponse,
	facts: Pick<GateCall, 'message' | 'attempt' | 'executionId'>,
): GateCall {
	return {
		...facts,
		arrivedAtMs: performance.now(),
		answer: (status = 200) => {
			if (response.writableEnded || response.destroyed) return;
			response.writeHead(status, { 'content-type': 'application/json' });
			response.end(JSON.stringify({ status }));
		},
	};
}
