// n8n in queue mode: one main process that only takes triggers, workers that run the executions, Redis between.
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { n8nEnvironment } from '../../scripts/stack/n8n/environment';
import { findFreePort } from '../../scripts/stack/ports';
import { startChild, untilReady } from '../../scripts/stack/processes/child';
import { ensureN8n } from '../../scripts/stack/runtimes/n8n';
import { ensureNode24 } from '../../scripts/stack/runtimes/node24';
import { loadSecrets } from '../../scripts/stack/state';
import type { Stack } from '../../scripts/stack/stack';
import { startRedis } from './redis';
import { createTemporaryFolder } from './temporary-folder';
import { startTriggerRig, type RunningRig } from './trigger-rig';

export interface Worker {
	/** SIGKILL, as the kernel does when memory runs out. */
	kill(): Promise<void>;
	stop(): Promise<void>;
}

export interface QueueModeRig extends RunningRig {
	startWorker(): Promise<Worker>;
}

/** n8n's own settings for how soon a dead worker is noticed; by default it takes up to a minute and a half. */
const QUICK_TO_NOTICE = {
	QUEUE_WORKER_LOCK_DURATION: '3000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '1000',
	QUEUE_WORKER_STALLED_INTERVAL: '1000',
};
const READY_DEADLINE_MS = 90_000;

export async function startQueueModeRig(): Promise<QueueModeRig> {
	const redis = await startRedis();
	const queue = {
		EXECUTIONS_MODE: 'queue',
		QUEUE_BULL_REDIS_HOST: '127.0.0.1',
		QUEUE_BULL_REDIS_PORT: String(redis.port),
		...QUICK_TO_NOTICE,
	};
	const workers: Worker[] = [];
	try {
		const rig = await startTriggerRig(queue);
		return {
			...rig,
			startWorker: async () => {
				const worker = await startWorker(rig.stack, queue);
				workers.push(worker);
				return worker;
			},
			stop: async () => {
				for (const worker of workers) await worker.stop();
				await rig.stop();
				await redis.stop();
			},
		};
	} catch (error) {
		await redis.stop();
		throw error;
	}
}

async function startWorker(stack: Stack, queue: Readonly<Record<string, string>>): Promise<Worker> {
	// A folder of its own, as on another machine; only the installed package is the same.
	const folder = createTemporaryFolder('n8n-worker');
	mkdirSync(join(folder.path, '.n8n'));
	symlinkSync(join(stack.dataFolder, 'n8n', '.n8n', 'nodes'), join(folder.path, '.n8n', 'nodes'));
	const { binary } = await ensureNode24();
	const { script } = await ensureN8n(binary);
	const healthPort = await findFreePort();
	const port = await findFreePort();
	const child = await startChild({
		name: 'n8n worker',
		command: binary,
		args: [script, 'worker', '--concurrency=5'],
		cwd: folder.path,
		env: n8nEnvironment({
			userFolder: folder.path,
			mediaFolder: stack.mediaFolder,
			port,
			brokerPort: await findFreePort(),
			databaseUrl: stack.n8nDatabaseUrl,
			secrets: loadSecrets(stack.dataFolder, ''),
			nodeBinary: binary,
			extra: {
				...queue,
				QUEUE_HEALTH_CHECK_ACTIVE: 'true',
				QUEUE_HEALTH_CHECK_PORT: String(healthPort),
				N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
			},
		}),
		logPath: join(stack.logFolder, 'n8n-worker.log'),
	});
	const stop = async () => {
		await child.stop();
		folder.remove();
	};
	try {
		await untilReady(child, () => isReady(healthPort), READY_DEADLINE_MS);
	} catch (error) {
		await stop();
		throw error;
	}
	return { kill: () => child.kill(), stop };
}

async function isReady(port: number): Promise<true | undefined> {
	try {
		const answer = await fetch(`http://127.0.0.1:${port}/healthz/readiness`, {
			signal: AbortSignal.timeout(2_000),
		});
		return answer.ok ? true : undefined;
	} catch {
		return undefined;
	}
}
