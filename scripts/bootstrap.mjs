// The first line of `npm run demo`, `npm start` and `npm test`. It runs before anything is installed, so
// it and scripts/bootstrap/ use nothing but Node itself: check Node, install the dependencies when they
// are not those of package-lock.json, build the package when its sources changed, run the command.
import { existsSync, readdirSync } from 'node:fs';
import { createRequire, runMain } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { installDependencies } from './bootstrap/dependencies.mjs';
import { refuseOldNode } from './bootstrap/node-version.mjs';

const scriptFolder = dirname(fileURLToPath(import.meta.url));
const projectFolder = dirname(scriptFolder);

function commands() {
	return readdirSync(scriptFolder)
		.filter((name) => name.endsWith('.ts'))
		.map((name) => name.slice(0, -'.ts'.length))
		.sort();
}

function leave(sentence, exitCode = 1) {
	console.error(`\n  ✘ ${sentence}`);
	process.exit(exitCode);
}

async function main() {
	const [command, ...rest] = process.argv.slice(2);
	const oldNode = refuseOldNode(process.versions.node);
	if (oldNode !== undefined) leave(oldNode);
	const script = join(scriptFolder, `${command}.ts`);
	if (command === undefined || !/^[a-z-]+$/.test(command) || !existsSync(script)) {
		leave(`there is no command "${command ?? ''}"; there are: ${commands().join(', ')}`, 2);
	}
	process.chdir(projectFolder);
	await installDependencies(projectFolder);
	// From here on TypeScript runs in this same process: one process less to pass signals to.
	await import('tsx');
	process.argv = [process.argv[0], script, ...rest];
	// `build` is the build itself, and `test` counts a build that fails among its results.
	if (command !== 'build' && command !== 'test')
		await createRequire(script)('./build.ts').buildBeforeCommand();
	runMain(script);
}

main().catch((error) => leave(error instanceof Error ? error.message : String(error)));
