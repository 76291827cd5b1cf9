// A message that could not be handled, kept with all that is needed to do it again.
import type { JsMsg } from 'nats';
import { z } from 'zod';
import { decodeUtf8, headersOf, messageKey } from './delivery';
import type { DeadLetter } from './messages';
import type { OutgoingMessage } from './publish';
import { deadSubject } from './subjects';

export const deadLetterLimits = {
	payloadBytes: 64 * 1024,
	headersBytes: 16 * 1024,
	reasonChars: 2_000,
} as const;

export interface DeadLetterCause {
	readonly errorClass: string;
	readonly reason: string;
	readonly failedAt: Date;
}

export function buildDeadLetter(message: JsMsg, cause: DeadLetterCause): DeadLetter {
	const postId = findPostId(message.data);
	return {
		version: 1,
		subject: message.subject,
		...keepPayload(message.data),
		headers: keepHeaders(headersOf(message.headers)),
		errorClass: cause.errorClass,
		reason: cause.reason.slice(0, deadLetterLimits.reasonChars),
		attempts: message.info.deliveryCount,
		failedAt: cause.failedAt.toISOString(),
		...(postId && { postId }),
	};
}

/**
 * The id is the message's, not the letter's: a worker that dies after sending the letter and before taking
 * the message off the stream sends the same id again, and the stream keeps one.
 */
export function deadLetterMessage(message: JsMsg, letter: DeadLetter): OutgoingMessage {
	return {
		subject: deadSubject(message.info.stream),
		payload: letter,
		messageId: `dead:${messageKey(message)}`,
	};
}

type KeptPayload = Pick<DeadLetter, 'payload' | 'encoding' | 'cutFromBytes'>;

function keepPayload(data: Uint8Array): KeptPayload {
	const limit = deadLetterLimits.payloadBytes;
	const isText = decodeUtf8(data) !== undefined;
	const kept = data.subarray(0, isText ? cutAtCharacter(data, limit) : limit);
	const cut = kept.byteLength < data.byteLength ? { cutFromBytes: data.byteLength } : {};
	if (isText) return { payload: decodeUtf8(kept) ?? '', ...cut };
	return { payload: Buffer.from(kept).toString('base64'), encoding: 'base64', ...cut };
}

/** A cut in the middle of a character would turn the text into bytes that are no text. */
function cutAtCharacter(data: Uint8Array, limit: number): number {
	let end = Math.min(limit, data.byteLength);
	while (end > 0 && end < data.byteLength && ((data[end] ?? 0) & 0xc0) === 0x80) end -= 1;
	return end;
}

function keepHeaders(headers: Record<string, string>): Record<string, string> {
	let roomBytes: number = deadLetterLimits.headersBytes;
	const kept: Record<string, string> = {};
	for (const [name, value] of Object.entries(headers)) {
		roomBytes -= Buffer.byteLength(name) + Buffer.byteLength(value);
		if (roomBytes < 0) break;
		kept[name] = value;
	}
	return kept;
}

const mentionsPostSchema = z.object({ postId: z.uuid() });

function findPostId(data: Uint8Array): string | undefined {
	if (data.byteLength > deadLetterLimits.payloadBytes) return undefined;
	try {
		const parsed = mentionsPostSchema.safeParse(JSON.parse(decodeUtf8(data) ?? ''));
		return parsed.success ? parsed.data.postId : undefined;
	} catch {
		return undefined;
	}
}
