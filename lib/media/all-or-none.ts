/**
 * Does several things at once. When one fails the others are stopped, and its error is told only after all of them have
 * ended: nothing goes on in a folder that the caller is about to remove.
 */
export async function allOrNone<Results extends readonly unknown[]>(
	signal: AbortSignal,
	work: (signal: AbortSignal) => { readonly [Index in keyof Results]: Promise<Results[Index]> },
): Promise<Results> {
	const failure = new AbortController();
	const started = work(AbortSignal.any([signal, failure.signal]));
	const first = Promise.all(started).catch((error: unknown) => {
		failure.abort(error);
		throw error;
	});
	const [done] = await Promise.allSettled([first, ...started]);
	if (done.status === 'rejected') throw done.reason;
	return done.value as unknown as Results;
}
