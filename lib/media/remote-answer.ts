// One request for a remote file, through all its redirects. Each hop is looked at like the first address: a
// public host must not be able to send us to a private one.
import { isIP, type LookupFunction } from 'node:net';
import { request, type Agent, type Dispatcher } from 'undici';
import { isPublicAddress, type IsAllowedHost } from '../http';
import { refusedAddress, RemoteFileError } from './remote-file-error';

/** What the host of this code may demand in addition: n8n's own rules for outgoing requests. */
export interface EgressRules {
	/** Rejects when the address may not be visited. */
	check(url: URL): Promise<void>;
	readonly lookup: LookupFunction;
}

export interface RemoteRequest {
	readonly url: URL;
	readonly headers: Readonly<Record<string, string>>;
	readonly agent: Agent;
	readonly isAllowed: IsAllowedHost;
	readonly egress: EgressRules | undefined;
	/** Between two pieces of an answer, and before its first. */
	readonly idleDeadlineMs: number;
	readonly signal: AbortSignal;
}

const maxRedirects = 5;
const redirectStatuses = new Set([301, 302, 303, 307, 308]);

/** @returns the first answer that is not a redirect; its body has to be read or dumped. */
export async function openRemote(options: RemoteRequest): Promise<Dispatcher.ResponseData> {
	let url = options.url;
	for (let hops = 0; hops <= maxRedirects; hops++) {
		await checkHop(url, options);
		const answer = await request(url, {
			method: 'GET',
			headers: { 'user-agent': 'n8n-nodes-stackkraft', 'accept-encoding': 'identity', ...options.headers },
			dispatcher: options.agent,
			headersTimeout: options.idleDeadlineMs,
			bodyTimeout: options.idleDeadlineMs,
			signal: options.signal,
		});
		if (!redirectStatuses.has(answer.statusCode)) return answer;
		await answer.body.dump({ limit: 64 * 1024, signal: options.signal });
		url = nextHop(url, answer.headers.location);
	}
	throw new RemoteFileError(
		'redirects',
		`${options.url.host} redirects more than ${maxRedirects} times.`,
		'Use the address to which the redirects lead in the end.',
	);
}

export function parseAddress(address: string): URL {
	const url = URL.canParse(address) ? new URL(address) : undefined;
	if (url) return checkedAddress(url);
	throw new RemoteFileError(
		'bad-address',
		'The media URL is not a web address.',
		'Give a whole address that begins with https://.',
	);
}

function checkedAddress(url: URL): URL {
	if (url.protocol !== 'http:' && url.protocol !== 'https:') {
		throw new RemoteFileError(
			'bad-address',
			'The media URL begins with neither https:// nor http://.',
			'Give a whole address that begins with https://.',
		);
	}
	if (url.username || url.password) {
		throw new RemoteFileError(
			'bad-address',
			'The media URL holds a user name or a password.',
			'Fetch the file with an HTTP Request node and a credential, and use its binary data.',
		);
	}
	return url;
}

/** The socket is guarded as well; here the answer to addresses in numbers comes before anything is opened. */
async function checkHop(url: URL, { isAllowed, egress }: RemoteRequest): Promise<void> {
	const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
	const bare = url.hostname.replace(/^\[|\]$/g, '');
	if (isIP(bare) !== 0 && !isAllowed(url.hostname, port) && !isPublicAddress(bare))
		throw refusedAddress(url.host);
	await egress?.check(url).catch((cause: unknown) => {
		throw new RemoteFileError(
			'refused-address',
			`The rules of this installation do not allow requests to ${url.host}.`,
			'Use another address, or ask whoever runs n8n to change its SSRF protection.',
			cause,
		);
	});
}

export function nextHop(from: URL, location: string | string[] | undefined): URL {
	const target =
		typeof location === 'string' && URL.canParse(location, from.href) ? new URL(location, from) : null;
	if (!target) {
		throw new RemoteFileError(
			'redirects',
			`${from.host} redirects without saying where to.`,
			'Use the address of the file itself.',
		);
	}
	// What was meant to be private on its way must not become readable for everyone in between.
	if (from.protocol === 'https:' && target.protocol === 'http:') {
		throw new RemoteFileError(
			'redirects',
			`${from.host} redirects from https to http.`,
			'Use an https address that leads to the file.',
		);
	}
	return checkedAddress(target);
}
