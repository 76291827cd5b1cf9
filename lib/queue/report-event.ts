// What a loop goes through, as lines for the person who operates it. No payload ever stands in one.
import type { LoopEvent } from './consumer-loop';

type LogLine = (text: string, fields?: { [key: string]: unknown }) => void;

/** n8n's logger is one; so is the bridge's. */
export interface EventLog {
	readonly debug: LogLine;
	readonly info: LogLine;
	readonly warn: LogLine;
	readonly error: LogLine;
}

/** `who` begins each line. */
export function reportLoopEvent(event: LoopEvent, log: EventLog, who: string): void {
	switch (event.kind) {
		case 'trouble':
			log.warn(`${who}: ${event.reason}`);
			return;
		case 'repaired':
			log.info(`${who}: connected again, work goes on.`);
			return;
		case 'repeated':
			log.debug(`${who}: a message came again and was not run twice.`, { ...event.delivery });
			return;
		case 'handed-back':
			log.info(`${who}: handed a message back to the stream.`, { ...event.delivery });
			return;
		case 'settled':
			reportSettled(event, log, who);
			return;
		default:
			event satisfies never;
	}
}

function reportSettled(
	{ delivery, as }: Extract<LoopEvent, { kind: 'settled' }>,
	log: EventLog,
	who: string,
): void {
	const fields = { ...delivery, ...as };
	switch (as.kind) {
		case 'done':
			log.debug(`${who}: message done.`, fields);
			return;
		case 'unconfirmed':
			log.warn(`${who}: message done, but NATS did not confirm it.`, fields);
			return;
		case 'retry':
			log.warn(`${who}: comes again in ${as.delayMs} ms: ${as.reason}`, fields);
			return;
		case 'dead':
			log.error(`${who}: moved to the dead letters: ${as.reason}`, fields);
			return;
		case 'kept':
			log.error(`${who}: could not write the dead letter: ${as.reason}`, fields);
			return;
		default:
			as satisfies never;
	}
}
