// One connection that outlives the server: it reconnects for ever. Only the first
// connect has a deadline, so that a wrong address is told to the person who typed it.
import { setTimeout as sleep } from 'node:timers/promises';
import {
	connect,
	credsAuthenticator,
	ErrorCode,
	NatsError,
	nkeyAuthenticator,
	type ConnectionOptions,
	type NatsConnection,
} from 'nats';
import { QueueError, toQueueError } from './errors';
import { createReconnectPause, type ReconnectPause } from './reconnect-pause';

export type NatsAuthentication =
	| { readonly kind: 'none' }
	| { readonly kind: 'userPassword'; readonly user: string; readonly password: string }
	| { readonly kind: 'token'; readonly token: string }
	/** The text of a .creds file (JWT and seed). */
	| { readonly kind: 'creds'; readonly creds: string }
	| { readonly kind: 'nkey'; readonly seed: string };

export interface NatsSettings {
	/** `host:port` or `nats://host:port`; several make one cluster. */
	readonly servers: readonly string[];
	readonly authentication: NatsAuthentication;
	/** Present: TLS is required. Texts in PEM. */
	readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
	/** Shown by the server's monitoring. */
	readonly name: string;
}

export interface ConnectOptions {
	readonly deadlineMs?: number;
	readonly signal?: AbortSignal | undefined;
}

export const connectDefaults = {
	deadlineMs: 10_000,
	attemptMs: 3_000,
	retryPauseMs: 250,
	/** A half-open connection is noticed after about this times two. */
	pingIntervalMs: 10_000,
} as const;

export async function connectNats(
	settings: NatsSettings,
	{ deadlineMs = connectDefaults.deadlineMs, signal }: ConnectOptions = {},
): Promise<NatsConnection> {
	const options = connectionOptions(settings);
	const deadline = AbortSignal.timeout(deadlineMs);
	const ended = signal ? AbortSignal.any([signal, deadline]) : deadline;
	const timedOut = new NatsError('', ErrorCode.ConnectionTimeout);
	const doing = `Connecting to NATS at ${settings.servers.map(withoutLogin).join(', ')} failed`;
	for (;;) {
		try {
			const connection = await connectOnce(options, ended);
			endOutageOnReconnect(connection, options.pause);
			return connection;
		} catch (thrown) {
			if (signal?.aborted) throw new QueueError('stopped', 'Connecting to NATS was stopped.', '', thrown);
			const error = toQueueError(deadline.aborted ? timedOut : thrown, doing);
			// A server that starts in the same second as we do is worth waiting for; a refused login is not.
			if (error.code !== 'unreachable' && error.code !== 'timeout') throw error;
			if (deadline.aborted) throw error;
			await sleep(connectDefaults.retryPauseMs, undefined, { signal: ended }).catch(() => undefined);
			if (deadline.aborted) throw error;
		}
	}
}

function connectionOptions(settings: NatsSettings): ConnectionOptions & { pause: ReconnectPause } {
	if (settings.servers.length === 0) {
		throw new QueueError('invalid', 'No NATS server is named.', 'Fill in "Servers" in the credential.');
	}
	const pause = createReconnectPause({ nowMs: () => performance.now(), random: Math.random() });
	return {
		pause,
		servers: settings.servers.map(withoutLogin),
		name: settings.name,
		timeout: connectDefaults.attemptMs,
		pingInterval: connectDefaults.pingIntervalMs,
		maxPingOut: 2,
		reconnect: true,
		maxReconnectAttempts: -1,
		// Otherwise one rotated password ends the connection for good, even after it is put right.
		ignoreAuthErrorAbort: true,
		reconnectDelayHandler: () => pause.next(),
		...authenticationOptions(settings),
		...(settings.tls && { tls: settings.tls }),
	};
}

function authenticationOptions({ authentication, servers }: NatsSettings): ConnectionOptions {
	switch (authentication.kind) {
		case 'none':
			return loginInUrl(servers);
		case 'userPassword':
			return { user: authentication.user, pass: authentication.password };
		case 'token':
			return { token: authentication.token };
		case 'creds':
			return { authenticator: credsAuthenticator(new TextEncoder().encode(authentication.creds)) };
		case 'nkey':
			return { authenticator: nkeyAuthenticator(new TextEncoder().encode(authentication.seed.trim())) };
		default:
			return authentication satisfies never;
	}
}

/** `nats://user:password@host` is common in examples; the login must not travel on in a shown address. */
function loginInUrl(servers: readonly string[]): ConnectionOptions {
	const login = /^[a-z]+:\/\/([^@/]+)@/.exec(servers[0] ?? '')?.[1];
	if (login === undefined) return {};
	const [user = '', ...rest] = login.split(':');
	if (rest.length === 0) return { token: decodeURIComponent(user) };
	return { user: decodeURIComponent(user), pass: decodeURIComponent(rest.join(':')) };
}

function withoutLogin(server: string): string {
	return server.trim().replace(/^([a-z]+:\/\/)[^@/]*@/, '$1');
}

async function connectOnce(options: ConnectionOptions, ended: AbortSignal): Promise<NatsConnection> {
	const connecting = connect(options);
	const stopped = rejectOnAbort(ended);
	try {
		return await Promise.race([connecting, stopped.promise]);
	} catch (error) {
		// A connection that comes after its deadline belongs to nobody.
		connecting.then((late) => late.close()).catch(() => undefined);
		throw error;
	} finally {
		stopped.dispose();
	}
}

function rejectOnAbort(signal: AbortSignal): { promise: Promise<never>; dispose: () => void } {
	let dispose = (): void => undefined;
	const promise = new Promise<never>((_resolve, reject) => {
		const fail = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('stopped'));
		if (signal.aborted) fail();
		signal.addEventListener('abort', fail, { once: true });
		dispose = () => signal.removeEventListener('abort', fail);
	});
	promise.catch(() => undefined);
	return { promise, dispose };
}

function endOutageOnReconnect(connection: NatsConnection, pause: ReconnectPause): void {
	// The first connect asked for a pause as well.
	pause.reset();
	const watch = async (): Promise<void> => {
		for await (const status of connection.status()) {
			if (status.type === 'reconnect') pause.reset();
		}
	};
	watch().catch(() => undefined);
}
