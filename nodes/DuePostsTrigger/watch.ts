// The watch over what is due, with an n8n execution as the one who sends it.
import type { IRun, ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';
import { z } from 'zod';
import { explainPostgresError, findOldestUnsent, watchDue, type OldestUnsent } from '../../lib/database';
import { withPostgres } from '../shared/postgres';
import { toItem } from './item';

type Host = Pick<ITriggerFunctions, 'emit' | 'getCredentials' | 'logger'> & {
	readonly helpers: Pick<ITriggerFunctions['helpers'], 'createDeferredPromise'>;
};

/** In queue mode n8n may never say how an execution ended. A second one beside it sends nothing twice. */
const giveUpMs = 5 * 60_000;

export async function watch(host: Host, timing: { readonly lookMs: number }): Promise<ITriggerResponse> {
	await refuseUseless(host);
	const closed = new AbortController();
	const { signal } = closed;
	// Held for as long as the trigger is on: the pool is shared with the nodes of this credential.
	const watching = withPostgres(host, async (pool) => {
		await watchDue({
			pool,
			dispatch: async (oldest) => await runWorkflow(host, oldest, signal),
			onTrouble: (error) => host.logger.warn(`Due Posts Trigger: ${sentence(error)} It goes on asking.`),
			onRepaired: () => host.logger.info('Due Posts Trigger: the database answers again.'),
			signal,
			timing,
		});
	});
	// A credential that cannot be read ends it before it begins; an unheard rejection would end n8n.
	watching.catch((error: unknown) => host.logger.error(`Due Posts Trigger: ${sentence(error)}`));
	return {
		closeFunction: async () => {
			closed.abort();
			await watching.catch(() => undefined);
		},
	};
}

const codeSchema = z.object({ code: z.string() });

/**
 * What a person has to mend is told at the activation. A database that is away for now is none of it: n8n would
 * try the activation again after pauses that grow to a day.
 */
async function refuseUseless(host: Host): Promise<void> {
	try {
		await withPostgres(host, async (pool) => await findOldestUnsent(pool));
	} catch (error) {
		const code = codeSchema.safeParse(error).data?.code ?? '';
		const explained = explainPostgresError(error);
		if (!/^(3D|3F|28|42)/.test(code) || !explained) return;
		throw Object.assign(new Error(explained.message), { remedy: explained.remedy });
	}
}

const runSchema = z.object({ status: z.literal('success') });

/** @returns whether the execution succeeded. Ends early when the trigger is closed; the execution goes on. */
async function runWorkflow(host: Host, oldest: OldestUnsent, signal: AbortSignal): Promise<boolean> {
	const done = host.helpers.createDeferredPromise<IRun>();
	const ended = done.promise.then(
		(run) => runSchema.safeParse(run).success,
		() => false,
	);
	let giveUp = (): void => undefined;
	const gaveUp = new Promise<boolean>((resolve) => {
		giveUp = () => resolve(false);
	});
	const timer = setTimeout(giveUp, giveUpMs);
	signal.addEventListener('abort', giveUp, { once: true });
	try {
		host.emit([[{ json: toItem(oldest) }]], undefined, done);
		return await Promise.race([ended, gaveUp]);
	} catch {
		return false;
	} finally {
		clearTimeout(timer);
		signal.removeEventListener('abort', giveUp);
	}
}

function sentence(error: unknown): string {
	const explained = explainPostgresError(error);
	if (explained) return explained.message;
	return error instanceof Error ? error.message : String(error);
}
