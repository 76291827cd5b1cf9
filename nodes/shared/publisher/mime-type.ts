import path from 'node:path';

import { sniffFile } from '../../../lib/media';
import type { MediaFacts } from '../../../lib/publishing/adapter';

/** What people publish. Anything else is bytes, and the network's own rules say whether that will do. */
const byExtension: Readonly<Record<string, string>> = {
	'.mp4': 'video/mp4',
	'.m4v': 'video/mp4',
	'.mov': 'video/quicktime',
	'.webm': 'video/webm',
	'.mkv': 'video/x-matroska',
	'.avi': 'video/x-msvideo',
	'.jpg': 'image/jpeg',
	'.jpeg': 'image/jpeg',
	'.png': 'image/png',
	'.webp': 'image/webp',
	'.gif': 'image/gif',
	'.srt': 'application/x-subrip',
	'.vtt': 'text/vtt',
	'.pdf': 'application/pdf',
	'.doc': 'application/msword',
	'.docx': 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
	'.ppt': 'application/vnd.ms-powerpoint',
	'.pptx': 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
};

const UNKNOWN = 'application/octet-stream';

export function mimeTypeOf(fileName: string): string {
	return byExtension[path.extname(fileName).toLowerCase()] ?? UNKNOWN;
}

/** What is told of a file; where that says nothing, what its first bytes are. */
export async function fileTypeOf(filePath: string, told: string): Promise<string> {
	return told === UNKNOWN ? ((await sniffFile(filePath)) ?? told) : told;
}

/** What a web server tells the type by; empty when nothing is known. */
export function extensionOf(mimeType: string): string {
	return Object.entries(byExtension).find(([, type]) => type === mimeType)?.[0] ?? '';
}

export function isDocument(mimeType: string): boolean {
	return /^application\/(?:pdf$|msword$|vnd\.ms-powerpoint$|vnd\.openxmlformats)/.test(mimeType);
}

export function mediaKindOf(mimeType: string): MediaFacts['kind'] {
	if (mimeType === 'image/gif') return 'gif';
	if (mimeType.startsWith('image/')) return 'image';
	return isDocument(mimeType) ? 'document' : 'video';
}
