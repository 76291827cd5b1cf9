// Every call of the worker to the outside has two edges, before it and after it. They are counted as they are
// passed, so that "the 17th" is the same place in every run; at the chosen ones the worker stands still until
// the supervisor has done what it came to do.
import type { NatsConnection } from 'nats';
import type { Pool, PoolClient } from 'pg';
import type { AdapterContext, PlatformAdapter } from '../../lib/publishing/adapter';
import type { HttpClient, HttpRequest, HttpResponse } from '../../lib/publishing/ports';

export interface Edge {
	readonly number: number;
	readonly label: string;
}

export class Edges {
	readonly passed: string[] = [];
	httpCalls = 0;

	constructor(
		private readonly haltAt: ReadonlySet<number>,
		private readonly halt: (edge: Edge) => Promise<void>,
	) {}

	async step<T>(label: string, work: () => Promise<T>): Promise<T> {
		await this.pass(`before ${label}`);
		try {
			const result = await work();
			await this.pass(`after ${label}`);
			return result;
		} catch (error) {
			await this.pass(`broken ${label}`);
			throw error;
		}
	}

	async pass(label: string): Promise<void> {
		const number = this.passed.push(label);
		if (this.haltAt.has(number)) await this.halt({ number, label });
	}
}

type Call = (...values: unknown[]) => unknown;

/** Methods named in `watched` become steps; everything else is the target's own. */
function watching<T extends object>(target: T, watched: Readonly<Record<string, (method: Call) => Call>>): T {
	return new Proxy(target, {
		get(_proxied, name) {
			const member: unknown = Reflect.get(target, name, target);
			if (typeof member !== 'function') return member;
			const method: Call = (...values) => member.apply(target, values) as unknown;
			return typeof name === 'string' && Object.hasOwn(watched, name) ? watched[name]?.(method) : method;
		},
	});
}

function stepping(edges: Edges, labelOf: (values: readonly unknown[]) => string): (method: Call) => Call {
	return (method) =>
		(...values) =>
			edges.step(labelOf(values), async () => await method(...values));
}

function sqlLabel([query]: readonly unknown[]): string {
	const text = typeof query === 'string' ? query : String((query as { text?: unknown } | undefined)?.text);
	return `SQL ${text.replaceAll(/\s+/g, ' ').trim().slice(0, 48)}`;
}

export function watchedPool(pool: Pool, edges: Edges): Pool {
	const query = stepping(edges, sqlLabel);
	return watching(pool, {
		query,
		connect: (method) => async () => watching((await method()) as PoolClient, { query }),
	});
}

/** Publishing, acknowledging and every question to the server. Pulling is not counted: it never ends. */
export function watchedNats(connection: NatsConnection, edges: Edges): NatsConnection {
	const named = (what: string): ((method: Call) => Call) => stepping(edges, () => `NATS ${what}`);
	const asked = (what: string, names: readonly string[]): Record<string, (method: Call) => Call> =>
		Object.fromEntries(names.map((name) => [name, named(`${what}.${name}`)]));
	return watching(connection, {
		request: named('acknowledge'),
		jetstream: (method) => (): unknown => watching(method() as object, { publish: named('publish') }),
		jetstreamManager:
			(method) =>
			async (...values): Promise<unknown> => {
				const manager = (await method(...values)) as { streams: object; consumers: object };
				return {
					streams: watching(manager.streams, asked('streams', ['info', 'add', 'update'])),
					consumers: watching(manager.consumers, asked('consumers', ['info', 'add', 'update'])),
				};
			},
	});
}

const callers = ['prepare', 'upload', 'commit', 'find', 'followUp'] as const;

/** The edges lie around what the adapter is given, so that what the engine looks at before a call comes after them. */
export function watchedAdapter(
	adapter: PlatformAdapter,
	watch: (http: HttpClient) => HttpClient,
): PlatformAdapter {
	const watched = (method: Call): Call => {
		return (context, ...rest) => {
			const given = context as AdapterContext;
			return method({ ...given, http: watch(given.http) }, ...rest);
		};
	};
	return watching(adapter, Object.fromEntries(callers.map((name) => [name, watched])));
}

export class WatchedHttp implements HttpClient {
	constructor(
		private readonly inner: HttpClient,
		private readonly edges: Edges,
		/** Deadlines of half a minute would make every lost answer take half a minute. */
		private readonly longestMs: number,
	) {}

	async send(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
		const label = `HTTP ${request.method} ${new URL(request.url).pathname}`;
		const deadlineMs = Math.min(request.deadlineMs, this.longestMs);
		this.edges.httpCalls += 1;
		return await this.edges.step(label, async () => this.inner.send({ ...request, deadlineMs }, signal));
	}
}
