// One file part among plain fields, streamed: the bytes of the file never gather in memory.
import { randomUUID } from 'node:crypto';

export interface MultipartBody {
	readonly headers: Readonly<Record<string, string>>;
	/** Anew for each try. */
	read(): AsyncIterable<Uint8Array>;
}

export interface FilePart {
	readonly name: string;
	readonly fileName: string;
	readonly mimeType: string;
	readonly sizeBytes: number;
	read(): AsyncIterable<Uint8Array>;
}

/** The boundary is fixed once, so that the length is known and each reading gives the same bytes. */
export function multipartBody(fields: Readonly<Record<string, string>>, file: FilePart): MultipartBody {
	const boundary = `stackkraft-${randomUUID()}`;
	const fieldParts = Object.entries(fields).map(
		([name, value]) =>
			`--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"\r\n\r\n${value}\r\n`,
	);
	const head = Buffer.from(
		`${fieldParts.join('')}--${boundary}\r\nContent-Disposition: form-data; name="${quoted(file.name)}"; ` +
			`filename="${quoted(file.fileName)}"\r\nContent-Type: ${file.mimeType}\r\n\r\n`,
	);
	const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
	return {
		headers: {
			'content-type': `multipart/form-data; boundary=${boundary}`,
			'content-length': String(head.length + file.sizeBytes + tail.length),
		},
		read: () => concatenated(head, file, tail),
	};
}

async function* concatenated(head: Buffer, file: FilePart, tail: Buffer): AsyncGenerator<Uint8Array> {
	yield head;
	yield* file.read();
	yield tail;
}

/** Percent-encoding of the three characters that end a quoted name, as browsers do it. */
function quoted(name: string): string {
	return name.replace(/["\r\n]/g, (char) => encodeURIComponent(char));
}
