// Which windows a call counts in: those the network is known for, corrected by what the user knows better.
import type { CountedWindow } from './window';

/** A window of one's own replaces the known one of the same endpoint and is added otherwise. */
export function chooseWindows(
	known: readonly CountedWindow[],
	own: readonly CountedWindow[],
): readonly CountedWindow[] {
	const replaced = new Set(own.map(({ endpoint }) => endpoint));
	return [...known.filter(({ endpoint }) => !replaced.has(endpoint)), ...own];
}
