// Dead letters go back to where they came from. A letter leaves its stream only after the message is
// confirmed there; dying in between costs nothing, because the message id is the letter's.
import type { JetStreamManager, NatsConnection, StoredMsg } from 'nats';
import { apiErrorNumber, toQueueError } from './errors';
import { streams, type DeadLetter } from './messages';
import { publishMessage, type OutgoingMessage } from './publish';
import { noSuchLetter, readLetters, type LetterSelection } from './read-letters';
import { jetStreamManager } from './set-up';

export interface RedriveOptions {
	/** How many go back at most, oldest first. Letters that stay do not count: they would block those behind. */
	readonly limit?: number;
	readonly signal?: AbortSignal | undefined;
	/**
	 * What to do for a letter about a post, instead of sending its message: the message of a failed post wakes
	 * nobody. Without it such letters stay.
	 */
	readonly redrivePost?: RedrivePost;
}

export interface LetterAboutPost extends DeadLetter {
	readonly postId: string;
}

export type RedrivePost = (letter: LetterAboutPost) => Promise<PostRedrive>;

export type PostRedrive =
	| { readonly kind: 'redriven' }
	/** The post went on without the letter: it goes, and nothing is sent. */
	| { readonly kind: 'obsolete'; readonly reason: string }
	| { readonly kind: 'stays'; readonly reason: string };

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
	/** Gone without being sent, because their posts went on. */
	readonly removed: readonly NotRedriven[];
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
	const removed: NotRedriven[] = [];
	for await (const { stored, letter } of readLetters(manager, selection)) {
		const sequence = stored.seq;
		const sending = { connection, manager, stored };
		const fate = letter ? await redriveOne({ ...sending, letter }, options) : unreadable;
		if (letter && fate.kind === 'redriven') redriven.push({ sequence, letter });
		if (fate.kind === 'obsolete') removed.push({ sequence, reason: fate.reason });
		if (fate.kind === 'stays') skipped.push({ sequence, reason: fate.reason });
		if (redriven.length >= limit || options.signal?.aborted) break;
	}
	if (selection.kind === 'one' && redriven.length + skipped.length + removed.length === 0) {
		throw noSuchLetter(selection.sequence);
	}
	return { redriven, skipped, removed };
}

const unreadable: PostRedrive = { kind: 'stays', reason: 'It is not a dead letter that we can read.' };

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

async function redriveOne(sending: Sending, options: RedriveOptions): Promise<PostRedrive> {
	const { letter, stored } = sending;
	const refusal = whyNot(letter);
	if (refusal !== undefined) return { kind: 'stays', reason: refusal };
	const fate = await sendBack(sending, options);
	if (fate.kind !== 'stays') await removeLetter(sending.manager, stored.seq);
	return fate;
}

async function sendBack(
	{ connection, stored, letter }: Sending,
	{ signal, redrivePost }: RedriveOptions,
): Promise<PostRedrive> {
	const { postId } = letter;
	if (postId === undefined) {
		await publishMessage(connection, messageOf(letter, stored), signal && { signal });
		return { kind: 'redriven' };
	}
	if (redrivePost) return await redrivePost({ ...letter, postId });
	// The message alone would be run, find the post still failed and be acknowledged: a success that did nothing.
	return { kind: 'stays', reason: `It is about the post ${postId}: use Post Queue → Redrive.` };
}

async function removeLetter(manager: JetStreamManager, sequence: number): Promise<void> {
	try {
		await manager.streams.deleteMessage(streams.dead.name, sequence);
	} catch (error) {
		if (apiErrorNumber(error) === messageNotFound) return;
		throw toQueueError(error, `Removing the dead letter ${sequence} after its redrive failed`);
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
