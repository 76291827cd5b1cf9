import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { bridgeHeaders, signedRequest } from '../../../lib/bridge/signed-request';
import type { Delivery } from '../../../lib/queue';

const webhook = {
	url: 'http://127.0.0.1:5678/webhook/x',
	secret: 'a secret of more than 32 characters!',
	deadlineMs: 1_000,
};
const now = new Date('2026-11-20T10:00:00.900Z');

function delivery(overrides: Partial<Delivery> = {}): Delivery {
	return {
		subject: 'content.extract.talk',
		payload: { version: 1 },
		headers: {},
		stream: 'CONTENT_EXTRACT',
		streamSequence: 7,
		deliveryCount: 1,
		publishedAt: new Date('2026-11-20T09:59:00Z'),
		...overrides,
	};
}

it('can be verified from the parsed body alone, as the guide does it in n8n, for any payload', () => {
	fc.assert(
		fc.property(fc.json(), fc.string(), (json, header) => {
			const message = delivery({ payload: JSON.parse(json), headers: { any: header } });
			const { headers = {}, body } = signedRequest(message, webhook, now);
			const seenByWorkflow = JSON.stringify(JSON.parse(String(body)));
			const signed = `${headers[bridgeHeaders.timestamp]}.${seenByWorkflow}`;
			const expected = createHmac('sha256', webhook.secret).update(signed).digest('hex');
			expect(headers[bridgeHeaders.signature]).toBe(expected);
		}),
	);
});

it('signs the time in seconds, so that yesterday’s request is not today’s', () => {
	const first = signedRequest(delivery(), webhook, now).headers ?? {};
	const later = signedRequest(delivery(), webhook, new Date(now.getTime() + 60_000)).headers ?? {};
	expect(first[bridgeHeaders.timestamp]).toBe('1795168800');
	expect(later[bridgeHeaders.signature]).not.toBe(first[bridgeHeaders.signature]);
});

it('gives every delivery of one message the same id, and another message another', () => {
	const idOf = (overrides: Partial<Delivery>) =>
		signedRequest(delivery(overrides), webhook, now).headers?.[bridgeHeaders.messageId];
	expect(idOf({ deliveryCount: 5 })).toBe(idOf({ deliveryCount: 1 }));
	expect(idOf({ streamSequence: 8 })).not.toBe(idOf({}));
	// A stream that was deleted numbers from 1 again.
	expect(idOf({ publishedAt: new Date(0) })).not.toBe(idOf({}));
});

it('sends what the trigger would have given to the workflow', () => {
	const { body } = signedRequest(delivery({ headers: { 'X-Trace': '1' } }), webhook, now);
	expect(JSON.parse(String(body))).toEqual({
		message: { version: 1 },
		subject: 'content.extract.talk',
		stream: 'CONTENT_EXTRACT',
		streamSequence: 7,
		deliveryCount: 1,
		headers: { 'X-Trace': '1' },
		publishedAt: '2026-11-20T09:59:00.000Z',
	});
});
