// One of several processes that want the same runtime at once; each notes its own installation, which ends when the
// test opens the gate.
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { ensureRuntime } from '../../../../scripts/stack/runtimes/cache';
import { waitFor } from '../../../../scripts/stack/wait-for';

const [notesPath = '', gatePath = ''] = process.argv.slice(2);
const deadlineMs = 100_000;

async function main(): Promise<void> {
	console.log('asks');
	const { folder, wasInstalled } = await ensureRuntime({
		name: 'thing',
		version: '1.0.0',
		inputs: {},
		deadlineMs,
		install: async (draft) => {
			appendFileSync(notesPath, 'installing\n');
			writeFileSync(join(draft, 'half'), '');
			await waitFor(() => (existsSync(gatePath) ? true : undefined), { deadlineMs });
			writeFileSync(join(draft, 'whole'), '');
		},
	});
	console.log(JSON.stringify({ folder, wasInstalled }));
}

void main();
