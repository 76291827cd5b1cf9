import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

import { identify, isRunning } from './processes/identity';

const ownerSchema = z.object({ id: z.string(), pid: z.number().int().positive(), startedAt: z.string() });
export type LockOwner = z.infer<typeof ownerSchema>;

export interface FileLock {
	release(): void;
}

export type LockAttempt = { readonly lock: FileLock } | { readonly heldBy: LockOwner };

function readOwner(path: string): LockOwner | undefined {
	try {
		return ownerSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
	} catch {
		return undefined;
	}
}

/** Creates `path` with its whole content in one step, or answers false when it exists. */
function createWhole(path: string, content: string): boolean {
	const draft = `${path}.${randomBytes(6).toString('hex')}`;
	writeFileSync(draft, content, { mode: 0o600 });
	try {
		linkSync(draft, path);
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
		throw error;
	} finally {
		rmSync(draft, { force: true });
	}
}

/**
 * Replaces the lock of a dead owner. Two processes may find the same dead owner at once: only the one that
 * holds the takeover file of exactly this owner may replace the lock, and it looks again before it does,
 * so that nobody ever removes the fresh lock of a living one. Answers whether it was replaced, or who is about to.
 */
function takeOver(path: string, stale: LockOwner | undefined, content: string): boolean | LockOwner {
	const takeover = `${path}.takeover-${stale?.id ?? 'unreadable'}`;
	if (!createWhole(takeover, content)) {
		const rival = readOwner(takeover);
		if (rival !== undefined && isRunning(rival)) return rival;
		if (rival !== undefined) rmSync(takeover, { force: true });
		return false;
	}
	try {
		if (readOwner(path)?.id !== stale?.id) return false;
		const draft = `${path}.${randomBytes(6).toString('hex')}`;
		writeFileSync(draft, content, { mode: 0o600 });
		renameSync(draft, path);
		return true;
	} finally {
		rmSync(takeover, { force: true });
	}
}

const MAX_ROUNDS = 50;

/** Does not wait. A lock whose owner no longer runs is taken over. */
export function tryLock(path: string): LockAttempt {
	mkdirSync(dirname(path), { recursive: true });
	const self = identify(process.pid);
	if (self === undefined) throw new Error('this process cannot read its own start time');
	const owner: LockOwner = { id: randomBytes(8).toString('hex'), ...self };
	const content = JSON.stringify(owner);
	const lock: FileLock = {
		release: () => {
			if (readOwner(path)?.id === owner.id) rmSync(path, { force: true });
		},
	};
	// More than one round only when somebody releases or takes over in the same instant.
	for (let round = 0; round < MAX_ROUNDS; round += 1) {
		if (createWhole(path, content)) return { lock };
		const held = readOwner(path);
		if (held !== undefined && isRunning(held)) return { heldBy: held };
		const taken = existsSync(path) && takeOver(path, held, content);
		if (taken === true) return { lock };
		// It may be a while before it comes to its next line; asking on meanwhile would use up the rounds.
		if (taken !== false) return { heldBy: taken };
	}
	throw new Error(`the lock ${path} changed hands ${MAX_ROUNDS} times while we tried to take it`);
}
