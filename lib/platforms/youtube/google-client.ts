// Google's own client writes the requests that carry no video: address, parameters and field names come out of
// Google's description of the API and are held by the compiler. It never sends. Token, deadline, cancelling,
// patience and errors stay ours, and a lost answer is never hidden by a retry that we did not decide (ADR 0012).
import { youtube, type MethodOptions, type youtube_v3 } from '@googleapis/youtube';
import { youtubeAnalytics, type youtubeAnalytics_v2 } from '@googleapis/youtubeanalytics';
import type { AdapterContext } from '../../publishing/adapter';
import type { HttpRequest } from '../../publishing/ports';
import { youtubeUrl } from './constants';

export interface GoogleApis {
	readonly data: youtube_v3.Youtube;
	readonly analytics: youtubeAnalytics_v2.Youtubeanalytics;
}

/** One call of Google's client, with the options that keep it from sending. */
export type WriteRequest = (apis: GoogleApis, options: MethodOptions) => Promise<unknown>;

export type WrittenRequest = Pick<HttpRequest, 'method' | 'url' | 'headers'> & { readonly body?: string };

/** Said here because it is read from the environment otherwise, and the client goes to other hosts by it. */
const universeDomain = 'googleapis.com';

/** One client for the process: it holds no account. */
let sharedApis: GoogleApis | undefined;

export async function writeRequest(
	{ apiBaseUrl }: AdapterContext,
	{ host, write }: { host: 'api' | 'analytics'; write: WriteRequest },
): Promise<WrittenRequest> {
	sharedApis ??= {
		data: youtube({ version: 'v3', universeDomain }),
		analytics: youtubeAnalytics({ version: 'v2', universeDomain }),
	};
	const written: WrittenRequest[] = [];
	await write(sharedApis, {
		// Per call and not per client: only so a base address may have a path of its own.
		rootUrl: youtubeUrl(host, '/', apiBaseUrl),
		// The transport knows no proxy, and without this one in the environment is loaded for nothing.
		noProxy: [/^/],
		retry: false,
		adapter: async (prepared) => {
			written.push(asWritten(prepared));
			return Object.assign(new Response(null, { status: 204 }), {
				config: prepared,
				data: undefined as never,
			});
		},
	});
	const [request] = written;
	if (!request) throw new Error('The client of Google wrote no request.');
	return request;
}

interface Prepared {
	readonly method?: string | undefined;
	readonly url: URL;
	readonly headers: Headers;
	readonly body?: unknown;
}

function asWritten({ method, url, headers, body }: Prepared): WrittenRequest {
	const contentType = headers.get('content-type');
	return {
		method: method as HttpRequest['method'],
		url: String(url),
		// Its other headers name the client and allow compressed answers, which the transport does not unpack.
		headers: contentType ? { 'content-type': contentType } : {},
		...(typeof body === 'string' && { body }),
	};
}
