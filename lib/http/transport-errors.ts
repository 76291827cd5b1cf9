// Which failures prove that a request never left this machine. To be wrong here on the optimistic side is a
// second public post, so the list holds only what happens before the first byte of a request is written.

const neverLeftCodes = new Set([
	'ECONNREFUSED',
	'ENOTFOUND',
	'EAI_AGAIN',
	'UND_ERR_CONNECT_TIMEOUT',
	'UND_ERR_INVALID_ARG',
	'ERR_INVALID_URL',
	// TLS refuses the peer before any request is written.
	'CERT_HAS_EXPIRED',
	'DEPTH_ZERO_SELF_SIGNED_CERT',
	'SELF_SIGNED_CERT_IN_CHAIN',
	'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
	'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
	'ERR_TLS_CERT_ALTNAME_INVALID',
]);

export function surelyNeverLeft(error: unknown): boolean {
	// ETIMEDOUT or EHOSTUNREACH can end a connection in use as well: only the failed system call tells.
	return syscallOf(error) === 'connect' || neverLeftCodes.has(errorCodeOf(error));
}

/** The code alone: messages of network errors can hold addresses and headers. */
export function errorCodeOf(error: unknown): string {
	if (typeof error !== 'object' || error === null) return 'unknown';
	const { code, name } = error as { code?: unknown; name?: unknown };
	if (typeof code === 'string') return code;
	return typeof name === 'string' ? name : 'unknown';
}

function syscallOf(error: unknown): unknown {
	if (error instanceof AggregateError) {
		// Node tries all addresses of a host; each of them has to have failed while connecting.
		const syscalls = new Set(error.errors.map(syscallOf));
		return syscalls.size === 1 ? [...syscalls][0] : undefined;
	}
	return typeof error === 'object' && error !== null ? (error as { syscall?: unknown }).syscall : undefined;
}
