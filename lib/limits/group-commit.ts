// Many calls of one process, decided by one statement. A row that 64 clients lock one after the other makes the
// last of them wait 64 times; taken together they wait once. Other processes are kept apart by the locks alone.
import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Queryable } from '../database/pool';
import type { Platform } from '../publishing/platform';
import { askPostgres, type NamedWindow } from './wire';

export interface Call {
	readonly platform: Platform;
	/** Calls of one app share windows, so they go together; a lock of another app does not hold them up. */
	readonly appId: string;
	readonly windows: readonly NamedWindow[];
	/** What it costs in each of them. */
	readonly costs: readonly number[];
}

export interface Decision {
	readonly reservationId: string;
	readonly isAllowed: boolean;
	/** When there is room again; null when it is allowed, or when it never fits. */
	readonly until: Date | null;
	readonly windows: readonly {
		readonly limitTotal: number;
		readonly left: number;
		readonly isFull: boolean;
	}[];
}

interface Waiting {
	readonly call: Call;
	readonly reservationId: string;
	resolve(decision: Decision): void;
	reject(reason: unknown): void;
}

/** One statement holds its locks for about 20 microseconds per call; those of other processes wait for it. */
const maxCallsTogether = 128;

const lanes = new WeakMap<Queryable, Map<string, Waiting[]>>();

export function decide(client: Queryable, call: Call): Promise<Decision> {
	const ofClient = lanes.get(client) ?? new Map<string, Waiting[]>();
	lanes.set(client, ofClient);
	const key = `${call.platform} ${call.appId}`;
	return new Promise((resolve, reject) => {
		const newcomer = { call, reservationId: randomUUID(), resolve, reject };
		const lane = ofClient.get(key);
		if (lane) {
			lane.push(newcomer);
			return;
		}
		const waiting = [newcomer];
		ofClient.set(key, waiting);
		void drain(client, waiting, () => ofClient.delete(key));
	});
}

/** Never rejects: every failure goes to those who waited for it. */
async function drain(client: Queryable, waiting: Waiting[], close: () => void): Promise<void> {
	while (waiting.length > 0) {
		await answer(client, waiting.splice(0, countTogether(waiting)));
		// Those who were answered just now often ask again at once, and can still come along.
		await nextTurn();
	}
	// In the same turn as the last look: who came between the two would wait for ever.
	close();
}

/** A window that two calls know with different limits cannot be decided for both at once. */
function countTogether(waiting: readonly Waiting[]): number {
	const limits = new Map<string, number>();
	const stranger = waiting.findIndex(({ call }) =>
		call.windows.some(({ key, row }) => {
			const known = limits.get(key) ?? row.limit_total;
			limits.set(key, known);
			return known !== row.limit_total;
		}),
	);
	return Math.min(maxCallsTogether, stranger < 0 ? waiting.length : stranger);
}

async function answer(client: Queryable, together: readonly Waiting[]): Promise<void> {
	try {
		const decisions = await ask(client, together);
		together.forEach(({ resolve }, index) => {
			const decision = decisions[index];
			if (decision) resolve(decision);
		});
	} catch (error) {
		// One of them is not acceptable to PostgreSQL, for all of them: nothing was taken, each is asked alone.
		if (together.length > 1 && isAboutTheData(error)) {
			for (const one of together) await answer(client, [one]);
			return;
		}
		for (const { reject } of together) reject(error);
	}
}

/** SQLSTATE class 22: a time zone that Node.js knows and PostgreSQL does not, a number out of range. */
function isAboutTheData(error: unknown): boolean {
	return String((error as { code?: unknown } | null)?.code ?? '').startsWith('22');
}

async function ask(client: Queryable, together: readonly Waiting[]): Promise<readonly Decision[]> {
	const places = new Places();
	const positions = together.map(({ call }) => call.windows.map((window) => places.of(window)));
	const { totals, left, refused } = await askPostgres(client, {
		platform: together[0]?.call.platform ?? '',
		windows: places.windows,
		reservationIds: together.map(({ reservationId }) => reservationId),
		entries: together.flatMap(({ call }, index) =>
			call.costs.map((cost, place) => ({
				call: index + 1,
				position: positions[index]?.[place] ?? 0,
				cost,
			})),
		),
	});
	const refusals = new Map(refused.map((refusal) => [refusal.call, refusal]));
	return together.map(({ reservationId }, index) => {
		const refusal = refusals.get(index + 1);
		return {
			reservationId,
			isAllowed: refusal === undefined,
			until: refusal?.until ?? null,
			windows: (positions[index] ?? []).map((position) => ({
				limitTotal: totals[position - 1] ?? 0,
				left: left[position - 1] ?? 0,
				isFull: refusal?.full.includes(position) ?? false,
			})),
		};
	});
}

/** The windows of a statement, each once, numbered from 1 as PostgreSQL does. */
class Places {
	readonly windows: NamedWindow[] = [];
	private readonly byKey = new Map<string, number>();

	of(window: NamedWindow): number {
		const known = this.byKey.get(window.key) ?? this.windows.push(window);
		this.byKey.set(window.key, known);
		return known;
	}
}
