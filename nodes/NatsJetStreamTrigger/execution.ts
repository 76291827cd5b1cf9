// The only place where the trigger meets n8n's executions: start one, wait for its end.
import type { IDataObject, IRun, ITriggerFunctions } from 'n8n-workflow';
import { toFields, type Delivery, type Outcome } from '../../lib/queue';
import { outcomeOf, type ExecutionEnd } from './outcome';

export type TriggerHost = Pick<ITriggerFunctions, 'emit'> & {
	readonly helpers: Pick<ITriggerFunctions['helpers'], 'createDeferredPromise'>;
};

export interface RunOptions {
	readonly giveUpMinutes: number;
	readonly signal: AbortSignal;
}

export async function runWorkflow(
	host: TriggerHost,
	delivery: Delivery,
	options: RunOptions,
): Promise<Outcome> {
	return outcomeOf(await startAndWait(host, delivery, options));
}

async function startAndWait(
	host: TriggerHost,
	delivery: Delivery,
	{ giveUpMinutes, signal }: RunOptions,
): Promise<ExecutionEnd> {
	const done = host.helpers.createDeferredPromise<IRun>();
	const answered = done.promise.then(
		(run): ExecutionEnd => ({ kind: 'resolved', run }),
		(error: unknown): ExecutionEnd => ({ kind: 'rejected', error }),
	);
	let giveUp = (): void => undefined;
	const gaveUp = new Promise<ExecutionEnd>((resolve) => {
		giveUp = () => resolve({ kind: 'gave-up', afterMinutes: giveUpMinutes });
	});
	const timer = setTimeout(giveUp, giveUpMinutes * 60_000);
	// The loop has handed the message back by then and listens to nobody; this only frees what we hold.
	signal.addEventListener('abort', giveUp, { once: true });
	try {
		host.emit([[{ json: toItem(delivery) }]], undefined, done);
		return await Promise.race([answered, gaveUp]);
	} catch (error) {
		return { kind: 'rejected', error };
	} finally {
		clearTimeout(timer);
		signal.removeEventListener('abort', giveUp);
	}
}

/** What the next node sees: `$json.message` is the message, everything around it is beside it. */
export function toItem(delivery: Delivery): IDataObject {
	const fields = toFields(delivery);
	return { ...fields, message: fields.message as IDataObject };
}
