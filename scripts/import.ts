// `npm run import`: brings the workflows into your n8n and keeps them up to date.
import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { z } from 'zod';
import { ImportError } from './workflows/bind-workflow';
import { importWorkflows, type ImportReport } from './workflows/import-workflows';
import { N8nApiError } from './workflows/n8n-api';
import { parseJson, WorkflowFileError } from './workflows/workflow-file';

const exitCodes = { done: 0, refused: 1, wouldChange: 2, stopped: 130 } as const;

const help = `
The API key is read from N8N_API_KEY only, never from the command line (Settings → n8n API in the editor).

A file for --credentials says which credential of your n8n stands for which name in the workflows, by name
or by id:
  { "StackKraft PostgreSQL": "My database", "StackKraft NATS": "xF3k…" }

Exit codes: 0 done (or nothing to do), 1 refused, 2 --check found differences, 130 stopped.`;

interface Flags {
	readonly url?: string;
	readonly credentials?: string;
	readonly dryRun?: boolean;
	readonly check?: boolean;
}

async function readCredentialMap(file: string | undefined): Promise<Record<string, string>> {
	if (file === undefined) return {};
	const text = await readFile(file, 'utf8').catch(() => {
		throw new ImportError(`The credentials file ${file} cannot be read.`);
	});
	return parseJson(text, file, z.record(z.string(), z.string().min(1)));
}

async function run(flags: Flags, signal: AbortSignal): Promise<number> {
	const apiKey = process.env['N8N_API_KEY'];
	if (!apiKey) throw new ImportError('N8N_API_KEY is not set: make a key in n8n under Settings → n8n API.');
	const isDryRun = flags.dryRun === true || flags.check === true;
	const report = await importWorkflows({
		n8nUrl: flags.url ?? process.env['N8N_URL'] ?? 'http://127.0.0.1:5678',
		apiKey,
		credentials: await readCredentialMap(flags.credentials),
		log: (line) => console.log(line),
		signal,
		isDryRun,
	});
	console.log(summary(report, isDryRun));
	const differs = report.created.length + report.updated.length + report.activated.length > 0;
	return flags.check && differs ? exitCodes.wouldChange : exitCodes.done;
}

function summary(report: ImportReport, isDryRun: boolean): string {
	const { created, updated, unchanged, activated } = report;
	const counts = `${created.length} created, ${updated.length} updated, ${unchanged.length} unchanged, ${activated.length} activated`;
	return isDryRun ? `import (nothing was changed): ${counts}` : `import: ${counts}`;
}

function exitCodeOf(error: unknown, signal: AbortSignal): number {
	if (signal.aborted) return exitCodes.stopped;
	const isForPeople =
		error instanceof ImportError || error instanceof N8nApiError || error instanceof WorkflowFileError;
	if (!isForPeople) throw error;
	console.error(error.message);
	return exitCodes.refused;
}

const stop = new AbortController();
process.once('SIGINT', () => stop.abort());
process.once('SIGTERM', () => stop.abort());

const program = new Command('import')
	.description('Import the workflows into an n8n. Doing it again changes only what differs.')
	.option('--url <url>', 'address of n8n (or N8N_URL); http://127.0.0.1:5678 when absent')
	.option('--credentials <file>', 'JSON file: name in the workflows → name or id in your n8n')
	.option('--dry-run', 'print what would change, change nothing')
	.option('--check', 'like --dry-run, and exit with 2 when something would change')
	.addHelpText('after', help)
	.action(async (flags: Flags) => {
		process.exitCode = await run(flags, stop.signal).catch((error: unknown) =>
			exitCodeOf(error, stop.signal),
		);
	});
void program.parseAsync();
