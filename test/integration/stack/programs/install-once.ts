// One of several processes that want the same runtime at once; each notes its own installation.
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { ensureRuntime } from '../../../../scripts/stack/runtimes/cache';

const [notesPath = '', durationMs = '0'] = process.argv.slice(2);

async function main(): Promise<void> {
	const { folder, wasInstalled } = await ensureRuntime({
		name: 'thing',
		version: '1.0.0',
		inputs: {},
		deadlineMs: 30_000,
		install: async (draft) => {
			appendFileSync(notesPath, 'installing\n');
			writeFileSync(join(draft, 'half'), '');
			await setTimeout(Number(durationMs));
			writeFileSync(join(draft, 'whole'), '');
		},
	});
	console.log(JSON.stringify({ folder, wasInstalled }));
}

void main();
