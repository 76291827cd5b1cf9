// One delivery as an HTTP request. The signature covers the time as well, so that a request that somebody
// recorded is worthless a few minutes later.
import { createHmac } from 'node:crypto';
import type { HttpRequest } from '../publishing/ports';
import { toFields, type Delivery } from '../queue';
import type { WebhookSettings } from './settings';

export const bridgeHeaders = {
	timestamp: 'x-stackkraft-timestamp',
	signature: 'x-stackkraft-signature',
	messageId: 'x-stackkraft-message-id',
} as const;

/**
 * In hex. The body is JSON exactly as `JSON.stringify` writes it, so that a workflow, which sees the parsed
 * body only, gets the signed text back with `JSON.stringify($json.body)`.
 */
export function signBody(secret: string, timestampSec: number, body: string): string {
	return createHmac('sha256', secret).update(`${timestampSec}.${body}`).digest('hex');
}

/** The same for every delivery of one message: who must not do a thing twice can remember it. */
export function messageIdOf({ stream, streamSequence, publishedAt }: Delivery): string {
	return `${stream}:${streamSequence}:${publishedAt.getTime()}`;
}

export function signedRequest(delivery: Delivery, webhook: WebhookSettings, now: Date): HttpRequest {
	const body = JSON.stringify(toFields(delivery));
	const timestampSec = Math.floor(now.getTime() / 1_000);
	return {
		method: 'POST',
		url: webhook.url,
		headers: {
			'content-type': 'application/json',
			'user-agent': 'n8n-nodes-stackkraft-bridge',
			// A kept connection that the server closes in the same moment is a lost answer. A new one per message
			// costs little beside an execution.
			connection: 'close',
			[bridgeHeaders.timestamp]: String(timestampSec),
			[bridgeHeaders.signature]: signBody(webhook.secret, timestampSec, body),
			[bridgeHeaders.messageId]: messageIdOf(delivery),
			...(webhook.authorization !== undefined && { authorization: webhook.authorization }),
		},
		body: Buffer.from(body),
		deadlineMs: webhook.deadlineMs,
	};
}
