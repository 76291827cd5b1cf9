// An error is a decision: its class says what happens next, its message what happened, its remedy what a
// person can do. Vendor codes are mapped to classes in one table per platform, nowhere else.
import type { Platform } from './platform';

export type ErrorClass =
	/** The request never left or a repeatable one broke: do it again. */
	| 'network'
	/** A short window is full: wait until `retryAt`. */
	| 'rate-limit'
	/** A daily or paid budget is used up: wait until `retryAt`. */
	| 'quota'
	/** Refresh once; if that does not help, the account must be reconnected. */
	| 'auth'
	/** The content or the media is not acceptable: show the fix, never retry. */
	| 'validation'
	/** The network is unwell: back off. */
	| 'platform'
	/** The irreversible call went out and no answer came back: only a reader may go on. */
	| 'unknown'
	/** The network refused for good (policy, suspended account, failed processing). */
	| 'rejected';

export interface PublishErrorOptions {
	readonly platform?: Platform;
	/** The network's own code or reason, e.g. `quotaExceeded`. */
	readonly code?: string;
	readonly httpStatus?: number;
	readonly retryAt?: Date;
	/** How far the trouble reaches: one post, one endpoint, one account or the whole app. */
	readonly scope?: 'post' | 'endpoint' | 'account' | 'app';
	/** What a person can do about it. */
	readonly remedy?: string;
	/** For `unknown`: no further look can tell, so a person is asked at once. */
	readonly needsPerson?: boolean;
	readonly cause?: unknown;
}

export class PublishError extends Error {
	readonly class: ErrorClass;
	readonly platform: Platform | undefined;
	readonly code: string | undefined;
	readonly httpStatus: number | undefined;
	readonly retryAt: Date | undefined;
	readonly scope: 'post' | 'endpoint' | 'account' | 'app';
	readonly remedy: string | undefined;
	readonly needsPerson: boolean;

	constructor(errorClass: ErrorClass, message: string, options: PublishErrorOptions = {}) {
		super(message);
		this.name = 'PublishError';
		this.class = errorClass;
		this.platform = options.platform;
		this.code = options.code;
		this.httpStatus = options.httpStatus;
		this.retryAt = options.retryAt;
		this.scope = options.scope ?? 'post';
		this.remedy = options.remedy;
		this.needsPerson = options.needsPerson ?? false;
		// Non-enumerable: a cause can hold a request with its headers, and an error ends in logs.
		Object.defineProperty(this, 'cause', { value: options.cause, enumerable: false });
	}

	/** The part that may be stored and shown. Never the cause. */
	toJSON(): StoredError {
		return {
			class: this.class,
			message: this.message,
			...(this.platform && { platform: this.platform }),
			...(this.code && { code: this.code }),
			...(this.httpStatus && { httpStatus: this.httpStatus }),
			...(this.retryAt && { retryAt: this.retryAt.toISOString() }),
			...(this.remedy && { remedy: this.remedy }),
		};
	}
}

export interface StoredError {
	readonly class: ErrorClass;
	readonly message: string;
	readonly platform?: Platform;
	readonly code?: string;
	readonly httpStatus?: number;
	readonly retryAt?: string;
	readonly remedy?: string;
}

/** Another worker holds the post with a higher epoch. Whoever sees this stops writing at once. */
export class LostClaimError extends Error {
	constructor(postId: string, epoch: number) {
		super(`Post ${postId} was taken over by another worker (our epoch ${epoch} is over).`);
		this.name = 'LostClaimError';
	}
}

/** Everything else that can be thrown becomes a class too; an unforeseen error must not be retried blindly. */
export function toPublishError(error: unknown): PublishError {
	if (error instanceof PublishError) return error;
	const message = error instanceof Error ? error.message : String(error);
	return new PublishError('platform', message, { code: 'unforeseen', cause: error });
}
