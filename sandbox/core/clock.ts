import type { Store } from './store';

/** The sandbox's time: real time plus an offset that tests move. The offset survives a restart. */
export class Clock {
	private readonly offsets;

	constructor(store: Store) {
		this.offsets = store.collection<number>('clock');
	}

	nowMs(): number {
		return Date.now() + (this.offsets.get('offsetMs') ?? 0);
	}

	nowIso(): string {
		return new Date(this.nowMs()).toISOString();
	}

	advance(byMs: number): void {
		this.offsets.set('offsetMs', (this.offsets.get('offsetMs') ?? 0) + byMs);
	}

	setTo(instant: Date | string): void {
		this.offsets.set('offsetMs', new Date(instant).getTime() - Date.now());
	}
}
