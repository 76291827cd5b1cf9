// One of several processes that add to a number in a file, each addition under the lock and spread over
// two turns of the event loop: without mutual exclusion additions get lost.
import { readFileSync, writeFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';

import { tryLock } from '../../../../scripts/stack/file-lock';
import { waitFor } from '../../../../scripts/stack/wait-for';

const [lockPath = '', counterPath = '', additions = '0', mayCrash = ''] = process.argv.slice(2);

async function add(): Promise<void> {
	const take = () => {
		const attempt = tryLock(lockPath);
		return 'lock' in attempt ? attempt.lock : undefined;
	};
	const lock = await waitFor(take, { deadlineMs: 100_000, pollMs: 1 });
	if (lock === undefined) throw new Error('never got the lock');
	const count = Number(readFileSync(counterPath, 'utf8'));
	await setImmediate();
	writeFileSync(counterPath, String(count + 1));
	// The owner dies with the lock in its hands, after its addition.
	if (mayCrash === 'crash') process.kill(process.pid, 'SIGKILL');
	lock.release();
}

async function main(): Promise<void> {
	for (let index = 0; index < Number(additions); index += 1) await add();
}

void main();
