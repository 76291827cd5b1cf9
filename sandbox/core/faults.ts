import { z } from 'zod';
import type { InnerFaults } from './answer';

const match = {
	network: z.string().optional(),
	method: z.string().optional(),
	/** A regular expression on the path (without the query). */
	pathPattern: z.string().optional(),
	/** Regular expressions on request headers, e.g. `{"content-range": "^bytes \\*"}` for probes only. */
	headerPatterns: z.record(z.string(), z.string()).optional(),
	times: z.union([z.int().positive(), z.literal('always')]).default(1),
	/** How many matching requests pass unharmed first. */
	skip: z.int().nonnegative().default(0),
};

const statusFault = {
	...match,
	status: z.int().min(400).max(599),
	/** The network's own error word (YouTube `reason`, X problem type); its usual one for the status if left out. */
	reason: z.string().optional(),
	responseHeaders: z.record(z.string(), z.string()).optional(),
	/** The error's words repeat the request's address and token. */
	quotesRequest: z.boolean().default(false),
};

export const faultSchema = z.discriminatedUnion('kind', [
	z.strictObject({ kind: z.literal('status'), ...statusFault }),
	z.strictObject({ kind: z.literal('status-after-effect'), ...statusFault }),
	z.strictObject({ kind: z.literal('drop-before'), ...match }),
	z.strictObject({ kind: z.literal('drop-after-effect'), ...match }),
	z.strictObject({ kind: z.literal('cut-body-after-bytes'), bytes: z.int().nonnegative(), ...match }),
	z.strictObject({ kind: z.literal('delay-after-effect'), delayMs: z.int().nonnegative(), ...match }),
	z.strictObject({ kind: z.literal('delay'), delayMs: z.int().nonnegative(), ...match }),
	z.strictObject({ kind: z.literal('expire-token'), ...match }),
	z.strictObject({ kind: z.literal('quota-left'), left: z.int().nonnegative(), ...match }),
	z.strictObject({ kind: z.literal('fail-processing'), reason: z.string().optional(), ...match }),
	z.strictObject({ kind: z.literal('store-less'), bytes: z.int().nonnegative(), ...match }),
]);

export type FaultOrder = z.input<typeof faultSchema>;
export type Fault = z.output<typeof faultSchema>;
type StatusFault = Extract<Fault, { kind: 'status' | 'status-after-effect' }>;

interface PendingFault {
	readonly id: number;
	readonly fault: Fault;
	skipLeft: number;
	timesLeft: number;
}

export interface FaultSubject {
	readonly network: string;
	readonly method: string;
	readonly path: string;
	readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** What the server has to do to one request. */
export interface FaultPlan {
	readonly kinds: readonly string[];
	readonly delayMs: number;
	readonly delayAfterMs: number;
	readonly drop: 'before' | 'after-effect' | undefined;
	readonly statusBefore: StatusFault | undefined;
	readonly statusAfter: StatusFault | undefined;
	readonly cutBodyAfterBytes: number | undefined;
	readonly inner: InnerFaults;
}

export class Faults {
	private pending: PendingFault[] = [];
	private lastId = 0;

	add(order: FaultOrder): number {
		const fault = faultSchema.parse(order);
		// Compiled once here so that a broken pattern fails the one who wrote it, not a later request.
		for (const pattern of [fault.pathPattern, ...Object.values(fault.headerPatterns ?? {})]) {
			if (pattern !== undefined) new RegExp(pattern);
		}
		this.lastId += 1;
		const timesLeft = fault.times === 'always' ? Number.POSITIVE_INFINITY : fault.times;
		this.pending.push({ id: this.lastId, fault, skipLeft: fault.skip, timesLeft });
		return this.lastId;
	}

	list(): ReadonlyArray<Fault & { id: number }> {
		return this.pending.map((entry) => ({ ...entry.fault, id: entry.id }));
	}

	remove(id: number): void {
		this.pending = this.pending.filter((entry) => entry.id !== id);
	}

	clear(): void {
		this.pending = [];
	}

	/** Uses up one turn of every fault that matches. */
	take(subject: FaultSubject): FaultPlan {
		const active: Fault[] = [];
		for (const entry of this.pending) {
			if (!matches(entry.fault, subject)) continue;
			if (entry.skipLeft > 0) {
				entry.skipLeft -= 1;
				continue;
			}
			entry.timesLeft -= 1;
			active.push(entry.fault);
		}
		this.pending = this.pending.filter((entry) => entry.timesLeft > 0);
		return planOf(active);
	}
}

function matches(fault: Fault, subject: FaultSubject): boolean {
	if (fault.network !== undefined && fault.network !== subject.network) return false;
	if (fault.method !== undefined && fault.method.toUpperCase() !== subject.method) return false;
	if (fault.pathPattern !== undefined && !new RegExp(fault.pathPattern).test(subject.path)) return false;
	return Object.entries(fault.headerPatterns ?? {}).every(([name, pattern]) =>
		new RegExp(pattern).test(String(subject.headers[name.toLowerCase()] ?? '')),
	);
}

function planOf(active: readonly Fault[]): FaultPlan {
	const one = <K extends Fault['kind']>(kind: K) =>
		active.find((fault): fault is Extract<Fault, { kind: K }> => fault.kind === kind);
	const storeLess = one('store-less');
	const failProcessing = one('fail-processing');
	const quotaLeft = one('quota-left');
	return {
		kinds: active.map((fault) => fault.kind),
		delayMs: one('delay')?.delayMs ?? 0,
		delayAfterMs: one('delay-after-effect')?.delayMs ?? 0,
		drop: one('drop-before') ? 'before' : one('drop-after-effect') ? 'after-effect' : undefined,
		statusBefore: one('status'),
		statusAfter: one('status-after-effect'),
		cutBodyAfterBytes: one('cut-body-after-bytes')?.bytes,
		inner: {
			...(storeLess ? { storeLessBytes: storeLess.bytes } : {}),
			...(failProcessing ? { failProcessing: failProcessing.reason ?? '' } : {}),
			...(quotaLeft ? { quotaLeft: quotaLeft.left } : {}),
			...(one('expire-token') ? { expireToken: true } : {}),
		},
	};
}
