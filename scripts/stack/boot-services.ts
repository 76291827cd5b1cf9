import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { allOrNothing } from './all-or-nothing';
import { nodesFolder, setAsideOrphanedDatabase, type StackFolders } from './folders';
import { startMediaServerProcess } from './media-server/process';
import { startNatsServer } from './nats/server';
import { installPackage } from './package/install-package';
import { ensureDatabase, startPostgresServer } from './postgres/server';
import type { Supervisor } from './processes/supervisor';
import type { Progress } from './progress';
import { ensureN8n, type N8nRuntime } from './runtimes/n8n';
import { ensureNatsServer, type NatsBinary } from './runtimes/nats-server';
import { ensureNode24, type NodeRuntime } from './runtimes/node24';
import { sandboxNetworks, startSandboxServer, type SandboxUrls } from './sandbox/server';
import { choosePorts, loadSecrets, type StackSecrets } from './state';

export interface BootOptions {
	readonly folders: StackFolders;
	readonly progress: Progress;
	readonly supervisor: Supervisor;
	readonly withSandbox: boolean;
	readonly signal?: AbortSignal | undefined;
	readonly isThrowaway?: boolean | undefined;
	readonly installedNodes?: string | undefined;
}

const FIXED_PORTS = ['n8n', 'n8nBroker', 'postgres', 'nats', 'natsMonitoring', 'media'] as const;
type PortName = (typeof FIXED_PORTS)[number];
type Ports = Readonly<Record<PortName, number> & Record<string, number>>;

export interface Runtimes {
	readonly node: NodeRuntime;
	readonly n8n: N8nRuntime;
	readonly nats: NatsBinary;
}

/** Everything that n8n needs, running or in its place. */
export interface Services {
	readonly folders: StackFolders;
	readonly runtimes: Runtimes;
	readonly ports: Ports;
	readonly secrets: StackSecrets;
	readonly postgresUrl: string;
	readonly n8nDatabaseUrl: string;
	readonly natsUrl: string;
	readonly natsMonitoringUrl: string;
	readonly sandbox: SandboxUrls;
	/** Empty without the sandbox: the real networks cannot reach this machine's loopback. */
	readonly mediaUrl: string;
}

export async function ensureRuntimes(progress: Progress, signal?: AbortSignal): Promise<Runtimes> {
	const nats = await progress.step(
		'nats-server',
		() => ensureNatsServer(signal),
		({ version, origin }) => `${version}, ${origin === 'PATH' ? 'found on PATH' : origin}`,
	);
	const node = await progress.step(
		'Node for n8n',
		() => ensureNode24(signal),
		({ origin }) => origin,
	);
	const n8n = await progress.step(
		'n8n program',
		() => ensureN8n(node.binary, signal),
		({ origin }) => origin,
	);
	return { node, n8n, nats };
}

async function bootPostgres(options: BootOptions, ports: Ports, secrets: StackSecrets) {
	const { folders, supervisor, signal } = options;
	const server = await startPostgresServer({
		folder: folders.postgres,
		port: ports.postgres,
		password: secrets.postgresPassword,
		logPath: join(folders.logs, 'postgres.log'),
		reachableFolder: folders.postgresPrograms,
		isThrowaway: options.isThrowaway ?? false,
		spawn: supervisor.spawn,
		signal,
	});
	await ensureDatabase(server, 'n8n');
	await ensureDatabase(server, 'stackkraft');
	return { postgresUrl: server.urlOf('stackkraft'), n8nDatabaseUrl: server.urlOf('n8n') };
}

async function bootNats(options: BootOptions, ports: Ports, binary: string): Promise<void> {
	const { folders, supervisor, signal } = options;
	await startNatsServer({
		binary,
		port: ports.nats,
		monitoringPort: ports.natsMonitoring,
		storeFolder: folders.nats,
		logPath: join(folders.logs, 'nats-server.log'),
		spawn: supervisor.spawn,
		signal,
	});
}

