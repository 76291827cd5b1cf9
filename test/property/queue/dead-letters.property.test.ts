import fc from 'fast-check';
import type { JsMsg } from 'nats';
import { buildDeadLetter, deadLetterLimits, deadLetterMessage } from '../../../lib/queue/dead-letters';
import { deadLetterSchema } from '../../../lib/queue/messages';

const failedAt = new Date('2026-01-01T00:00:00Z');
const cause = { errorClass: 'poison', reason: 'r', failedAt };

function messageWith(data: Uint8Array, sequence = 1, timestampNanos = 1): JsMsg {
	const info = { stream: 'CONTENT_EXTRACT', deliveryCount: 1, timestampNanos };
	return { subject: 'content.extract.a', data, seq: sequence, info } as unknown as JsMsg;
}

function bytesOf(letter: { readonly payload: string; readonly encoding?: 'base64' | undefined }): Buffer {
	return Buffer.from(letter.payload, letter.encoding ?? 'utf8');
}

it('gives back every byte of a payload that was not cut, text or not', () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 4_096 }), (data) => {
			const letter = deadLetterSchema.parse(
				JSON.parse(JSON.stringify(buildDeadLetter(messageWith(data), cause))),
			);
			return letter.cutFromBytes === undefined && bytesOf(letter).equals(Buffer.from(data));
		}),
	);
});

it('cuts a long text at a character, keeps its beginning and says how long it was', () => {
	const around = fc.integer({
		min: deadLetterLimits.payloadBytes - 4,
		max: deadLetterLimits.payloadBytes + 4,
	});
	fc.assert(
		fc.property(around, fc.constantFrom('ä', '€', '😀', 'ab'), (sizeBytes, tail) => {
			const text = 'x'.repeat(sizeBytes) + tail.repeat(3);
			const data = new TextEncoder().encode(text);
			const letter = buildDeadLetter(messageWith(data), cause);
			const keptBytes = Buffer.byteLength(letter.payload);
			return (
				text.startsWith(letter.payload) &&
				keptBytes <= deadLetterLimits.payloadBytes &&
				keptBytes > deadLetterLimits.payloadBytes - 4 &&
				letter.cutFromBytes === data.byteLength &&
				letter.encoding === undefined
			);
		}),
	);
});

it('has one id for each stored message: the same for each of its deliveries, another for every other message', () => {
	const keys = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }));
	fc.assert(
		fc.property(keys, keys, ([seqA, timeA], [seqB, timeB]) => {
			const idOf = (seq: number, time: number, deliveryCount: number): string => {
				const message = messageWith(new Uint8Array(), seq, time);
				return deadLetterMessage(message, buildDeadLetter(message, { ...cause, reason: `${deliveryCount}` }))
					.messageId;
			};
			const isSame = seqA === seqB && timeA === timeB;
			return (idOf(seqA, timeA, 1) === idOf(seqB, timeB, 2)) === isSame;
		}),
	);
});
