// `npm run demo`: one real video through the whole product, once, and a last line that can be trusted.
import { createPool } from '../lib/database';
import { parseArguments, refuseUnusable } from './demo/arguments';
import { runMainJob } from './demo/main-job';
import type { ConnectedCredential } from './stack/connect/credentials';
import { cacheFolder } from './stack/paths';
import { prepareStack } from './stack/prepare';
import { runCommand, type CommandContext } from './stack/run-command';
import { ensureSampleVideo } from './stack/sample-video';
import type { Stack } from './stack/stack';
import { StackFailure } from './stack/stack-failure';
import { startStack } from './stack/start-stack';

async function demo({ args, signal, progress }: CommandContext): Promise<number> {
	const { videoPath: own, isFresh } = parseArguments(args);
	if (own) await refuseUnusable(own);
	const videoPath = own ?? (await ensureSampleVideo(cacheFolder(), progress.say));
	const stack = await startStack({ signal, progress, isFresh });
	const pool = createPool(stack.postgresUrl);
	try {
		refuseRealAccounts((await prepareStack(stack, { signal, progress })).credentials);
		const report = await unlessBroken(stack, runMainJob(stack, { pool, videoPath, signal, progress }));
		console.log(`\n${report.table}\n`);
		for (const problem of report.problems) console.log(`  ✘ ${problem}`);
		const { posted, failed, duplicated } = report;
		console.log(`demo: ${posted} posted, ${failed} failed, ${duplicated} duplicated`);
		return posted > 0 && failed === 0 && duplicated === 0 && report.problems.length === 0 ? 0 : 1;
	} finally {
		await pool.end();
		await stack.stop();
	}
}

/** A process that died would otherwise be noticed only at the end of a long wait. */
async function unlessBroken<T>(stack: Stack, work: Promise<T>): Promise<T> {
	const broken = stack.failed.then((failure) => Promise.reject(failure));
	return await Promise.race([work, broken]);
}

/** The demo's clips must never appear on somebody's real channel. */
function refuseRealAccounts(credentials: readonly ConnectedCredential[]): void {
	const foreign = credentials.filter(({ isOurs }) => !isOurs).map(({ name }) => `“${name}”`);
	if (foreign.length === 0) return;
	throw new StackFailure(
		`In this n8n ${foreign.join(' and ')} no longer lead to this stack's pretend networks: the demo could post for real. ` +
			'Run it beside your own stack: STACKKRAFT_DATA_FOLDER=.stackkraft/demo npm run demo',
	);
}

void runCommand(demo);
