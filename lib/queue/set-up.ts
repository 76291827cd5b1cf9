// Streams and consumers, made when missing and otherwise touched only where they would break our promises.
// What an operator tuned (replicas, sizes, ages) stays as it is.
import {
	AckPolicy,
	DeliverPolicy,
	DiscardPolicy,
	nanos,
	RetentionPolicy,
	StorageType,
	type ConsumerInfo,
	type JetStreamManager,
	type NatsConnection,
	type StreamInfo,
} from 'nats';
import { apiErrorNumber, QueueError, toQueueError } from './errors';
import { streams } from './messages';

export const setUpDefaults = {
	requestMs: 5_000,
	/** Also what a consumer's killed worker costs: its message comes back after this long. */
	ackWaitMs: 60_000,
	/**
	 * How long a message id is remembered. Longer than any outage we expect between "sent" and "noted as
	 * sent": a relay or a dead-letter writer that died in between sends the same id again when it is back.
	 */
	workDuplicateWindowMs: 24 * 3_600_000,
	deadDuplicateWindowMs: 7 * 24 * 3_600_000,
	maxBytes: 256 * 1024 * 1024,
	/** A message that waits for its retry counts as pending: a low limit would let them block fresh ones. */
	maxAckPending: 20_000,
} as const;

export interface StreamPlan {
	readonly name: string;
	readonly subjects: readonly string[];
	/** `until-done`: a work queue, where a message leaves only when it is acknowledged. `all`: an archive. */
	readonly keep: 'until-done' | 'all';
	readonly duplicateWindowMs: number;
}

const work = { keep: 'until-done', duplicateWindowMs: setUpDefaults.workDuplicateWindowMs } as const;

export const deadPlan: StreamPlan = {
	...streams.dead,
	keep: 'all',
	duplicateWindowMs: setUpDefaults.deadDuplicateWindowMs,
};

export const ownPlans: readonly StreamPlan[] = [
	{ ...streams.extract, ...work },
	{ ...streams.publish, ...work },
	deadPlan,
];

export function customPlan(name: string, subjects: readonly string[]): StreamPlan {
	return ownPlans.find((plan) => plan.name === name) ?? { name, subjects, ...work };
}

export type SetUpAction = 'created' | 'updated' | 'unchanged';

export interface StreamSetUp {
	readonly stream: string;
	readonly action: SetUpAction;
}

export interface SetUpOptions {
	/** Only for streams that do not exist yet. */
	readonly replicas?: number;
}

export async function ensureStreams(
	connection: NatsConnection,
	plans: readonly StreamPlan[] = ownPlans,
	options: SetUpOptions = {},
): Promise<StreamSetUp[]> {
	const manager = await jetStreamManager(connection);
	const results: StreamSetUp[] = [];
	for (const plan of plans)
		results.push({ stream: plan.name, action: await ensureStream(manager, plan, options) });
	return results;
}

async function ensureStream(
	manager: JetStreamManager,
	plan: StreamPlan,
	options: SetUpOptions,
): Promise<SetUpAction> {
	try {
		const existing = await findStream(manager, plan.name);
		if (existing) return await adjustStream(manager, existing, plan);
		await manager.streams.add({
			name: plan.name,
			subjects: [...plan.subjects],
			storage: StorageType.File,
			retention: plan.keep === 'until-done' ? RetentionPolicy.Workqueue : RetentionPolicy.Limits,
			// Full means the sender is told. The other policy would drop the oldest work without a word.
			discard: DiscardPolicy.New,
			duplicate_window: nanos(plan.duplicateWindowMs),
			max_bytes: setUpDefaults.maxBytes,
			num_replicas: options.replicas ?? 1,
		});
		return 'created';
	} catch (error) {
		// Somebody else created it between our look and our write.
		if (apiErrorNumber(error) === streamNameInUse) return 'unchanged';
		throw toQueueError(error, `Setting up the stream ${plan.name} failed`);
	}
}

const streamNotFound = 10059;
const streamNameInUse = 10058;
const consumerNotFound = 10014;

async function findStream(manager: JetStreamManager, name: string): Promise<StreamInfo | undefined> {
	try {
		return await manager.streams.info(name);
	} catch (error) {
		if (apiErrorNumber(error) === streamNotFound) return undefined;
		throw error;
	}
}

