// The half-received file: what is there, what may be asked for next, and whether an answer continues it.
import type { FileHandle } from 'node:fs/promises';
import type { Dispatcher } from 'undici';
import { CutError } from './remote-break';
import { RemoteFileError, tooLarge } from './remote-file-error';

type Answer = Dispatcher.ResponseData;

export interface RefusedAnswer {
	readonly status: number;
	readonly retryAfter: string | undefined;
}

export class RemoteReceiver {
	sizeBytes = 0;
	saidMimeType: string | undefined;
	/** Of the version that is being received; without one a continuation could mix two versions. */
	private validator: string | undefined;
	private totalBytes: number | undefined;

	constructor(
		private readonly file: FileHandle,
		private readonly host: string,
		private readonly maxBytes: number,
	) {}

	rangeHeaders(): Record<string, string> {
		if (this.sizeBytes === 0 || this.validator === undefined) return {};
		return { range: `bytes=${this.sizeBytes}-`, 'if-range': this.validator };
	}

	/** @returns undefined when the file is whole; throws when the answer was cut. */
	async take(answer: Answer, signal: AbortSignal): Promise<RefusedAnswer | undefined> {
		const isContinuation = answer.statusCode === 206 && this.continues(answer);
		if (answer.statusCode !== 200 && !isContinuation) {
			await answer.body.dump({ limit: 64 * 1024, signal });
			// What is there leads nowhere; after any other refusal it may still be continued.
			if (answer.statusCode === 206 || answer.statusCode === 416) await this.startOver();
			if (answer.statusCode === 206) throw new CutError('The answer does not continue the file.');
			return { status: answer.statusCode, retryAfter: one(answer, 'retry-after') };
		}
		if (!isContinuation) {
			await this.startOver();
			this.readFacts(answer);
		}
		await this.write(answer);
		return undefined;
	}

	private readFacts(answer: Answer): void {
		this.saidMimeType = mimeTypeIn(one(answer, 'content-type'));
		this.validator = validatorIn(answer);
		const encoding = one(answer, 'content-encoding');
		if (encoding !== undefined && encoding !== 'identity') {
			discard(answer);
			throw new RemoteFileError(
				'not-media',
				`${this.host} sends the file packed (${encoding}), although it was asked not to.`,
				'Use the address of a host that sends the file as it is.',
			);
		}
		const length = one(answer, 'content-length');
		this.totalBytes = length !== undefined && /^\d+$/.test(length) ? Number(length) : undefined;
		if (this.totalBytes === undefined || this.totalBytes <= this.maxBytes) return;
		discard(answer);
		throw tooLarge(this.host, this.maxBytes);
	}

	private async write(answer: Answer): Promise<void> {
		for await (const piece of answer.body as AsyncIterable<Buffer>) {
			if (this.sizeBytes + piece.length > this.maxBytes) throw tooLarge(this.host, this.maxBytes);
			await this.append(piece);
		}
		if (this.totalBytes !== undefined && this.sizeBytes !== this.totalBytes) {
			throw new CutError('The answer ended early.');
		}
	}

	private async append(piece: Buffer): Promise<void> {
		for (let at = 0; at < piece.length;) {
			const { bytesWritten } = await this.file.write(piece, at, piece.length - at, this.sizeBytes);
			at += bytesWritten;
			this.sizeBytes += bytesWritten;
		}
	}

	private continues(answer: Answer): boolean {
		const [, start, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(one(answer, 'content-range') ?? '') ?? [];
		if (this.sizeBytes === 0 || Number(start) !== this.sizeBytes) return false;
		return this.totalBytes === undefined || total === '*' || Number(total) === this.totalBytes;
	}

	private async startOver(): Promise<void> {
		await this.file.truncate(0);
		this.sizeBytes = 0;
		this.validator = undefined;
		this.totalBytes = undefined;
	}
}

function discard({ body }: Answer): void {
	body.on('error', () => undefined).destroy();
}

/** A strong ETag, or a date that lies far enough back to be one (RFC 9110, 8.8.2.2). */
function validatorIn(answer: Answer): string | undefined {
	if (one(answer, 'accept-ranges') === 'none') return undefined;
	const etag = one(answer, 'etag');
	if (etag?.startsWith('"')) return etag;
	const modified = one(answer, 'last-modified');
	const ageMs = Date.parse(one(answer, 'date') ?? '') - Date.parse(modified ?? '');
	return ageMs >= 60_000 ? modified : undefined;
}

function mimeTypeIn(header: string | undefined): string | undefined {
	const mimeType = header?.split(';', 1)[0]?.trim().toLowerCase();
	// Storage services say this about everything: it says nothing.
	return mimeType && mimeType !== 'application/octet-stream' ? mimeType : undefined;
}

function one(answer: Answer, name: string): string | undefined {
	const value = answer.headers[name];
	return Array.isArray(value) ? value[0] : value;
}
