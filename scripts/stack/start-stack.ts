import { resolve } from 'node:path';

import { bootServices, type Services } from './boot-services';
import { lockDataFolder } from './data-folder-lock';
import { forgetWorld, layOutFolders } from './folders';
import { rotateLogs } from './logs';
import { ensureApiKey } from './n8n/api-key';
import { OWNER_EMAIL } from './n8n/environment';
import { startN8nServer } from './n8n/server';
import { defaultDataFolder } from './paths';
import { ProcessBook } from './processes/process-book';
import { Supervisor } from './processes/supervisor';
import { silentProgress, type Progress } from './progress';
import type { Stack } from './stack';

export interface StartStackOptions {
	readonly dataFolder?: string;
	readonly progress?: Progress;
	readonly signal?: AbortSignal;
	/** Without it the workflows have only real networks to talk to. On by default. */
	readonly withSandbox?: boolean;
	/** Forget every clip, post and execution of earlier runs. Downloads and installed packages stay. */
	readonly isFresh?: boolean;
	/** Further environment of n8n; wins over our own. */
	readonly n8nEnvironment?: Readonly<Record<string, string>>;
	/** Tests give up durability on power loss for speed. */
	readonly isThrowaway?: boolean;
	/** A folder of n8n's nodes with this package in it, for a new data folder: nothing is packed and installed then. */
	readonly installedNodes?: string;
}

type N8nLaunch = { launch: () => Promise<void>; url: string };

function n8nOf(services: Services, supervisor: Supervisor, options: StartStackOptions): N8nLaunch {
	const { ports, folders, secrets, runtimes } = services;
	return {
		url: `http://127.0.0.1:${ports.n8n}`,
		launch: async () => {
			await startN8nServer({
				script: runtimes.n8n.script,
				nodeBinary: runtimes.node.binary,
				userFolder: folders.n8n,
				mediaFolder: folders.media,
				port: ports.n8n,
				brokerPort: ports.n8nBroker,
				databaseUrl: services.n8nDatabaseUrl,
				secrets,
				extra: options.n8nEnvironment,
				logPath: `${folders.logs}/n8n.log`,
				spawn: supervisor.spawn,
				signal: options.signal,
			});
		},
	};
}

async function assemble(
	services: Services,
	supervisor: Supervisor,
	options: StartStackOptions,
	release: () => void,
): Promise<Stack> {
	const { folders, secrets } = services;
	const progress = options.progress ?? silentProgress;
	const n8n = n8nOf(services, supervisor, options);
	await progress.step('n8n', n8n.launch, () => n8n.url);
	const apiKey = await ensureApiKey({
		baseUrl: n8n.url,
		email: OWNER_EMAIL,
		password: secrets.ownerPassword,
		path: `${folders.data}/n8n-api-key`,
		logPath: `${folders.logs}/n8n.log`,
		signal: options.signal,
	});
	let stopping: Promise<void> | undefined;
	return {
		dataFolder: folders.data,
		logFolder: folders.logs,
		mediaFolder: folders.media,
		postgresUrl: services.postgresUrl,
		n8nDatabaseUrl: services.n8nDatabaseUrl,
		natsUrl: services.natsUrl,
		natsMonitoringUrl: services.natsMonitoringUrl,
		sandbox: services.sandbox,
		mediaUrl: services.mediaUrl,
		n8n: { url: n8n.url, apiKey, ownerEmail: OWNER_EMAIL, ownerPassword: secrets.ownerPassword },
		failed: supervisor.failed,
		restartN8n: async ({ signal }) => {
			await (signal === 'SIGKILL' ? supervisor.kill('n8n') : supervisor.stop('n8n'));
			await n8n.launch();
		},
		killN8n: () => supervisor.kill('n8n'),
		stop: () => (stopping ??= supervisor.stopAll().finally(release)),
	};
}

/**
 * Boots everything on this machine's loopback and answers when n8n can be used. On any failure, and on
 * `signal`, whatever was started is stopped before the error is thrown.
 */
export async function startStack(options: StartStackOptions = {}): Promise<Stack> {
	const progress = options.progress ?? silentProgress;
	const dataFolder = resolve(options.dataFolder ?? defaultDataFolder());
	const lock = lockDataFolder(dataFolder);
	const book = new ProcessBook(`${dataFolder}/processes.json`);
	const supervisor = new Supervisor(book);
	try {
		const orphans = await book.stopOrphans();
		if (orphans.length > 0)
			progress.say(`  ! stopped what an earlier run left running: ${orphans.join(', ')}`);
		// Only now: behind the lock, and with no orphan that still writes there.
		if (options.isFresh === true) forgetWorld(layOutFolders(dataFolder));
		const folders = layOutFolders(dataFolder);
		rotateLogs(folders.logs);
		const services = await bootServices({
			folders,
			progress,
			supervisor,
			signal: options.signal,
			withSandbox: options.withSandbox ?? true,
			isThrowaway: options.isThrowaway,
			installedNodes: options.installedNodes,
		});
		return await assemble(services, supervisor, options, () => lock.release());
	} catch (error) {
		await supervisor.stopAll();
		lock.release();
		throw error;
	}
}
