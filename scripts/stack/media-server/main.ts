/* The media server as a process: prints one JSON line when ready, ends on SIGTERM or SIGINT. */
import { parseArgs } from 'node:util';

import { startMediaServer } from './media-server';

async function main(): Promise<void> {
	const { values } = parseArgs({ options: { folder: { type: 'string' }, port: { type: 'string' } } });
	if (values.folder === undefined) throw new Error('usage: main.ts --folder FOLDER [--port N]');
	const server = await startMediaServer({ folder: values.folder, port: Number(values.port ?? 0) });
	for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void server.close());
	process.stdout.write(`${JSON.stringify({ url: server.url })}\n`);
}

main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
