// What a handler gets and what it answers, and the reading of a raw message. No effects.
import type { JsMsg, MsgHdrs } from 'nats';
import type { z } from 'zod';

/** One delivery of one message, read and checked. */
export interface Delivery {
	readonly subject: string;
	readonly payload: unknown;
	readonly headers: Readonly<Record<string, string>>;
	readonly stream: string;
	readonly streamSequence: number;
	/** 1 for the first. Deliveries that ended with a killed worker count too. */
	readonly deliveryCount: number;
	readonly publishedAt: Date;
}

export type Outcome =
	/** The work is done: the message goes. */
	| { readonly kind: 'done' }
	/** Again later; after the last attempt it becomes a dead letter of this class. */
	| {
			readonly kind: 'retry';
			readonly reason: string;
			readonly errorClass?: string;
			/** Instead of the growing delay. */
			readonly delayMs?: number;
	  }
	/** Can never work: a dead letter at once. */
	| { readonly kind: 'dead'; readonly errorClass: string; readonly reason: string };

/** One for each stored message: the time keeps it apart when a stream was deleted and numbers from 1 again. */
export function messageKey(message: JsMsg): string {
	return `${message.info.stream}:${message.seq}:${message.info.timestampNanos}`;
}

export function toDelivery(message: JsMsg, payload: unknown): Delivery {
	return {
		subject: message.subject,
		payload,
		headers: headersOf(message.headers),
		stream: message.info.stream,
		streamSequence: message.seq,
		deliveryCount: message.info.deliveryCount,
		publishedAt: new Date(message.info.timestampNanos / 1e6),
	};
}

export interface DeliveryFields {
	readonly message: unknown;
	readonly subject: string;
	readonly stream: string;
	readonly streamSequence: number;
	readonly deliveryCount: number;
	readonly headers: Record<string, string>;
	readonly publishedAt: string;
}

/** What a workflow sees of a delivery, whichever way it came. */
export function toFields({ payload, publishedAt, headers, ...rest }: Delivery): DeliveryFields {
	const { subject, stream, streamSequence, deliveryCount } = rest;
	return {
		message: payload,
		subject,
		stream,
		streamSequence,
		deliveryCount,
		headers: { ...headers },
		publishedAt: publishedAt.toISOString(),
	};
}

export function headersOf(headers: MsgHdrs | undefined): Record<string, string> {
	const entries = headers?.keys().map((name) => [name, headers.values(name).join(', ')] as const);
	return Object.fromEntries(entries ?? []);
}

export interface Reading {
	readonly format: 'json' | 'text';
	/** The payload is checked against it; the handler still gets all fields that were sent. */
	readonly schema?: z.ZodType | undefined;
	readonly maxBytes?: number | undefined;
}

export type ReadResult =
	| { readonly isReadable: true; readonly payload: unknown }
	| { readonly isReadable: false; readonly reason: string };

export function readPayload(data: Uint8Array, reading: Reading): ReadResult {
	if (reading.maxBytes !== undefined && data.byteLength > reading.maxBytes) {
		return unreadable(`The message has ${data.byteLength} bytes; ${reading.maxBytes} are allowed.`);
	}
	const text = decodeUtf8(data);
	if (text === undefined) return unreadable('The message is not UTF-8 text.');
	if (reading.format === 'text') return { isReadable: true, payload: text };
	let payload: unknown;
	try {
		payload = JSON.parse(text);
	} catch {
		return unreadable('The message is not JSON.');
	}
	const checked = reading.schema?.safeParse(payload);
	if (!checked || checked.success) return { isReadable: true, payload };
	return unreadable(`The message does not fit its schema: ${describeIssues(checked.error)}`);
}

function unreadable(reason: string): ReadResult {
	return { isReadable: false, reason };
}

const mostIssues = 5;

function describeIssues(error: z.ZodError): string {
	const issues = error.issues.slice(0, mostIssues).map((issue) => {
		const where = issue.path.join('.');
		return where ? `${where}: ${issue.message}` : issue.message;
	});
	const more = error.issues.length - issues.length;
	return issues.join('; ') + (more > 0 ? `; and ${more} more` : '');
}

export function decodeUtf8(data: Uint8Array): string | undefined {
	try {
		return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data);
	} catch {
		return undefined;
	}
}
