import { ConnectionCut, type Answer, type Exchange } from '../core/answer';
import { SessionBytes } from '../core/session-bytes';
import type { Spool } from '../core/spool';

/** Our own choice; Meta says only "resend from bytes_transferred" (facts 3.2, 6.2). */
const KEPT_BLOCK_BYTES = 65_536;

export interface RuploadState {
	readonly storedBytes: number;
	readonly totalBytes?: number;
}

/** Where a network keeps what its uploads have reached. */
export interface RuploadRecord {
	state(id: string): RuploadState;
	save(id: string, state: RuploadState): void;
	complete(
		id: string,
		file: { readonly sha256: string; readonly sizeBytes: number },
		failsWith?: string,
	): void;
}

export function ruploadProblem(status: number, type: string, message: string, isRetriable = false): Answer {
	return { status, body: { debug_info: { retriable: isRetriable, type, message } } };
}

/** The token of the upload host: `OAuth`, and nothing else (facts 3.2, 6.2). */
export function ruploadTokenOf(exchange: Exchange): string | undefined {
	return /^OAuth (\S+)$/.exec(exchange.headers.authorization ?? '')?.[1];
}

/** One POST carries everything from `offset` to the end; a cut one is gone on with from what is stored. */
export class Rupload {
	private readonly open = new Map<string, SessionBytes>();
	private readonly running = new Map<string, { isReplaced: boolean }>();

	constructor(
		private readonly spool: Spool,
		private readonly network: string,
		private readonly record: RuploadRecord,
	) {}

	async receive(exchange: Exchange, id: string): Promise<Answer> {
		const state = this.record.state(id);
		const offset = numberIn(exchange, 'offset');
		const totalBytes = numberIn(exchange, 'file_size');
		if (offset === undefined || totalBytes === undefined || totalBytes === 0) {
			return ruploadProblem(400, 'InvalidHeaderError', 'offset and file_size are required numbers');
		}
		if (state.totalBytes !== undefined && state.totalBytes !== totalBytes) {
			return ruploadProblem(400, 'InvalidHeaderError', 'file_size differs from the one of the upload');
		}
		const storedBytes = this.open.get(id)?.storedBytes ?? state.storedBytes;
		if (storedBytes === totalBytes)
			return { status: 200, body: { success: true, message: 'Upload complete' } };
		if (offset !== storedBytes) {
			return ruploadProblem(400, 'OffsetInvalidError', `offset must be ${storedBytes}`, true);
		}
		if (Number(exchange.headers['content-length'] ?? 0) > totalBytes - offset) {
			return ruploadProblem(400, 'InvalidHeaderError', 'The body is longer than file_size');
		}
		return await this.write(exchange, id, { ...state, totalBytes });
	}

	private async write(exchange: Exchange, id: string, state: Required<RuploadState>): Promise<Answer> {
		const previous = this.running.get(id);
		if (previous) previous.isReplaced = true;
		const turn = { isReplaced: false };
		this.running.set(id, turn);
		const bytes = this.bytesOf(id, state.storedBytes);
		bytes.forgetRest();
		try {
			for await (const piece of exchange.body()) if (!turn.isReplaced) bytes.add(piece);
		} catch (error) {
			if (error instanceof ConnectionCut && !turn.isReplaced) this.keep(id, bytes, state);
			throw error;
		}
		if (turn.isReplaced) throw new ConnectionCut();
		bytes.keepRest();
		this.keep(id, bytes, state);
		if (bytes.storedBytes < state.totalBytes) {
			return ruploadProblem(400, 'PartialRequestError', 'The body ended before file_size', true);
		}
		this.open.delete(id);
		const file = { sha256: bytes.finish(), sizeBytes: state.totalBytes };
		this.record.complete(id, file, exchange.faults.failProcessing);
		return { status: 200, body: { success: true, message: 'Upload successful.' } };
	}

	private keep(id: string, bytes: SessionBytes, { totalBytes }: Required<RuploadState>): void {
		bytes.forgetRest();
		this.record.save(id, { storedBytes: bytes.storedBytes, totalBytes });
	}

	private bytesOf(id: string, storedBytes: number): SessionBytes {
		const known = this.open.get(id);
		if (known !== undefined) return known;
		const bytes = new SessionBytes(this.spool, `${this.network}-${id}`, storedBytes, KEPT_BLOCK_BYTES);
		this.open.set(id, bytes);
		return bytes;
	}
}

function numberIn(exchange: Exchange, header: string): number | undefined {
	const text = String(exchange.headers[header] ?? '');
	return /^\d+$/.test(text) ? Number(text) : undefined;
}
