// Every answer may say how much is left; whoever counts should know before the next post asks. The transport is the
// one place that sees all answers, so it is here that they are read.
import type { Queryable } from '../database/pool';
import type { LimitSighting, LimitWindow } from '../publishing/adapter';
import type { Clock, HttpClient, Logger } from '../publishing/ports';
import type { Platform } from '../publishing/platform';
import { learn } from './learn';

export interface LearningOptions {
	readonly client: Queryable;
	readonly platform: Platform;
	readonly accountId: string;
	readonly limits: readonly LimitWindow[];
	readonly clock: Clock;
	readonly log: Logger;
}

/** The same transport, with an ear for what answers say about the account's windows. */
export function learningClient(http: HttpClient, options: LearningOptions): HttpClient {
	return {
		async send(request, signal) {
			const response = await http.send(request, signal);
			const now = options.clock.now();
			for (const window of options.limits) {
				const sighting = window.learnFrom?.(request, response, now) ?? null;
				if (sighting) await keep(options, window, sighting);
			}
			return response;
		},
	};
}

/** What is learned only makes later posts wait in time: a database that cannot write it must not stop this one. */
async function keep(
	{ client, platform, accountId, log }: LearningOptions,
	window: LimitWindow,
	sighting: LimitSighting,
): Promise<void> {
	try {
		await learn(client, { platform, accountId, window, ...sighting });
	} catch (error) {
		log.warn('What the network said about a limit could not be written down', {
			endpoint: window.endpoint,
			reason: error instanceof Error ? error.message : String(error),
		});
	}
}
