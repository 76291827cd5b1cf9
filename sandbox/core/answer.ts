import type { IncomingHttpHeaders } from 'node:http';

/** What a handler gives back. `body` is sent as JSON, `html` as a page; neither means an empty body. */
export interface Answer {
	readonly status: number;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: unknown;
	readonly html?: string;
}

/** Thrown by any rule that is broken; carries the network's real error answer. */
export class Refusal extends Error {
	constructor(readonly answer: Answer) {
		super(`refused with ${answer.status}`);
		this.name = 'Refusal';
	}
}

/** The peer went away, or a fault cut the line, while the body was being read. Nothing can be answered. */
export class ConnectionCut extends Error {
	constructor() {
		super('the connection ended before the body did');
		this.name = 'ConnectionCut';
	}
}

/** Faults that change what happens inside a handler; the others are applied around it by the server. */
export interface InnerFaults {
	readonly storeLessBytes?: number;
	readonly failProcessing?: string;
	readonly quotaLeft?: number;
	readonly expireToken?: boolean;
}

export interface Exchange {
	readonly seq: number;
	readonly method: string;
	readonly url: URL;
	readonly params: Readonly<Record<string, string>>;
	readonly headers: IncomingHttpHeaders;
	readonly faults: InnerFaults;
	/** Headers that the answer carries whatever it is, refusals included. */
	readonly responseHeaders: Record<string, string>;
	/** Reads the body once, piece by piece. Never leave the loop early: that would close the connection. */
	body(): AsyncIterable<Buffer>;
}

export type Handler = (exchange: Exchange) => Answer | Promise<Answer>;
