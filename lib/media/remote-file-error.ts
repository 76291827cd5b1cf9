export type RemoteFileErrorCode =
	| 'bad-address'
	| 'refused-address'
	| 'redirects'
	| 'status'
	| 'not-media'
	| 'too-large'
	| 'unreachable'
	| 'broken'
	| 'deadline'
	| 'disk';

const hopeless: ReadonlySet<RemoteFileErrorCode> = new Set<RemoteFileErrorCode>([
	'bad-address',
	'refused-address',
	'redirects',
	'status',
	'not-media',
	'too-large',
]);

/** Names the host of an address and no more of it: path and query can be the key to the file. */
export class RemoteFileError extends Error {
	override readonly name = 'RemoteFileError';

	constructor(
		readonly code: RemoteFileErrorCode,
		message: string,
		/** What a person can do about it. */
		readonly remedy: string,
		cause?: unknown,
	) {
		super(message);
		// Non-enumerable: transport errors can hold the request.
		Object.defineProperty(this, 'cause', { value: cause, enumerable: false });
	}

	/** What to do next, in the words that publishing uses: show the fix, or try again. */
	get class(): 'validation' | 'network' | 'platform' {
		if (hopeless.has(this.code)) return 'validation';
		return this.code === 'disk' ? 'platform' : 'network';
	}
}

export function refusedAddress(host: string): RemoteFileError {
	return new RemoteFileError(
		'refused-address',
		`${host} is not an address on the public internet, so nothing is fetched from there.`,
		'Use a public address, or give the file as binary data or a path. Whoever runs n8n can allow a host of the own network with STACKKRAFT_ALLOWED_MEDIA_HOSTS=host:port.',
	);
}

export function statusError(host: string, status: number): RemoteFileError {
	const message = `${host} answered ${status} instead of the media file.`;
	if (status === 401 || status === 403) {
		const remedy =
			'The address is not public, or its signature is over. Make a new link that needs no sign-in, or fetch the file with an HTTP Request node and use its binary data.';
		return new RemoteFileError('status', message, remedy);
	}
	const isGone = status === 404 || status === 410;
	const remedy = isGone
		? 'Check the address: there is nothing at it any more.'
		: 'Open the address in a browser without being signed in: it has to download the file.';
	return new RemoteFileError('status', message, remedy);
}

export function tooLarge(host: string, maxBytes: number): RemoteFileError {
	return new RemoteFileError(
		'too-large',
		`The file at ${host} is larger than ${maxBytes} bytes.`,
		'Use a smaller file, or put it on this machine and give its path.',
	);
}
