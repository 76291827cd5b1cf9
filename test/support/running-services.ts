/** What globalSetup started and globalTeardown stops; jest runs both in one process. */
interface Stoppable {
	stop(): Promise<void> | void;
}

// jest loads the two modules through separate registries, so a plain module variable would be two.
const holder = globalThis as typeof globalThis & { stackkraftServices?: Stoppable[] };

export const runningServices: Stoppable[] = (holder.stackkraftServices ??= []);
