export interface ByteRange {
	readonly startByte: number;
	/** The first byte that is not part of it. */
	readonly endByte: number;
}

/**
 * One range of RFC 9110, 14.1.2. Undefined means the whole file: no header, one that cannot be read, or several
 * ranges at once, which a server may ignore and no network asks for.
 */
export function byteRangeOf(
	header: string | undefined,
	sizeBytes: number,
): ByteRange | 'unsatisfiable' | undefined {
	const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '');
	const [, first = '', last = ''] = match ?? [];
	if (first === '' && last === '') return undefined;
	if (first === '') {
		const suffixBytes = Number(last);
		if (suffixBytes === 0 || sizeBytes === 0) return 'unsatisfiable';
		return { startByte: Math.max(0, sizeBytes - suffixBytes), endByte: sizeBytes };
	}
	const startByte = Number(first);
	if (last !== '' && Number(last) < startByte) return undefined;
	if (startByte >= sizeBytes) return 'unsatisfiable';
	return { startByte, endByte: last === '' ? sizeBytes : Math.min(sizeBytes, Number(last) + 1) };
}
