import type { Exchange } from './answer';

const HEADERS_LIMIT_BYTES = 16 * 1024;
const FIELD_LIMIT_BYTES = 64 * 1024;

export interface MultipartSink {
	/** The names of parts whose bytes go to `write` piece by piece; all others are small text fields. */
	readonly streamed: ReadonlySet<string>;
	write(piece: Buffer): void;
}

type Stage = 'delimited' | 'after-delimiter' | 'headers' | 'end';

/** Reads multipart/form-data (RFC 7578) as it comes. Undefined when the body is not well formed. */
export async function readMultipart(
	exchange: Exchange,
	sink: MultipartSink,
): Promise<Record<string, string> | undefined> {
	const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(exchange.headers['content-type'] ?? '');
	const parser = new MultipartParser(boundary?.[1] ?? boundary?.[2] ?? '', sink);
	let isBroken = boundary === null;
	for await (const piece of exchange.body()) {
		// Reads on after an error: leaving the loop would close the connection before the refusal is sent.
		if (!isBroken) isBroken = !parser.feed(piece);
	}
	return !isBroken && parser.stage === 'end' ? parser.fields : undefined;
}

class MultipartParser {
	readonly fields: Record<string, string> = {};
	stage: Stage = 'delimited';
	private readonly delimiter: Buffer;
	/** Begins with a line break, so that the first boundary looks like every other. */
	private rest: Buffer = Buffer.from('\r\n');
	private partName: string | undefined;
	private field: Buffer[] = [];
	private fieldBytes = 0;

	constructor(
		boundary: string,
		private readonly sink: MultipartSink,
	) {
		this.delimiter = Buffer.from(`\r\n--${boundary}`);
	}

	/** False when the body cannot be multipart/form-data. */
	feed(piece: Buffer): boolean {
		this.rest = this.rest.length === 0 ? piece : Buffer.concat([this.rest, piece]);
		for (;;) {
			const step = this.step();
			if (step === 'broken') return false;
			if (step === 'needs-more') return true;
		}
	}

	private step(): 'moved' | 'needs-more' | 'broken' {
		switch (this.stage) {
			case 'delimited':
				return this.readUntilDelimiter();
			case 'after-delimiter':
				return this.readAfterDelimiter();
			case 'headers':
				return this.readHeaders();
			case 'end':
				this.rest = Buffer.alloc(0);
				return 'needs-more';
		}
	}

	private readUntilDelimiter(): 'moved' | 'needs-more' | 'broken' {
		const at = this.rest.indexOf(this.delimiter);
		const readyBytes = at >= 0 ? at : Math.max(0, this.rest.length - this.delimiter.length + 1);
		if (!this.emit(this.rest.subarray(0, readyBytes))) return 'broken';
		if (at < 0) {
			this.rest = this.rest.subarray(readyBytes);
			return 'needs-more';
		}
		this.endPart();
		this.rest = this.rest.subarray(at + this.delimiter.length);
		this.stage = 'after-delimiter';
		return 'moved';
	}

	private readAfterDelimiter(): 'moved' | 'needs-more' | 'broken' {
		if (this.rest.length < 2) return 'needs-more';
		const mark = this.rest.subarray(0, 2).toString('latin1');
		if (mark !== '--' && mark !== '\r\n') return 'broken';
		this.stage = mark === '--' ? 'end' : 'headers';
		// The line break stays: a part without headers would end it at once.
		if (mark === '--') this.rest = this.rest.subarray(2);
		return 'moved';
	}

	private readHeaders(): 'moved' | 'needs-more' | 'broken' {
		const at = this.rest.indexOf('\r\n\r\n');
		if (at < 0) return this.rest.length > HEADERS_LIMIT_BYTES ? 'broken' : 'needs-more';
		const name = /content-disposition:\s*form-data;[^\r\n]*?\bname="([^"]*)"/i.exec(
			this.rest.subarray(0, at).toString('utf8'),
		);
		if (name?.[1] === undefined) return 'broken';
		this.partName = name[1];
		this.rest = this.rest.subarray(at + 4);
		this.stage = 'delimited';
		return 'moved';
	}

	private emit(bytes: Buffer): boolean {
		if (bytes.length === 0 || this.partName === undefined) return true;
		if (this.sink.streamed.has(this.partName)) {
			this.sink.write(bytes);
			return true;
		}
		this.fieldBytes += bytes.length;
		this.field.push(Buffer.from(bytes));
		return this.fieldBytes <= FIELD_LIMIT_BYTES;
	}

	private endPart(): void {
		if (this.partName !== undefined && !this.sink.streamed.has(this.partName)) {
			this.fields[this.partName] = Buffer.concat(this.field).toString('utf8');
		}
		this.partName = undefined;
		this.field = [];
		this.fieldBytes = 0;
	}
}
