// Processor time of the stack's processes with all that they started: unlike seconds it says the same on a machine
// that is busy with something else. Linux only; elsewhere there is no figure.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

export type CpuTimes = Readonly<Record<string, number>>;

const bookSchema = z.array(z.looseObject({ name: z.string(), pid: z.number() }));
/** Of every Linux that Node runs on. */
const ticksPerSec = 100;

interface Process {
	readonly pid: number;
	readonly parent: number;
	readonly cpuMs: number;
}

function readProcess(pid: number): Process | undefined {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
		// The second field is a name in brackets and may hold blanks.
		const fields = stat
			.slice(stat.lastIndexOf(')') + 2)
			.split(' ')
			.map(Number);
		const [, parent = 0] = fields;
		const ticks = fields.slice(11, 15).reduce((sum, value) => sum + value, 0);
		return { pid, parent, cpuMs: (ticks / ticksPerSec) * 1_000 };
	} catch {
		return undefined;
	}
}

/** Milliseconds so far, by the name of the process. */
export function readCpuTimes(dataFolder: string): CpuTimes {
	if (process.platform !== 'linux') return {};
	const book = bookSchema.parse(JSON.parse(readFileSync(path.join(dataFolder, 'processes.json'), 'utf8')));
	const all = readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.flatMap((name) => readProcess(Number(name)) ?? []);
	const withChildren = (pid: number): number =>
		all.reduce((sum, one) => {
			if (one.pid === pid) return sum + one.cpuMs;
			return one.parent === pid ? sum + withChildren(one.pid) : sum;
		}, 0);
	return Object.fromEntries(book.map(({ name, pid }) => [name, withChildren(pid)]));
}

export function cpuLine(before: CpuTimes, after: CpuTimes, posts: number): string {
	const told = Object.entries(after)
		.map(([name, ms]) => ({ name, perPost: (ms - (before[name] ?? 0)) / posts }))
		.filter(({ perPost }) => perPost >= 0.1)
		.map(({ name, perPost }) => `${name} ${perPost.toFixed(1)}`);
	return `processor ms per post: ${told.join(', ') || 'not known here'}`;
}
