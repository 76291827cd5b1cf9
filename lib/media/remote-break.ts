// Which failures of a download are worth another try, and how the last one is told.
import { RefusedAddressError } from '../http';
import { refusedAddress, RemoteFileError } from './remote-file-error';

/** A connection that ended early, or an answer that does not go on where the last one stopped. */
export class CutError extends Error {
	override readonly name = 'CutError';
}

/** What no second try mends: our own verdicts, a name that does not exist, a certificate, a full disk. */
export function isRepeatable(error: unknown): boolean {
	if (error instanceof RemoteFileError || error instanceof RefusedAddressError) return false;
	const code = codeOf(error);
	return !code.startsWith('ENO') && !/CERT|SELF_SIGNED|_TLS_/.test(code) && code !== 'EDQUOT';
}

export function describeBreak(
	error: unknown,
	{ host, isTooLate }: { host: string; isTooLate: boolean },
): RemoteFileError {
	if (error instanceof RemoteFileError) return error;
	if (error instanceof RefusedAddressError) return refusedAddress(error.host);
	if (isTooLate) {
		const message = `The file at ${host} did not arrive before the deadline.`;
		return new RemoteFileError('deadline', message, 'Try again, or use a smaller file or a faster host.');
	}
	const code = codeOf(error);
	if (diskCodes.has(code)) {
		return new RemoteFileError(
			'disk',
			`The file from ${host} cannot be written on this machine (${code}).`,
			'Make room in the folder for temporary files, and check that n8n may write there.',
			error,
		);
	}
	if (neverThereCodes.test(code)) {
		return new RemoteFileError(
			'unreachable',
			`${host} cannot be reached (${code}).`,
			'Check the name in the address, and that this machine can reach it.',
			error,
		);
	}
	return new RemoteFileError(
		'broken',
		`The download from ${host} broke, also after several tries (${code}).`,
		'Try again later, or use a host that is steadier.',
		error,
	);
}

const diskCodes = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'ENOENT', 'EIO']);
const neverThereCodes =
	/^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$|CERT|_TLS_|SELF_SIGNED/;

function codeOf(error: unknown): string {
	if (typeof error !== 'object' || error === null) return 'unknown';
	const { code, name } = error as { code?: unknown; name?: unknown };
	if (typeof code === 'string') return code;
	return typeof name === 'string' ? name : 'unknown';
}