async function bootSandbox(
	options: BootOptions,
	networks: readonly string[],
	ports: Ports,
): Promise<SandboxUrls> {
	if (networks.length === 0) return {};
	const { folders, supervisor, signal } = options;
	const boot = () =>
		startSandboxServer({
			ports: Object.fromEntries(networks.map((name) => [name, ports[`sandbox-${name}`] ?? 0])),
			folder: folders.sandbox,
			logPath: join(folders.logs, 'sandbox.log'),
			spawn: supervisor.spawn,
			signal,
		});
	return options.progress.step('sandbox (pretend networks)', boot, (urls) => Object.keys(urls).join(', '));
}

async function bootMediaServer(options: BootOptions, ports: Ports): Promise<string> {
	if (!options.withSandbox) return '';
	const { folders, supervisor, signal } = options;
	const boot = () =>
		startMediaServerProcess({
			folder: folders.media,
			port: ports.media,
			logPath: join(folders.logs, 'media-server.log'),
			spawn: supervisor.spawn,
			signal,
		});
	return options.progress.step('media server (for the sandbox)', boot, (url) => url);
}

async function installIntoN8n(options: BootOptions, nodeBinary: string): Promise<void> {
	const { folders, installedNodes, signal } = options;
	if (installedNodes !== undefined) {
		mkdirSync(dirname(nodesFolder(folders)), { recursive: true });
		symlinkSync(installedNodes, nodesFolder(folders));
		return;
	}
	const install = () =>
		installPackage({
			n8nFolder: folders.n8n,
			dataFolder: folders.data,
			logFolder: folders.logs,
			nodeBinary,
			signal,
		});
	await options.progress.step(
		'package in n8n',
		install,
		({ tarball, wasInstalled }) => `${tarball}, ${wasInstalled ? 'installed' : 'unchanged'}`,
	);
}

/** Side by side where nothing depends on each other. */
export async function bootServices(options: BootOptions): Promise<Services> {
	const { folders, progress } = options;
	options.signal?.throwIfAborted();
	if (folders.postgresIsElsewhere) {
		const aside = setAsideOrphanedDatabase(folders);
		if (aside !== undefined) {
			progress.say(`  ! ${folders.data} is new, so the database of an earlier one was moved to ${aside}`);
		}
		progress.say(
			`  ! PostgreSQL's own user cannot reach ${folders.data}; the database lives in ${folders.postgres}`,
		);
	}
	const secrets = loadSecrets(folders.data, folders.postgres);
	const runtimes = await ensureRuntimes(progress, options.signal);
	const networks = options.withSandbox ? sandboxNetworks() : [];
	const names = [...FIXED_PORTS, ...networks.map((name) => `sandbox-${name}` as const)];
	const ports: Ports = await choosePorts(folders.data, names);
	const on = (port: number) => () => `port ${port}`;
	const [databases, , sandbox, mediaUrl] = await allOrNothing(options.signal, [
		(signal) =>
			progress.step(
				'PostgreSQL',
				() => bootPostgres({ ...options, signal }, ports, secrets),
				on(ports.postgres),
			),
		(signal) =>
			progress.step(
				'NATS JetStream',
				() => bootNats({ ...options, signal }, ports, runtimes.nats.path),
				on(ports.nats),
			),
		(signal) => bootSandbox({ ...options, signal }, networks, ports),
		(signal) => bootMediaServer({ ...options, signal }, ports),
		(signal) => installIntoN8n({ ...options, signal }, runtimes.node.binary),
	]);
	return {
		folders,
		runtimes,
		ports,
		secrets,
		...databases,
		natsUrl: `nats://127.0.0.1:${ports.nats}`,
		natsMonitoringUrl: `http://127.0.0.1:${ports.natsMonitoring}`,
		sandbox,
		mediaUrl,
	};
}
