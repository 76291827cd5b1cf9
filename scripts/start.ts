import { prepareStack } from './stack/prepare';
import { runCommand, type CommandContext } from './stack/run-command';
import type { Stack } from './stack/stack';
import { startStack } from './stack/start-stack';

function nextSteps(stack: Stack): string {
	const networks = Object.entries(stack.sandbox).map(([name, url]) => `    ${name.padEnd(10)} ${url}`);
	return [
		'',
		`  Editor     ${stack.n8n.url}`,
		`  User       ${stack.n8n.ownerEmail}`,
		`  Password   ${stack.n8n.ownerPassword}`,
		'',
		...(networks.length === 0
			? []
			: ['  Sandbox (pretend networks, nothing there is public):', ...networks, '']),
		`  NATS       ${stack.natsUrl}`,
		`  Videos     put them below ${stack.mediaFolder}; the nodes may read there and nowhere else`,
		`  Logs       ${stack.logFolder}`,
		'',
		'  Next: open the editor and look at the workflows tagged "stackkraft"; "npm run demo" sends a',
		'  video through them. Ctrl-C here stops everything and keeps the data.',
		'',
	].join('\n');
}

function untilAborted(signal: AbortSignal): Promise<'interrupted'> {
	return new Promise((resolve) => {
		if (signal.aborted) return resolve('interrupted');
		// A pending promise alone does not keep the process alive.
		const alive = setInterval(() => undefined, 60_000);
		signal.addEventListener(
			'abort',
			() => {
				clearInterval(alive);
				resolve('interrupted');
			},
			{ once: true },
		);
	});
}

async function start({ signal, progress }: CommandContext): Promise<number> {
	const stack = await startStack({ signal, progress });
	try {
		await prepareStack(stack, { signal, progress });
		console.log(nextSteps(stack));
		const end = await Promise.race([untilAborted(signal), stack.failed]);
		if (end !== 'interrupted') throw end;
		return 0;
	} finally {
		await stack.stop();
		progress.say('  ✔ stopped');
	}
}

void runCommand(start);
