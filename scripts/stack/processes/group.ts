import { readdirSync, readFileSync } from 'node:fs';

export function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
	try {
		process.kill(-pid, signal);
		return true;
	} catch {
		return false;
	}
}

function hasLivingMemberOnLinux(groupId: number): boolean {
	for (const entry of readdirSync('/proc')) {
		if (!/^\d+$/.test(entry)) continue;
		try {
			const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
			const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
			if (Number(group) === groupId && state !== 'Z' && state !== 'X') return true;
		} catch {
			// It ended while we looked.
		}
	}
	return false;
}

/**
 * Whether a process of the group still runs. In a container whose first process collects nobody, dead
 * members stay as zombies for ever and a bare signal 0 would say yes until the deadline.
 */
export function isGroupAlive(groupId: number): boolean {
	if (!signalGroup(groupId, 0)) return false;
	return process.platform === 'linux' ? hasLivingMemberOnLinux(groupId) : true;
}
