// The dead letters as they lie in their stream, looked at without taking them.
import type { JetStreamManager, NatsConnection, StoredMsg } from 'nats';
import { apiErrorNumber, QueueError, toQueueError } from './errors';
import { deadLetterSchema, streams, type DeadLetter } from './messages';
import { jetStreamManager } from './set-up';

export type LetterSelection =
	| { readonly kind: 'one'; readonly sequence: number }
	| { readonly kind: 'class'; readonly errorClass: string }
	| { readonly kind: 'all' };

export interface StoredLetter {
	readonly stored: StoredMsg;
	/** `undefined`: not a dead letter that we can read. */
	readonly letter: DeadLetter | undefined;
}

const messageNotFound = 10037;

/** Oldest first. Ends where the stream ended at the start: what is added meanwhile is not met. */
export async function* readLetters(
	manager: JetStreamManager,
	selection: LetterSelection,
): AsyncGenerator<StoredLetter> {
	const range = await rangeOf(manager, selection);
	let seq = range.first;
	while (seq <= range.last) {
		const stored = await nextLetter(manager, seq);
		if (!stored || stored.seq > range.last) return;
		seq = stored.seq + 1;
		const letter = parseLetter(stored);
		const isWanted = selection.kind !== 'class' || !letter || letter.errorClass === selection.errorClass;
		if (isWanted) yield { stored, letter };
	}
}

export interface ListedLetter {
	readonly sequence: number;
	readonly letter: DeadLetter | undefined;
}

export async function listDeadLetters(
	connection: NatsConnection,
	selection: LetterSelection,
	{ limit }: { readonly limit: number },
): Promise<ListedLetter[]> {
	const found: ListedLetter[] = [];
	for await (const { stored, letter } of readLetters(await jetStreamManager(connection), selection)) {
		found.push({ sequence: stored.seq, letter });
		if (found.length >= limit) break;
	}
	if (selection.kind === 'one' && found.length === 0) throw noSuchLetter(selection.sequence);
	return found;
}

export function noSuchLetter(sequence: number): QueueError {
	return new QueueError(
		'invalid',
		`There is no dead letter with the sequence ${sequence}.`,
		'It may have been redriven already. The trigger on the dead letters shows each as "streamSequence".',
	);
}

interface Range {
	readonly first: number;
	readonly last: number;
}

async function rangeOf(manager: JetStreamManager, selection: LetterSelection): Promise<Range> {
	if (selection.kind === 'one') return { first: selection.sequence, last: selection.sequence };
	try {
		const { state } = await manager.streams.info(streams.dead.name);
		return { first: Math.max(1, state.first_seq), last: state.last_seq };
	} catch (error) {
		throw toQueueError(error, 'Reading the dead letters failed');
	}
}

async function nextLetter(manager: JetStreamManager, seq: number): Promise<StoredMsg | undefined> {
	try {
		const query = { seq, next_by_subj: streams.dead.subjects[0] };
		return await manager.streams.getMessage(streams.dead.name, query);
	} catch (error) {
		if (apiErrorNumber(error) === messageNotFound) return undefined;
		throw toQueueError(error, 'Reading the dead letters failed');
	}
}

function parseLetter(stored: StoredMsg): DeadLetter | undefined {
	try {
		return deadLetterSchema.safeParse(JSON.parse(stored.string())).data;
	} catch {
		return undefined;
	}
}
