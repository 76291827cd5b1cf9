#!/usr/bin/env node
// What `npx n8n-nodes-stackkraft` runs. Needs nothing but the package's own dependencies.
import { PostActionError } from '../database/errors';
import { QueueError } from '../queue';
import { bridgeCommand } from './bridge-command';
import { deadLettersCommand } from './dead-letters-command';
import { exitCodes, UsageError, type Terminal } from './terminal';

const usage = `Usage: n8n-nodes-stackkraft <command> [--help]

  bridge         send the messages of a NATS stream to an n8n Webhook
  dead-letters   list, show and redrive what could not be done`;

const commands: Readonly<Record<string, (terminal: Terminal) => Promise<number>>> = {
	bridge: bridgeCommand,
	'dead-letters': deadLettersCommand,
};

async function run(): Promise<number> {
	const [name = '', ...args] = process.argv.slice(2);
	const terminal: Terminal = {
		args,
		env: process.env,
		print: (line) => void process.stdout.write(`${line}\n`),
		complain: (line) => void process.stderr.write(`${line}\n`),
		stop: stopSignal(),
	};
	const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
	if (command) return await command(terminal);
	terminal.print(usage);
	return name === '' || name === '--help' ? exitCodes.done : exitCodes.usage;
}

/** The second signal is from somebody who cannot wait: what runs then comes back after the ack wait. */
function stopSignal(): AbortSignal {
	const stop = new AbortController();
	for (const name of ['SIGINT', 'SIGTERM'] as const) {
		process.on(name, () => {
			if (stop.signal.aborted) process.exit(exitCodes.failed);
			stop.abort();
		});
	}
	return stop.signal;
}

function explain(error: unknown): string {
	if (error instanceof QueueError || error instanceof PostActionError) {
		return `${error.message} ${error.remedy}`.trim();
	}
	return error instanceof Error ? error.message : String(error);
}

run().then(
	(exitCode) => process.exit(exitCode),
	(error: unknown) => {
		process.stderr.write(`${explain(error)}\n`);
		process.exit(error instanceof UsageError ? exitCodes.usage : exitCodes.failed);
	},
);
