/**
 * Runs works side by side. The first that fails aborts the others, and its error is thrown only when all
 * have ended: what is still starting while the caller cleans up would never be stopped.
 */
export async function allOrNothing<Results extends readonly unknown[]>(
	signal: AbortSignal | undefined,
	works: readonly [...{ [Key in keyof Results]: (signal: AbortSignal) => Promise<Results[Key]> }],
): Promise<Results> {
	const abort = new AbortController();
	const combined = signal ? AbortSignal.any([signal, abort.signal]) : abort.signal;
	const failures: unknown[] = [];
	const settled = await Promise.all(
		works.map((work) =>
			work(combined).catch((error: unknown) => {
				failures.push(error);
				abort.abort();
				return undefined;
			}),
		),
	);
	if (failures.length > 0) throw failures[0];
	// Every work that ended without a failure has left its result at its own place.
	return settled as unknown as Results;
}
