import type { StoreFile } from '../../../shared/stored-output';

interface ClipPaths {
	readonly path: string;
	readonly subtitlePaths: readonly string[];
}

interface ClipAddresses {
	readonly url?: string;
	/** One for each of `subtitlePaths`, in their order. */
	readonly subtitleUrls?: string[];
}

/** The signed addresses of a clip and of the subtitle files beside it, when they are to lie in a bucket as well. */
export async function storedClip(
	store: StoreFile,
	{ path, subtitlePaths }: ClipPaths,
): Promise<ClipAddresses> {
	const url = await store(path);
	if (url === undefined) return {};
	const subtitleUrls: string[] = [];
	for (const subtitlePath of subtitlePaths) {
		const address = await store(subtitlePath);
		if (address !== undefined) subtitleUrls.push(address);
	}
	return { url, subtitleUrls };
}
