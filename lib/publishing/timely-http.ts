// Between the mark and the call that publishes a whole machine can stand still. When it wakes up, a reader may have
// proved that nothing is public and another worker may have posted: a call that went out now would post again, and
// some networks take it. So it goes out soon after its mark or not at all.
import { PublishError } from './errors';
import type { Clock, HttpClient, HttpRequest } from './ports';

/**
 * Room for a token to be refreshed. With the longest deadline of such a call (60 s) it is still less than the shortest
 * time after which a reader believes that nothing comes any more (120 s).
 */
const maxMarkAgeMs = 30_000;

export function timelyHttp({ http, clock }: { http: HttpClient; clock: Clock }, armedAt: Date): HttpClient {
	let isOut = false;
	const refuseLate = ({ publishes }: HttpRequest): void => {
		if (!publishes) return;
		// A clock that was set back says nothing of the time that passed either.
		const ageMs = Math.abs(clock.now().getTime() - armedAt.getTime());
		if (ageMs > maxMarkAgeMs) throw stoodStill(isOut);
		isOut = true;
	};
	return {
		send: async (request, signal) => {
			refuseLate(request);
			return await http.send(request, signal);
		},
	};
}

/** What this worker never sent had no effect, and only who still has the claim may take the mark back. */
function stoodStill(isOut: boolean): PublishError {
	return new PublishError(
		isOut ? 'unknown' : 'network',
		'The worker stood still right before the call that publishes, which was not sent.',
		{ code: 'stood-still' },
	);
}
