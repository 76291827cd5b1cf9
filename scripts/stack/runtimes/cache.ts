import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { tryLock, type FileLock } from '../file-lock';
import { cacheFolder } from '../paths';
import { StackFailure } from '../stack-failure';
import { waitFor } from '../wait-for';

export interface RuntimeRecipe {
	readonly name: string;
	readonly version: string;
	/** Everything that decides what gets installed; another input is another folder. */
	readonly inputs: unknown;
	readonly deadlineMs: number;
	readonly signal?: AbortSignal | undefined;
	/** Fills the (empty) folder; it is thrown away unless this ends well. */
	install(folder: string, logPath: string): Promise<void>;
}

export interface RuntimeFolder {
	readonly folder: string;
	readonly wasInstalled: boolean;
}

const DRAFT_MARK = '.installing-';

export function runtimeFolder(recipe: Pick<RuntimeRecipe, 'name' | 'version' | 'inputs'>): string {
	const hash = createHash('sha256').update(JSON.stringify(recipe.inputs)).digest('hex').slice(0, 10);
	return join(cacheFolder(), `${recipe.name}-${recipe.version}-${hash}`);
}

function removeDrafts(folder: string): void {
	for (const name of readdirSync(dirname(folder))) {
		if (name.startsWith(`${basename(folder)}${DRAFT_MARK}`)) {
			rmSync(join(dirname(folder), name), { recursive: true, force: true });
		}
	}
}

async function lockOrFinished(folder: string, recipe: RuntimeRecipe): Promise<FileLock | 'finished'> {
	const answer = await waitFor(
		() => {
			if (existsSync(folder)) return 'finished' as const;
			const attempt = tryLock(`${folder}.lock`);
			return 'lock' in attempt ? attempt.lock : undefined;
		},
		{ deadlineMs: recipe.deadlineMs, pollMs: 250, signal: recipe.signal },
	);
	if (answer !== undefined) return answer;
	throw new StackFailure(
		`another process has been installing ${recipe.name} ${recipe.version} into ${folder} for more than ${Math.round(recipe.deadlineMs / 60_000)} minutes; stop it and try again`,
	);
}

async function install(folder: string, recipe: RuntimeRecipe): Promise<void> {
	removeDrafts(folder);
	const draft = `${folder}${DRAFT_MARK}${randomBytes(4).toString('hex')}`;
	mkdirSync(draft);
	try {
		await recipe.install(draft, `${folder}.log`);
		renameSync(draft, folder);
	} catch (error) {
		// Two hosts that share the cache cannot see each other's lock: the one that renames last loses, and
		// uses what the other made.
		rmSync(draft, { recursive: true, force: true, maxRetries: 5 });
		if (!existsSync(folder)) throw error;
	}
}

/**
 * The folder of a runtime, installed when it is not there. It is complete or absent: an install that is
 * cut short leaves a draft under another name, which the next run removes.
 */
export async function ensureRuntime(recipe: RuntimeRecipe): Promise<RuntimeFolder> {
	const folder = runtimeFolder(recipe);
	if (existsSync(folder)) return { folder, wasInstalled: false };
	const lock = await lockOrFinished(folder, recipe);
	if (lock === 'finished') return { folder, wasInstalled: false };
	try {
		if (existsSync(folder)) return { folder, wasInstalled: false };
		await install(folder, recipe);
		return { folder, wasInstalled: true };
	} finally {
		lock.release();
	}
}