async function adjustStream(
	manager: JetStreamManager,
	{ config }: StreamInfo,
	plan: StreamPlan,
): Promise<SetUpAction> {
	const missing = plan.subjects.filter((subject) => !config.subjects?.includes(subject));
	const needsWindow = config.duplicate_window < nanos(plan.duplicateWindowMs);
	// `max_age` below the window would make the server refuse the update; the operator's limit wins.
	const canHaveWindow = config.max_age === 0 || config.max_age >= nanos(plan.duplicateWindowMs);
	const widen = needsWindow && canHaveWindow;
	if (missing.length === 0 && !widen) return 'unchanged';
	await manager.streams.update(plan.name, {
		...config,
		subjects: [...(config.subjects ?? []), ...missing],
		...(widen && { duplicate_window: nanos(plan.duplicateWindowMs) }),
	});
	return 'updated';
}

export interface ConsumerPlan {
	readonly stream: string;
	readonly durable: string;
	readonly filterSubject?: string | undefined;
	readonly ackWaitMs: number;
}

export async function ensureConsumer(
	connection: NatsConnection,
	plan: ConsumerPlan,
): Promise<{ readonly action: SetUpAction; readonly info: ConsumerInfo }> {
	const manager = await jetStreamManager(connection);
	const doing = `Setting up the consumer ${plan.durable} on ${plan.stream} failed`;
	try {
		const existing = await findConsumer(manager, plan);
		if (!existing) {
			const info = await manager.consumers.add(plan.stream, {
				durable_name: plan.durable,
				ack_policy: AckPolicy.Explicit,
				deliver_policy: DeliverPolicy.All,
				...wantedConsumer(plan),
			});
			return { action: 'created', info };
		}
		if (existing.config.ack_policy !== AckPolicy.Explicit || existing.push_bound !== undefined) {
			throw new QueueError(
				'conflict',
				`${doing}: a consumer of this name exists and works in another way (push, or no acknowledgements).`,
				'Choose another durable name, or delete that consumer.',
			);
		}
		const wanted = wantedConsumer(plan);
		if (isSame(existing, wanted)) return { action: 'unchanged', info: existing };
		refuseToTakeOver(existing, wanted, doing);
		return { action: 'updated', info: await manager.consumers.update(plan.stream, plan.durable, wanted) };
	} catch (error) {
		throw toQueueError(error, doing);
	}
}

interface WantedConsumer {
	readonly ack_wait: number;
	readonly max_deliver: number;
	readonly max_ack_pending: number;
	readonly filter_subject?: string;
}

function wantedConsumer(plan: ConsumerPlan): WantedConsumer {
	return {
		ack_wait: nanos(plan.ackWaitMs),
		// Without end: the loop counts. With a limit here, a worker killed on the last delivery would leave a
		// message that is never delivered again and never becomes a dead letter.
		max_deliver: -1,
		max_ack_pending: setUpDefaults.maxAckPending,
		...(plan.filterSubject && { filter_subject: plan.filterSubject }),
	};
}

function isSame({ config }: ConsumerInfo, wanted: WantedConsumer): boolean {
	return (
		config.ack_wait === wanted.ack_wait &&
		config.max_deliver === wanted.max_deliver &&
		config.max_ack_pending === wanted.max_ack_pending &&
		(config.filter_subject ?? '') === (wanted.filter_subject ?? '')
	);
}

/** Two users of one name with two filters would take turns in changing it, and get each other's messages. */
function refuseToTakeOver(existing: ConsumerInfo, wanted: WantedConsumer, doing: string): void {
	const filter = existing.config.filter_subject ?? '';
	if (filter === (wanted.filter_subject ?? '') || existing.num_waiting === 0) return;
	throw new QueueError(
		'conflict',
		`${doing}: the name is in use right now, with the filter "${filter}".`,
		'Choose another durable name. If it was your own workflow until a moment ago, try again in 30 seconds.',
	);
}

async function findConsumer(
	manager: JetStreamManager,
	plan: ConsumerPlan,
): Promise<ConsumerInfo | undefined> {
	try {
		return await manager.consumers.info(plan.stream, plan.durable);
	} catch (error) {
		if (apiErrorNumber(error) === consumerNotFound) return undefined;
		throw error;
	}
}

/** Without the account check, whose failure would hide the better error of the request that follows. */
export async function jetStreamManager(connection: NatsConnection): Promise<JetStreamManager> {
	return await connection.jetstreamManager({ checkAPI: false, timeout: setUpDefaults.requestMs });
}
