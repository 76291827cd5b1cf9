import { readFileSync } from 'node:fs';

import { waitFor } from '../wait-for';

const DEADLINE_MS = 30_000;
// In `postmaster.pid`: the key and the id of the block that all processes of the server hold.
const MEMORY_LINE = 6;

/** How many processes hold the block; 0 when there is none, or where the system does not tell. */
function holdersOf(key: string, id: string): number {
	let table: string;
	try {
		table = readFileSync('/proc/sysvipc/shm', 'utf8');
	} catch {
		return 0;
	}
	const [head = [], ...rows] = table.split('\n').map((line) => line.trim().split(/\s+/));
	const fieldOf = (row: readonly string[], name: string) => row[head.indexOf(name)];
	// Both: after a restart of the machine the id alone may be another server's.
	const block = rows.find((row) => fieldOf(row, 'key') === key && fieldOf(row, 'shmid') === id);
	return Number((block && fieldOf(block, 'nattch')) ?? 0);
}

/**
 * The processes of a server that was killed end a moment later by themselves, and one that is at work only when it is
 * done. Until then the next server refuses to start. After the deadline it may say so itself.
 */
export async function untilMemoryIsFree(pidFileText: string, signal?: AbortSignal): Promise<void> {
	const [key, id] = (pidFileText.split('\n')[MEMORY_LINE] ?? '').trim().split(/\s+/);
	if (key === undefined || id === undefined) return;
	await waitFor(() => (holdersOf(key, id) === 0 ? true : undefined), { deadlineMs: DEADLINE_MS, signal });
}
