// Media that is named by a web address. It is fetched once, so that it can be checked and uploaded from
// anywhere in it; a network that fetches media itself may be given the same address.
import { chmod, rename, rm } from 'node:fs/promises';
import type { LookupFunction } from 'node:net';
import path from 'node:path';
import type { IExecuteFunctions } from 'n8n-workflow';
import { allowedHosts, fileSource } from '../../../lib/http';
import { fetchRemoteFile, RemoteFileError, type EgressRules, type RemoteFile } from '../../../lib/media';
import { PublishError } from '../../../lib/publishing/errors';
import { extensionOf, mimeTypeOf } from './mime-type';
import type { OpenMedia } from './media';
import { temporaryFolder } from './temporary-folder';

export function isWebAddress(reference: string): boolean {
	return /^https?:\/\//i.test(reference);
}

export interface RemotePlace {
	/** Where the copy must lie for a network that fetches it from a folder of ours. */
	readonly publicParent: string | undefined;
	readonly signal: AbortSignal;
}

export async function openUrl(
	context: IExecuteFunctions,
	address: string,
	{ publicParent, signal }: RemotePlace,
): Promise<OpenMedia> {
	const folder = await temporaryFolder(publicParent);
	const close = async (): Promise<void> => rm(folder, { recursive: true, force: true });
	try {
		const fetched = await fetchRemoteFile(address, {
			folder,
			signal,
			egress: egressOf(context),
		});
		return { ...(await named(fetched, address, { folder, isPublic: !!publicParent })), close };
	} catch (error) {
		await close();
		throw told(error);
	}
}

function told(error: unknown): unknown {
	if (!(error instanceof RemoteFileError)) return error;
	const { code, message, remedy } = error;
	return new PublishError(error.class, message, { code: `media.${code}`, remedy, cause: error });
}

/** With the ending of its type: a web server, a bucket and some networks go by it. */
async function named(
	{ filePath: received, mimeType: said }: RemoteFile,
	address: string,
	{ folder, isPublic }: { folder: string; isPublic: boolean },
): Promise<Omit<OpenMedia, 'close'>> {
	const url = new URL(address);
	const fileName = path.posix.basename(url.pathname) || 'media';
	const mimeType = said ?? mimeTypeOf(fileName);
	const filePath = path.join(folder, `media${extensionOf(mimeType)}`);
	await rename(received, filePath);
	if (isPublic) await chmod(filePath, 0o644);
	const source = await fileSource(filePath, { mimeType, fileName });
	// Without what may be a signature: this part may be stored.
	const reference = url.origin + url.pathname;
	return { source, filePath, reference, ...(!isOwnHost(url) && { publicAddress: url.href }) };
}

/** A host that only an exception opens to us is closed to the networks. */
function isOwnHost(url: URL): boolean {
	const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
	return allowedHosts(process.env['STACKKRAFT_ALLOWED_MEDIA_HOSTS'] ?? '')(url.hostname, port);
}

interface EgressFilter {
	validateUrl(url: URL): Promise<{ readonly ok: boolean; readonly error?: Error }>;
	createSecureLookup(): LookupFunction;
}

/** n8n's own protection for nodes with a transport of their own, which operators can turn on; newer than our types. */
function egressOf({ helpers }: IExecuteFunctions): EgressRules | undefined {
	const { getSecureEgressFilter } = helpers as { getSecureEgressFilter?: () => EgressFilter };
	if (!getSecureEgressFilter) return undefined;
	const filter = getSecureEgressFilter.call(helpers);
	return {
		lookup: filter.createSecureLookup(),
		async check(url) {
			const { ok, error } = await filter.validateUrl(url);
			if (!ok) throw error ?? new Error('refused');
		},
	};
}
