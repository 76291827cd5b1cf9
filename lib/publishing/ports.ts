// What publishing needs from the outside, declared by the one who needs it. Nothing here has an effect.
import type { StoredError } from './errors';
import type { JsonObject } from './platform';
import type { CommitIntent, LivePost, Progress } from './post';

export interface Clock {
	now(): Date;
	/** Resolves after `delayMs`; rejects at once with the signal's reason when it aborts. */
	sleep(delayMs: number, signal: AbortSignal): Promise<void>;
}

export interface Logger {
	info(message: string, fields?: JsonObject): void;
	warn(message: string, fields?: JsonObject): void;
}

/** Gives the bearer token and, at most once per staleness, a new one. n8n's credentials stand behind it. */
export interface Authorizer {
	getToken(signal: AbortSignal): Promise<string>;
	/** `staleToken` is the one the network refused; whoever refreshed it already wins and we reuse that. */
	refreshToken(staleToken: string, signal: AbortSignal): Promise<string>;
}

/** A file that can be read from anywhere in it, as often as needed, without ever being in memory as a whole. */
export interface RangedSource {
	readonly sizeBytes: number;
	readonly mimeType: string;
	readonly fileName: string;
	/**
	 * Bytes `startByte` up to but without `endByte`. A piece is valid until the next one is asked for: who keeps
	 * one must copy it.
	 */
	read(startByte: number, endByte: number): AsyncIterable<Uint8Array>;
}

export interface HttpRequest {
	readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
	readonly url: string;
	readonly headers?: Readonly<Record<string, string>>;
	/** Pieces are sent one by one; the next is asked for when the last is at the operating system. */
	readonly body?: string | Buffer | AsyncIterable<Uint8Array>;
	/** From the first byte out to the last byte in. */
	readonly deadlineMs: number;
	/** On the call that makes a post public and that the network could take twice: it goes out soon after its mark or never. */
	readonly publishes?: true;
}

export interface HttpResponse {
	readonly status: number;
	/** Lower-case names. */
	readonly headers: Readonly<Record<string, string>>;
	/** Bounded: an answer larger than a few MiB is an error, never memory. */
	readonly bodyText: string;
}

/** Never throws on a status; throws `TransportError` when there is no whole answer. */
export interface HttpClient {
	send(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse>;
}

export class TransportError extends Error {
	constructor(
		message: string,
		/** False only when the request surely never left this machine (refused, no such host). */
		readonly mayHaveArrived: boolean,
		cause?: unknown,
	) {
		super(message);
		this.name = 'TransportError';
		Object.defineProperty(this, 'cause', { value: cause, enumerable: false });
	}
}

/**
 * Where the progress of one post is kept. PostgreSQL behind a claim, or memory for a lone node.
 * Every write throws `LostClaimError` once a higher epoch exists: a worker that wakes up late writes nothing.
 */
export interface PublishJournal {
	load(): Promise<Progress>;
	/** Saved before the next step begins. */
	saveHandle(handle: JsonObject): Promise<void>;
	markUploaded(handle: JsonObject): Promise<void>;
	/** The durable mark before the irreversible call. */
	armCommit(intent: CommitIntent): Promise<void>;
	/** A reader proved that the armed call had no effect. */
	disarmCommit(): Promise<void>;
	/** A reader looked and could not tell. */
	countCheck(): Promise<number>;
	/** Start over from `prepare`: the far side no longer knows the handle, and nothing was published with it. */
	dropHandle(): Promise<void>;
	recordLive(live: LivePost): Promise<void>;
	/** What a reader may match against, and what a person sees in the post's story. */
	note(event: string, details: JsonObject): Promise<void>;
	recordDecision(decision: StoredDecision): Promise<void>;
	/** Extends the lease; called as a heartbeat during long work. */
	keepAlive(): Promise<void>;
}

/** What happens to a post that is not posted now. */
export type StoredDecision =
	/** Comes back by itself at `at`. `countsAsRetry` is false when it only waited for a window. */
	| { readonly kind: 'wait'; readonly at: Date; readonly countsAsRetry: boolean; readonly error: StoredError }
	/** A reader looks again at `at`; nobody sends. */
	| { readonly kind: 'unknown'; readonly at: Date; readonly error: StoredError }
	/** Needs a person: failed, and in the dead letters. */
	| { readonly kind: 'failed'; readonly error: StoredError };
