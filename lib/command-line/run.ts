// The commands of `npx n8n-nodes-stackkraft`. Need nothing but the package's own dependencies.
import { PostActionError } from '../database/errors';
import { explainPostgresError } from '../database/explain';
import { QueueError } from '../queue';
import { bridgeCommand } from './bridge-command';
import { deadLettersCommand } from './dead-letters-command';
import { storyCommand } from './story-command';
import { exitCodes, UsageError, type Terminal } from './terminal';

const usage = `Usage: n8n-nodes-stackkraft <command> [--help]

  bridge         send the messages of a NATS stream to an n8n Webhook
  dead-letters   list, show and redrive what could not be done
  story          everything that happened to a post`;

const commands: Readonly<Record<string, (terminal: Terminal) => Promise<number>>> = {
	bridge: bridgeCommand,
	'dead-letters': deadLettersCommand,
	story: storyCommand,
};

async function run([name = '', ...args]: readonly string[], env: Terminal['env']): Promise<number> {
	const terminal: Terminal = {
		args,
		env,
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
	const explained = explainPostgresError(error);
	if (explained) return `${explained.message} ${explained.remedy}`;
	return error instanceof Error ? error.message : String(error);
}

/** Ends the process with the exit code of the command. */
export function runCommandLine(args: readonly string[], env: Terminal['env']): void {
	run(args, env).then(
		(exitCode) => process.exit(exitCode),
		(error: unknown) => {
			process.stderr.write(`${explain(error)}\n`);
			process.exit(error instanceof UsageError ? exitCodes.usage : exitCodes.failed);
		},
	);
}
