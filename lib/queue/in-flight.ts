// What this process works on, by message. The broker delivers again when it lost sight of us (a restart, a
// long cut, an acknowledgement that got lost); here that must not start the same work a second time.
import type { JsMsg } from 'nats';

export interface Work {
	readonly key: string;
	/** The stream's, when the message was delivered. */
	readonly streamCreated: string;
	/** The newest delivery: its reply subject is the one the broker listens to. */
	latest: JsMsg;
}

export interface InFlight {
	readonly size: number;
	/** `undefined`: the message is in work already, and this delivery was handed to that work. */
	begin(key: string, message: JsMsg, streamCreated: string): Work | undefined;
	end(work: Work): void;
	/** Done, but the broker never confirmed: its next delivery only needs the acknowledgement. */
	rememberDone(key: string): void;
	isDone(key: string): boolean;
}

const mostRemembered = 10_000;

export function createInFlight(): InFlight {
	const running = new Map<string, Work>();
	const done = new Set<string>();
	return {
		get size() {
			return running.size;
		},
		begin(key, message, streamCreated) {
			const present = running.get(key);
			if (present) {
				present.latest = message;
				return undefined;
			}
			const work: Work = { key, streamCreated, latest: message };
			running.set(key, work);
			return work;
		},
		end(work) {
			running.delete(work.key);
		},
		rememberDone(key) {
			done.add(key);
			const oldest = done.size > mostRemembered ? done.values().next().value : undefined;
			if (oldest !== undefined) done.delete(oldest);
		},
		isDone(key) {
			return done.has(key);
		},
	};
}
