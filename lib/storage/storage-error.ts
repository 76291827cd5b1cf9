import type { HttpResponse } from '../publishing/ports';

/** What went wrong at the bucket. Holds the server's code, never its words: those quote keys and signatures. */
export class StorageError extends Error {
	override readonly name = 'StorageError';

	constructor(
		/** What to do next, in the words that publishing uses. */
		readonly errorClass: 'validation' | 'platform' | 'network',
		message: string,
		/** What a person can do about it. */
		readonly remedy: string,
		/** S3's own code, e.g. `NoSuchBucket`. */
		readonly code: string,
	) {
		super(message);
	}

	get class(): 'validation' | 'platform' | 'network' {
		return this.errorClass;
	}
}

const remedies: Readonly<Record<string, string>> = {
	InvalidAccessKeyId: 'Check Access Key ID in the S3 credential.',
	SignatureDoesNotMatch:
		'Check Secret Access Key and Region in the S3 credential; an endpoint behind a proxy must keep the Host header.',
	AccessDenied:
		'Give the access key the permissions s3:PutObject, s3:GetObject, s3:DeleteObject and s3:AbortMultipartUpload on the bucket.',
	NoSuchBucket: 'Create the bucket, or correct its name in the S3 credential.',
	RequestTimeTooSkewed: 'Set the clock of the machine that runs n8n.',
	AuthorizationHeaderMalformed: 'Enter the region of the bucket in the S3 credential.',
	PermanentRedirect: 'Enter the region and the endpoint of the bucket in the S3 credential.',
	EntityTooLarge: 'Use a smaller file, or a storage service that takes larger ones.',
};

const passing = new Set([408, 429, 500, 502, 503, 504]);

export function answerError(action: string, { status, bodyText }: HttpResponse): StorageError {
	const code = codeIn(bodyText) ?? (status === 301 ? 'PermanentRedirect' : `HTTP ${status}`);
	const message = `The S3 storage refused to ${action} (${code}).`;
	const known = remedies[code] ?? (status === 403 ? remedies['AccessDenied'] : undefined);
	if (known) return new StorageError('validation', message, known, code);
	if (passing.has(status) || isPassingCode(code)) {
		return new StorageError('platform', message, 'Try again later.', code);
	}
	const remedy = 'Check endpoint, bucket and region in the S3 credential.';
	return new StorageError('validation', message, remedy, code);
}

export function codeIn(xml: string): string | undefined {
	return /<Error>[\s\S]*?<Code>([A-Za-z0-9.]{1,80})<\/Code>/.exec(xml)?.[1];
}

function isPassingCode(code: string): boolean {
	return ['SlowDown', 'InternalError', 'ServiceUnavailable', 'RequestTimeout'].includes(code);
}
