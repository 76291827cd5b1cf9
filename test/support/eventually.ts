import { waitFor } from '../../scripts/stack/wait-for';

/** Shorter than the ack wait of a minute which tests of a message that is handed back must not reach. */
const DEADLINE_MS = 45_000;

/** Waits until `probe` answers something else than `undefined` or `false`; says what it waited for otherwise. */
export async function eventually<T>(
	what: string,
	probe: () => Promise<T | undefined | false> | T | undefined | false,
	deadlineMs = DEADLINE_MS,
): Promise<T> {
	const answer = await waitFor(
		async () => {
			const found = await probe();
			return found === false ? undefined : found;
		},
		{ deadlineMs, pollMs: 25 },
	);
	if (answer === undefined) throw new Error(`not within ${deadlineMs / 1000} s: ${what}`);
	return answer;
}
