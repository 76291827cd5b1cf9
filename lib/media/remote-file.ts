// A medium that is named by a web address, brought into a file. Streamed, bounded in size and time, and taken
// up again where a connection broke, if the server can promise that it is still the same file.
import { randomUUID } from 'node:crypto';
import { open, rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import {
	allowedHosts,
	guardedAgent,
	isPassing,
	parseRetryAfter,
	systemClock,
	type IsAllowedHost,
} from '../http';
import { describeBreak, isRepeatable } from './remote-break';
import { openRemote, parseAddress, type EgressRules, type RemoteRequest } from './remote-answer';
import { RemoteFileError, statusError } from './remote-file-error';
import { RemoteReceiver } from './remote-receiver';
import { sniffedBytes, sniffMimeType } from './sniff-type';

export interface RemoteFileOptions {
	/** Where the file is made, under a name that nobody can guess. It belongs to the caller afterwards. */
	readonly folder: string;
	readonly signal: AbortSignal;
	readonly maxBytes?: number;
	readonly deadlineMs?: number;
	readonly idleDeadlineMs?: number;
	readonly attempts?: number;
	readonly firstDelayMs?: number;
	/** Hosts of the own network that may be visited all the same; the environment's when left out. */
	readonly allowedHosts?: string;
	readonly egress?: EgressRules | undefined;
}

export interface RemoteFile {
	readonly filePath: string;
	readonly sizeBytes: number;
	/** What the bytes say, else what the server says; undefined when neither says anything. */
	readonly mimeType: string | undefined;
}

/**
 * 10 GB is the most that any network takes (Facebook), YouTube's 256 GB aside: a file of that size belongs on
 * a disk and is named by its path. An hour is 10 GB at 25 Mbit/s.
 */
const defaults = {
	maxBytes: 10_000_000_000,
	deadlineMs: 60 * 60_000,
	idleDeadlineMs: 30_000,
	attempts: 5,
	firstDelayMs: 500,
};
const connectTimeoutMs = 10_000;
const maxDelayMs = 10_000;

/** @throws RemoteFileError, or the signal's own reason when the caller stopped it. Nothing is left behind then. */
export async function fetchRemoteFile(address: string, options: RemoteFileOptions): Promise<RemoteFile> {
	const url = parseAddress(address);
	const isAllowed = readAllowedHosts(options.allowedHosts);
	const filePath = path.join(options.folder, `remote-${randomUUID()}`);
	const agent = guardedAgent({ isAllowed, connectTimeoutMs, lookup: options.egress?.lookup });
	const deadline = AbortSignal.timeout(options.deadlineMs ?? defaults.deadlineMs);
	const signal = AbortSignal.any([options.signal, deadline]);
	try {
		options.signal.throwIfAborted();
		const file = await open(filePath, 'wx+', 0o600);
		try {
			const request = {
				url,
				agent,
				isAllowed,
				egress: options.egress,
				idleDeadlineMs: options.idleDeadlineMs ?? defaults.idleDeadlineMs,
				signal,
			};
			const receiver = new RemoteReceiver(file, url.host, options.maxBytes ?? defaults.maxBytes);
			await receive(receiver, request, options);
			return { filePath, sizeBytes: receiver.sizeBytes, mimeType: await kindOf(file, receiver, url.host) };
		} finally {
			await file.close();
		}
	} catch (error) {
		await rm(filePath, { force: true });
		options.signal.throwIfAborted();
		throw describeBreak(error, { host: url.host, isTooLate: deadline.aborted });
	} finally {
		await agent.destroy();
	}
}

/** Tries until the whole file is there; what arrived before a break is kept when the server can go on from it. */
async function receive(
	receiver: RemoteReceiver,
	request: Omit<RemoteRequest, 'headers'>,
	{ attempts = defaults.attempts, firstDelayMs = defaults.firstDelayMs }: RemoteFileOptions,
): Promise<void> {
	for (let attempt = 1; ; attempt++) {
		let delayMs = Math.min(maxDelayMs, firstDelayMs * 2 ** (attempt - 1));
		try {
			const answer = await openRemote({ ...request, headers: receiver.rangeHeaders() });
			const refused = await receiver.take(answer, request.signal);
			if (refused === undefined) return;
			const error = statusError(request.url.host, refused.status);
			if (attempt >= attempts || !isWorthAnother(refused.status)) throw error;
			delayMs = Math.max(delayMs, waitAskedFor(refused.retryAfter));
			if (delayMs > maxDelayMs) throw error;
		} catch (error) {
			if (attempt >= attempts || request.signal.aborted || !isRepeatable(error)) throw error;
		}
		await systemClock.sleep(delayMs, request.signal);
	}
}

function isWorthAnother(status: number): boolean {
	return isPassing(status) || status === 429 || status === 416;
}

function waitAskedFor(retryAfter: string | undefined): number {
	const now = new Date();
	const at = parseRetryAfter(retryAfter, now);
	return at ? at.getTime() - now.getTime() : 0;
}

function readAllowedHosts(setting = process.env['STACKKRAFT_ALLOWED_MEDIA_HOSTS'] ?? ''): IsAllowedHost {
	try {
		return allowedHosts(setting);
	} catch (cause) {
		throw new RemoteFileError(
			'bad-address',
			`STACKKRAFT_ALLOWED_MEDIA_HOSTS cannot be read: ${(cause as Error).message}`,
			'Write hosts as host or host:port, separated by commas.',
			cause,
		);
	}
}

async function kindOf(file: FileHandle, receiver: RemoteReceiver, host: string): Promise<string | undefined> {
	const { buffer, bytesRead } = await file.read(Buffer.alloc(sniffedBytes), 0, sniffedBytes, 0);
	const sniffed = sniffMimeType(buffer.subarray(0, bytesRead));
	if (sniffed) return sniffed;
	const said = receiver.saidMimeType;
	if (said !== 'text/html' && said !== 'application/xhtml+xml') return said;
	throw new RemoteFileError(
		'not-media',
		`${host} answers with a web page and not with a media file.`,
		'Use the address of the file itself (“direct link”, “download”), one that needs no sign-in.',
	);
}
