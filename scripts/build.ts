import { buildPackage } from './stack/package/build';
import { runCommand, runToExitCode, type CommandContext } from './stack/run-command';

async function build({ progress, signal }: CommandContext): Promise<number> {
	await buildPackage({ progress, signal });
	return 0;
}

/** What the bootstrap calls before every other command; a failed build ends the process. */
export async function buildBeforeCommand(): Promise<void> {
	const exitCode = await runToExitCode(build);
	if (exitCode !== 0) process.exit(exitCode);
}

if (require.main === module) void runCommand(build);
