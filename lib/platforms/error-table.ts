// A network's own codes become classes in one table per platform. The table is data; reading it is shared.
import { PublishError, type ErrorClass, type PublishErrorOptions } from '../publishing/errors';
import type { Platform } from '../publishing/platform';
import { TransportError } from '../publishing/ports';

export interface ErrorRow {
	readonly class: ErrorClass;
	readonly scope?: NonNullable<PublishErrorOptions['scope']>;
	/** When the network says so nowhere: how long this kind of refusal lasts. */
	readonly retryAt?: (now: Date) => Date;
	readonly remedy?: string;
	/** The section of the fact sheet that the row comes from. */
	readonly facts: string;
}

export type ErrorTable = Readonly<Record<string, ErrorRow>>;

export interface Refusal {
	readonly platform: Platform;
	readonly code: string;
	readonly httpStatus: number;
	readonly message: string;
	/** What the network said about when to come back; wins over the row. */
	readonly retryAt: Date | null;
	readonly now: Date;
}

export function refusalToError(row: ErrorRow, refusal: Refusal): PublishError {
	const retryAt = refusal.retryAt ?? row.retryAt?.(refusal.now);
	return new PublishError(row.class, refusal.message, {
		platform: refusal.platform,
		code: refusal.code,
		httpStatus: refusal.httpStatus,
		...(retryAt && { retryAt }),
		...(row.scope && { scope: row.scope }),
		...(row.remedy && { remedy: row.remedy }),
	});
}

/** A call that may be repeated broke on the way. Everything else passes through as it is. */
export function asNetworkError(platform: Platform, error: unknown): unknown {
	if (!(error instanceof TransportError)) return error;
	return new PublishError('network', error.message, { platform, code: 'transport', cause: error });
}

/** The call that publishes broke on the way: whether it worked can only be read. */
export function asLostAnswer(platform: Platform, error: unknown): unknown {
	if (!(error instanceof TransportError) || !error.mayHaveArrived) return asNetworkError(platform, error);
	return new PublishError('unknown', `The answer to the publishing call was lost. ${error.message}`, {
		platform,
		code: 'answer-lost',
		cause: error,
	});
}
