import { PublishError } from '../../publishing/errors';

/** The same words, but whether the call worked can only be read. */
export function asUnknown(error: PublishError): PublishError {
	return withClass('unknown', error);
}

export function withClass(errorClass: 'unknown' | 'validation', error: PublishError): PublishError {
	const { code, httpStatus, remedy, retryAt } = error;
	return new PublishError(errorClass, error.message, {
		platform: 'facebook',
		...(code && { code }),
		...(httpStatus && { httpStatus }),
		...(retryAt && { retryAt }),
		...(remedy && { remedy }),
		cause: error,
	});
}
