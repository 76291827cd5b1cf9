import { sniffMimeType } from '../../../lib/media/sniff-type';

it.each([
	['\0\0\0\x18ftypmp42', 'video/mp4'],
	['\0\0\0\x18ftypisom', 'video/mp4'],
	['\0\0\0\x14ftypqt  ', 'video/quicktime'],
	['\0\0\0\x18ftypheic', 'image/heic'],
	['\0\0\0\x18ftypavif', 'image/avif'],
	['\x1a\x45\xdf\xa3', 'video/webm'],
	['\xff\xd8\xff\xe0', 'image/jpeg'],
	['\x89PNG\r\n\x1a\n', 'image/png'],
	['GIF89a', 'image/gif'],
	['RIFF\0\0\0\0WEBPVP8 ', 'image/webp'],
	['RIFF\0\0\0\0AVI LIST', 'video/x-msvideo'],
	['%PDF-1.7', 'application/pdf'],
	['<!doctype html>', undefined],
	['RIFF\0\0\0\0WAVEfmt ', undefined],
	['', undefined],
])('reads %j as %s', (head, mimeType) => {
	expect(sniffMimeType(Buffer.from(head, 'latin1'))).toBe(mimeType);
});
