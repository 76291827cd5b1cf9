// The kind of a medium by its first bytes. What a server says about a file is often wrong: storage services
// call everything octet-stream, and a login page answers with 200.

import { open } from 'node:fs/promises';

export const sniffedBytes = 32;

/** @returns undefined for what is not one of the media that networks take. */
export async function sniffFile(filePath: string): Promise<string | undefined> {
	const file = await open(filePath, 'r');
	try {
		const { buffer, bytesRead } = await file.read(Buffer.alloc(sniffedBytes), 0, sniffedBytes, 0);
		return sniffMimeType(buffer.subarray(0, bytesRead));
	} finally {
		await file.close();
	}
}

/** @returns undefined for what is not one of the media that networks take. */
export function sniffMimeType(head: Buffer): string | undefined {
	if (ascii(head, 4, 8) === 'ftyp') return ofBrand(ascii(head, 8, 12));
	if (ascii(head, 0, 4) === 'RIFF') return ofRiff(ascii(head, 8, 12));
	return signatures.find(({ bytes }) => head.subarray(0, bytes.length).equals(bytes))?.mimeType;
}

const signatures: readonly { readonly bytes: Buffer; readonly mimeType: string }[] = [
	{ bytes: Buffer.from([0xff, 0xd8, 0xff]), mimeType: 'image/jpeg' },
	{ bytes: Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), mimeType: 'image/png' },
	{ bytes: Buffer.from('GIF87a'), mimeType: 'image/gif' },
	{ bytes: Buffer.from('GIF89a'), mimeType: 'image/gif' },
	{ bytes: Buffer.from([0x1a, 0x45, 0xdf, 0xa3]), mimeType: 'video/webm' },
	{ bytes: Buffer.from('%PDF-'), mimeType: 'application/pdf' },
];

function ofBrand(brand: string): string {
	if (brand === 'qt  ') return 'video/quicktime';
	if (brand.startsWith('avif') || brand.startsWith('avis')) return 'image/avif';
	if (brand.startsWith('hei') || brand.startsWith('hev') || brand === 'mif1') return 'image/heic';
	return 'video/mp4';
}

function ofRiff(kind: string): string | undefined {
	if (kind === 'WEBP') return 'image/webp';
	return kind === 'AVI ' ? 'video/x-msvideo' : undefined;
}

function ascii(head: Buffer, start: number, end: number): string {
	return head.subarray(start, end).toString('latin1');
}
