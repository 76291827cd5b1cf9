import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { startNatsServer } from '../../scripts/stack/nats/server';
import { findFreePort } from '../../scripts/stack/ports';
import type { Child } from '../../scripts/stack/processes/child';
import { ensureNatsServer } from '../../scripts/stack/runtimes/nats-server';
import { createTemporaryFolder } from './temporary-folder';

/** A NATS server with JetStream of its own, for tests that kill it. The address survives `restart`. */
export interface TestNats {
	readonly url: string;
	readonly storeFolder: string;
	/** SIGKILL, as a power cut would. */
	kill(): Promise<void>;
	/** Starts again on the same port and store; kills first when it still runs. */
	restart(): Promise<void>;
	/** Deletes every stream and consumer behind the server's back; only between `kill` and `restart`. */
	wipeStore(): void;
	/** Ends the server and removes its folder. */
	stop(): Promise<void>;
}

export async function startNats(): Promise<TestNats> {
	const { path: binary } = await ensureNatsServer();
	const folder = createTemporaryFolder('nats');
	const storeFolder = join(folder.path, 'store');
	const port = await findFreePort();
	const launch = () => startNatsServer({ binary, port, storeFolder, logPath: join(folder.path, 'nats.log') });
	let child: Child = await launch();
	return {
		url: `nats://127.0.0.1:${port}`,
		storeFolder,
		kill: () => child.kill(),
		restart: async () => {
			await child.kill();
			child = await launch();
		},
		wipeStore: () => {
			if (child.exit() === undefined) throw new Error('wipeStore needs a killed server');
			rmSync(storeFolder, { recursive: true, force: true });
		},
		stop: async () => {
			await child.stop();
			folder.remove();
		},
	};
}
