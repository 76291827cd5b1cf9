// Outlives the process that starts children, for as long as it takes to stop them: when that process is
// killed with -9 (or jest exits without its teardown) nothing else could. It hears on its standard input
// which process groups and temporary folders exist; the input's end means that the parent is gone.
//   + <pid> <signal>   this group exists, and this signal asks it to stop
//   - <pid>            this group is gone
//   f+ <folder>        remove this folder at the end    f- <folder>  it is gone
// Plain JavaScript because it must start in milliseconds, before any loader.
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

const STOP_DEADLINE_MS = 8_000;
const groups = new Map();
const folders = new Set();

function send(pid, signal) {
	try {
		process.kill(-pid, signal);
		return true;
	} catch {
		return false;
	}
}

async function stopEverything() {
	const endAt = Date.now() + STOP_DEADLINE_MS;
	for (const [pid, signal] of [...groups].reverse()) {
		send(pid, signal);
		while (send(pid, 0) && Date.now() < endAt) await new Promise((resolve) => setTimeout(resolve, 50));
		send(pid, 'SIGKILL');
	}
	for (const folder of folders) {
		try {
			rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
		} catch {
			// Nobody is left to tell; the folder lies in the system's temporary folder.
		}
	}
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
	const space = line.indexOf(' ');
	const verb = line.slice(0, space);
	const rest = line.slice(space + 1);
	if (verb === 'f+') folders.add(rest);
	if (verb === 'f-') folders.delete(rest);
	if (verb === '-') groups.delete(Number(rest));
	if (verb === '+') {
		const [pid, signal] = rest.split(' ');
		groups.set(Number(pid), signal);
	}
});
lines.on('close', () => {
	stopEverything().finally(() => process.exit(0));
});
