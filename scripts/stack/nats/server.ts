import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';

import { startChild, untilReady, type Child } from '../processes/child';
import type { SpawnChild } from '../processes/supervisor';

export interface NatsOptions {
	readonly binary: string;
	readonly port: number;
	/** Serves `/jsz` for the metrics exporter; left out, no such port is opened. */
	readonly monitoringPort?: number;
	readonly storeFolder: string;
	readonly logPath: string;
	readonly signal?: AbortSignal | undefined;
	/** The supervisor's way to start a process; by default nobody supervises it. */
	readonly spawn?: SpawnChild | undefined;
}

const READY_DEADLINE_MS = 30_000;
const GREETING_DEADLINE_MS = 1_000;

/** The server greets each connection with one INFO line, as soon as it serves. */
function greets(port: number): Promise<true | undefined> {
	return new Promise((resolve) => {
		const socket = connect({ port, host: '127.0.0.1' });
		const finish = (answer: true | undefined) => {
			socket.destroy();
			resolve(answer);
		};
		socket.setTimeout(GREETING_DEADLINE_MS, () => finish(undefined));
		socket.once('error', () => finish(undefined));
		socket.once('data', (chunk) => finish(chunk.toString('latin1').startsWith('INFO ') ? true : undefined));
	});
}

export async function startNatsServer(options: NatsOptions): Promise<Child> {
	mkdirSync(options.storeFolder, { recursive: true });
	const monitoring = options.monitoringPort === undefined ? [] : ['-m', String(options.monitoringPort)];
	const child = await (options.spawn ?? startChild)({
		name: 'nats-server',
		command: options.binary,
		args: ['-a', '127.0.0.1', '-p', String(options.port), '-js', '-sd', options.storeFolder, ...monitoring],
		cwd: options.storeFolder,
		env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TZ: 'UTC' },
		logPath: options.logPath,
	});
	try {
		await untilReady(child, () => greets(options.port), READY_DEADLINE_MS, options.signal);
	} catch (error) {
		await child.stop();
		throw error;
	}
	return child;
}
