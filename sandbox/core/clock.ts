import type { Store } from './store';

/** The sandbox's time: real time plus an offset that tests move. The offset survives a restart. */
export class Clock {
	private readonly offsets;
	private heldAtMs: number | undefined;

	constructor(store: Store) {
		this.offsets = store.collection<number>('clock');
	}

	nowMs(): number {
		return this.baseMs() + (this.offsets.get('offsetMs') ?? 0);
	}

	nowIso(): string {
		return new Date(this.nowMs()).toISOString();
	}

	advance(byMs: number): void {
		this.offsets.set('offsetMs', (this.offsets.get('offsetMs') ?? 0) + byMs);
	}

	setTo(instant: Date | string): void {
		this.offsets.set('offsetMs', new Date(instant).getTime() - this.baseMs());
	}

	/**
	 * From now on the time is this one, until it is moved. Everything here is a function of age, so under a running
	 * clock a machine that stalls for a second makes a post older than the test that reads it believes.
	 */
	holdAt(instant: Date | string): void {
		this.heldAtMs = Date.now();
		this.setTo(instant);
	}

	private baseMs(): number {
		return this.heldAtMs ?? Date.now();
	}
}
