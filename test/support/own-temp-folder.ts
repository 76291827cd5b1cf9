import { mkdir } from 'node:fs/promises';
import os from 'node:os';

/**
 * Temporary files go into a folder of one's own until the answer is called: other test files use the machine's at the
 * same time. TMPDIR would not do: what a test sees as `process.env` is a copy, which Node.js does not read.
 */
export async function useTempFolder(folder: string): Promise<() => void> {
	await mkdir(folder, { recursive: true });
	const spy = jest.spyOn(os, 'tmpdir').mockReturnValue(folder);
	return () => spy.mockRestore();
}

export async function withTempFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
	const restore = await useTempFolder(folder);
	try {
		return await work();
	} finally {
		restore();
	}
}
