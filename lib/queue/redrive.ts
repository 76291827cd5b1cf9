// Dead letters go back to where they came from. A letter leaves its stream only after the message is
// confirmed there; dying in between costs nothing, because the message id is the letter's.
import type { JetStreamManager, NatsConnection, StoredMsg } from 'nats';
import { apiErrorNumber, toQueueError } from './errors';
import { streams, type DeadLetter } from './messages';
import { publishMessage, type OutgoingMessage } from './publish';
import { noSuchLetter, readLetters, type LetterSelection } from './read-letters';
import { jetStreamManager } from './set-up';

export interface RedriveOptions {
	/** Letters that match, oldest first. */
	readonly limit?: number;
	readonly signal?: AbortSignal | undefined;
	/**
	 * What to do for a letter about a post, instead of sending its message: the message of a failed post wakes
	 * nobody. Answers why the letter has to stay, or nothing.
	 */
	readonly redrivePost?: (postId: string) => Promise<string | undefined>;
}

export interface Redriven {
	readonly sequence: number;
	readonly letter: DeadLetter;
}

export interface NotRedriven {
	readonly sequence: number;
	readonly reason: string;
}

export interface RedriveResult {
	readonly redriven: readonly Redriven[];
	readonly skipped: readonly NotRedriven[];
}

const defaultLimit = 1_000;
const messageNotFound = 10037;

export async function redriveDeadLetters(
	connection: NatsConnection,
	selection: LetterSelection,
	options: RedriveOptions = {},
): Promise<RedriveResult> {
	const { limit = defaultLimit } = options;
	const manager = await jetStreamManager(connection);
	const redriven: Redriven[] = [];
	const skipped: NotRedriven[] = [];
	for await (const { stored, letter } of readLetters(manager, selection)) {
		const sequence = stored.seq;
		const refusal = letter ? whyNot(letter) : 'It is not a dead letter that we can read.';
		if (!letter || refusal !== undefined) skipped.push({ sequence, reason: refusal ?? '' });
		else {
			const staysBecause = await sendBack({ connection, manager, stored, letter }, options);
			if (staysBecause === undefined) redriven.push({ sequence, letter });
			else skipped.push({ sequence, reason: staysBecause });
		}
		if (redriven.length + skipped.length >= limit) break;
	}
	if (selection.kind === 'one' && redriven.length + skipped.length === 0) {
		throw noSuchLetter(selection.sequence);
	}
	return { redriven, skipped };
}

function whyNot(letter: DeadLetter): string | undefined {
	if (letter.cutFromBytes !== undefined) {
		return `Its payload was cut (${letter.cutFromBytes} bytes): it has to be sent again by its sender.`;
	}
	if (letter.subject.startsWith('content.dead.')) return 'It was a dead letter itself.';
	return undefined;
}

interface Sending {
	readonly connection: NatsConnection;
	readonly manager: JetStreamManager;
	readonly stored: StoredMsg;
	readonly letter: DeadLetter;
}

/** @returns why the letter stays. */
async function sendBack(
	{ connection, manager, stored, letter }: Sending,
	{ signal, redrivePost }: RedriveOptions,
): Promise<string | undefined> {
	if (letter.postId !== undefined && redrivePost) {
		const staysBecause = await redrivePost(letter.postId);
		if (staysBecause !== undefined) return staysBecause;
	} else {
		await publishMessage(connection, messageOf(letter, stored), signal && { signal });
	}
	try {
		await manager.streams.deleteMessage(streams.dead.name, stored.seq);
		return undefined;
	} catch (error) {
		if (apiErrorNumber(error) === messageNotFound) return undefined;
		throw toQueueError(error, `Removing the dead letter ${stored.seq} after its redrive failed`);
	}
}

function messageOf(letter: DeadLetter, stored: StoredMsg): OutgoingMessage {
	return {
		subject: letter.subject,
		payload: letter.encoding === 'base64' ? Buffer.from(letter.payload, 'base64') : letter.payload,
		// With the original's message id the stream would take it for a repetition and drop it.
		messageId: `redrive:${stored.seq}:${stored.time.getTime()}`,
		headers: letter.headers,
	};
}
