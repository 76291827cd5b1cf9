import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { ensureRuntimes } from './stack/boot-services';
import { projectFolder } from './stack/paths';
import { describeFailure } from './stack/progress';
import { runCommand, type CommandContext } from './stack/run-command';
import { ensureChromium } from './stack/runtimes/chromium';
import { ensureNatsServer } from './stack/runtimes/nats-server';
import { buildGate, sourceGates, type Gate } from './test/gates';
import { runJest } from './test/run-jest';

function hasWorkflowTests(): boolean {
	const folder = join(projectFolder, 'test', 'workflow');
	return (
		existsSync(folder) &&
		readdirSync(folder, { recursive: true }).some((name) => String(name).endsWith('.test.ts'))
	);
}

function runtimeGates({ progress, signal }: CommandContext): Gate[] {
	if (!hasWorkflowTests()) return [{ title: 'runtimes', work: () => ensureNatsServer(signal) }];
	return [
		{ title: 'runtimes', work: () => ensureRuntimes(progress, signal) },
		{ title: 'Chromium', work: () => ensureChromium(signal) },
	];
}

/** Everything is tried, so that one run tells all; answers how many gates did not hold. */
async function passGates(gates: readonly Gate[], { progress, signal }: CommandContext): Promise<number> {
	let failed = 0;
	for (const { title, work } of gates) {
		try {
			await progress.step(title, work);
		} catch (error) {
			signal.throwIfAborted();
			failed += 1;
			console.error(`  ✘ ${title}: ${describeFailure(error)}`);
		}
	}
	return failed;
}

async function test(context: CommandContext): Promise<number> {
	const { args, progress, signal } = context;
	// Who names tests wants these tests, and now.
	const isWholeRun = args.length === 0;
	if (!isWholeRun) progress.say('  type check, lint and format are part of the whole run only: npm test');
	const gates = [...runtimeGates(context), buildGate(context), ...(isWholeRun ? sourceGates(context) : [])];
	const failedGates = await passGates(gates, context);
	const { passed, failed } = await runJest(args, signal);
	signal.throwIfAborted();
	const allFailed = failed + failedGates;
	console.log(`\n${passed} passed, ${allFailed} failed`);
	return allFailed === 0 ? 0 : 1;
}

void runCommand(test);
