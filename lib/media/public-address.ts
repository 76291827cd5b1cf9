// Networks that take no bytes fetch the media themselves. This is the way from a file to an address that they
// can reach: a folder that a web server gives out, or (one more implementation) a bucket with signed addresses.
import { realpath } from 'node:fs/promises';
import path from 'node:path';

export interface PublicFile {
	readonly filePath: string;
	readonly mimeType: string;
	readonly sizeBytes: number;
}

/** The port. An address lives at least as long as a network may take to fetch it. */
export interface PublicAddress {
	/** @throws PublicAddressError when this file cannot be reached from outside. */
	addressOf(file: PublicFile, signal: AbortSignal): Promise<string>;
}

export class PublicAddressError extends Error {
	override readonly name = 'PublicAddressError';
	readonly class = 'validation';

	constructor(
		message: string,
		/** What a person can do about it. */
		readonly remedy: string,
	) {
		super(message);
	}
}

export interface PublicFolderOptions {
	/** Where the folder's own content begins, e.g. `https://media.example.com/clips`. */
	readonly baseUrl: string;
	readonly folder: string;
}

/** A file below the folder is reachable at the base address and its path from there. */
export function publicFolder({ baseUrl, folder }: PublicFolderOptions): PublicAddress {
	const base = checkedBase(baseUrl);
	return {
		async addressOf({ filePath }, signal) {
			signal.throwIfAborted();
			// Both without links: a link out of the folder would give an address that leads nowhere.
			const [root, file] = await Promise.all([resolved(folder), resolved(filePath)]);
			const relative = path.relative(root, file);
			if (relative === '' || relative.startsWith('..') || path.isAbsolute(relative)) {
				throw new PublicAddressError(
					'The media file does not lie below the Media Folder, so it has no public address.',
					'Save the media below the Media Folder, or choose the folder that your web server gives out.',
				);
			}
			return `${base}/${relative.split(path.sep).map(encodeSegment).join('/')}`;
		},
	};
}

function checkedBase(baseUrl: string): string {
	const parsed = URL.canParse(baseUrl) ? new URL(baseUrl) : null;
	if (parsed && /^https?:$/.test(parsed.protocol) && !parsed.search && !parsed.hash && !parsed.username) {
		return parsed.href.replace(/\/+$/, '');
	}
	throw new PublicAddressError(
		'The Public Base URL is not a plain web address.',
		'Give an address such as https://media.example.com/clips, without a query and without a password.',
	);
}

async function resolved(file: string): Promise<string> {
	try {
		return await realpath(file);
	} catch {
		throw new PublicAddressError(
			`There is nothing at "${file}", or it may not be read.`,
			'Check the Media Folder and the path of the media, as the user that runs n8n.',
		);
	}
}

/** Networks want plain ASCII (facts 3.2), and `encodeURIComponent` leaves a few marks that some fetchers trip over. */
function encodeSegment(segment: string): string {
	return encodeURIComponent(segment).replace(
		/[!'()*]/g,
		(mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
	);
}
