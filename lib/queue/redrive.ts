// Dead letters go back to where they came from. A letter leaves its stream only after the message is
// confirmed there; dying in between costs nothing, because the message id is the letter's.
import type { JetStreamManager, NatsConnection, StoredMsg } from 'nats';
import { apiErrorNumber, QueueError, toQueueError } from './errors';
import { deadLetterSchema, streams, type DeadLetter } from './messages';
import { publishMessage, type OutgoingMessage } from './publish';
import { jetStreamManager } from './set-up';

export type RedriveSelection =
	| { readonly kind: 'one'; readonly sequence: number }
	| { readonly kind: 'class'; readonly errorClass: string }
	| { readonly kind: 'all' };

export interface RedriveOptions {
	/** Letters that match, oldest first. */
	readonly limit?: number;
	readonly signal?: AbortSignal | undefined;
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
	selection: RedriveSelection,
	{ limit = defaultLimit, signal }: RedriveOptions = {},
): Promise<RedriveResult> {
	const manager = await jetStreamManager(connection);
	const redriven: Redriven[] = [];
	const skipped: NotRedriven[] = [];
	const range = await redriveRange(manager, selection);
	for await (const stored of deadLettersFrom(manager, range)) {
		const letter = readLetter(stored);
		if (!letter) skipped.push({ sequence: stored.seq, reason: 'It is not a dead letter that we can read.' });
		else if (selection.kind !== 'class' || letter.errorClass === selection.errorClass) {
			const refusal = whyNot(letter);
			if (refusal) skipped.push({ sequence: stored.seq, reason: refusal });
			else {
				await sendBack(connection, manager, { stored, letter }, signal);
				redriven.push({ sequence: stored.seq, letter });
			}
		}
		if (redriven.length + skipped.length >= limit) break;
	}
	if (selection.kind === 'one' && redriven.length + skipped.length === 0) {
		throw new QueueError(
			'invalid',
			`There is no dead letter with the sequence ${selection.sequence}.`,
			'It may have been redriven already. The trigger on the dead letters shows each as "streamSequence".',
		);
	}
	return { redriven, skipped };
}

interface Range {
	readonly first: number;
	readonly last: number;
}

/** Ends where the stream ends now: a letter that dies again while we send would be sent again for ever. */
async function redriveRange(manager: JetStreamManager, selection: RedriveSelection): Promise<Range> {
	if (selection.kind === 'one') return { first: selection.sequence, last: selection.sequence };
	try {
		const { state } = await manager.streams.info(streams.dead.name);
		return { first: Math.max(1, state.first_seq), last: state.last_seq };
	} catch (error) {
		throw toQueueError(error, 'Reading the dead letters failed');
	}
}

async function* deadLettersFrom(manager: JetStreamManager, range: Range): AsyncGenerator<StoredMsg> {
	let seq = range.first;
	while (seq <= range.last) {
		const query = { seq, next_by_subj: streams.dead.subjects[0] };
		try {
			const stored = await manager.streams.getMessage(streams.dead.name, query);
			if (stored.seq > range.last) return;
			seq = stored.seq + 1;
			yield stored;
		} catch (error) {
			if (apiErrorNumber(error) === messageNotFound) return;
			throw toQueueError(error, 'Reading the dead letters failed');
		}
	}
}

function readLetter(stored: StoredMsg): DeadLetter | undefined {
	try {
		const parsed = deadLetterSchema.safeParse(JSON.parse(stored.string()));
		return parsed.success ? parsed.data : undefined;
	} catch {
		return undefined;
	}
}

function whyNot(letter: DeadLetter): string | undefined {
	if (letter.cutFromBytes !== undefined) {
		return `Its payload was cut (${letter.cutFromBytes} bytes): it has to be sent again by its sender.`;
	}
	if (letter.subject.startsWith('content.dead.')) return 'It was a dead letter itself.';
	return undefined;
}

async function sendBack(
	connection: NatsConnection,
	manager: JetStreamManager,
	{ stored, letter }: { stored: StoredMsg; letter: DeadLetter },
	signal: AbortSignal | undefined,
): Promise<void> {
	// With the original's message id the stream would take it for a repetition and drop it.
	const messageId = `redrive:${stored.seq}:${stored.time.getTime()}`;
	const message: OutgoingMessage = {
		subject: letter.subject,
		payload: letter.encoding === 'base64' ? Buffer.from(letter.payload, 'base64') : letter.payload,
		messageId,
		headers: letter.headers,
	};
	await publishMessage(connection, message, signal && { signal });
	try {
		await manager.streams.deleteMessage(streams.dead.name, stored.seq);
	} catch (error) {
		if (apiErrorNumber(error) === messageNotFound) return;
		throw toQueueError(error, `Removing the dead letter ${stored.seq} after its redrive failed`);
	}
}
