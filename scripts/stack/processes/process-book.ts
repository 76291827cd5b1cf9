import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

import { waitFor } from '../wait-for';
import { isGroupAlive, signalGroup } from './group';
import { isRunning } from './identity';

const recordSchema = z.object({
	name: z.string(),
	pid: z.number().int().positive(),
	startedAt: z.string().min(1),
	stopSignal: z.enum(['SIGTERM', 'SIGINT']).catch('SIGTERM'),
});
type ProcessRecord = z.infer<typeof recordSchema>;

const STOP_DEADLINE_MS = 10_000;
const KILL_DEADLINE_MS = 5_000;

/**
 * Which processes one data folder has running, on disk: a run that was killed with -9 cannot stop its
 * children, so the next run does. Only to be used by the holder of the data folder's lock.
 */
export class ProcessBook {
	private records: ProcessRecord[];

	constructor(private readonly path: string) {
		this.records = this.read();
	}

	add(record: { name: string; pid: number; startedAt: string; stopSignal: NodeJS.Signals }): void {
		this.records.push(recordSchema.parse(record));
		this.write();
	}

	remove(pid: number): void {
		this.records = this.records.filter((record) => record.pid !== pid);
		this.write();
	}

	/** Stops what an earlier run left behind, newest first; answers the names of what was stopped. */
	async stopOrphans(): Promise<string[]> {
		const stopped: string[] = [];
		for (const record of [...this.records].reverse()) {
			if (isRunning(record)) {
				signalGroup(record.pid, record.stopSignal);
				const isGone = () => (isRunning(record) || isGroupAlive(record.pid) ? undefined : true);
				if (!(await waitFor(isGone, { deadlineMs: STOP_DEADLINE_MS }))) {
					signalGroup(record.pid, 'SIGKILL');
					await waitFor(isGone, { deadlineMs: KILL_DEADLINE_MS });
				}
				stopped.push(record.name);
			}
			this.remove(record.pid);
		}
		return stopped;
	}

	private read(): ProcessRecord[] {
		try {
			return z.array(recordSchema).parse(JSON.parse(readFileSync(this.path, 'utf8')));
		} catch {
			// Never written, or by a version that wrote it otherwise: then there is nothing that we could
			// stop without guessing.
			return [];
		}
	}

	private write(): void {
		mkdirSync(dirname(this.path), { recursive: true });
		writeFileSync(`${this.path}.new`, JSON.stringify(this.records, null, '\t'), { mode: 0o600 });
		renameSync(`${this.path}.new`, this.path);
	}
}
