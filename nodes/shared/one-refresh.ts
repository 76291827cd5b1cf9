// A refresh token may work only once (X, TikTok), so one account is refreshed by one worker at a time: in this
// process always, across processes where the node has the PostgreSQL credential.
import type { IExecuteFunctions } from 'n8n-workflow';
import { AdvisoryLockBusyError, withAdvisoryLock } from '../../lib/database';
import { PublishError } from '../../lib/publishing/errors';
import { postgresCredential, withPostgres } from './postgres';

/** A refresh has 20 s; who waits longer than this comes again later, when the new token is stored. */
const lockWaitMs = 12_000;

/** Refreshes under way, by credential. */
const running = new Map<string, Promise<string>>();

/** Who asks while a refresh of the same credential is under way gets its result. */
export async function oneRefresh(
	context: IExecuteFunctions,
	credentialType: string,
	refresh: () => Promise<string>,
): Promise<string> {
	const used = context.getNode().credentials?.[credentialType];
	const key = `${credentialType}/${used?.id ?? used?.name ?? ''}`;
	const under = running.get(key);
	if (under) return await under;
	const started = locked(context, key, refresh).finally(() => running.delete(key));
	running.set(key, started);
	return await started;
}

async function locked(
	context: IExecuteFunctions,
	key: string,
	refresh: () => Promise<string>,
): Promise<string> {
	if (!(await hasPostgres(context))) return await refresh();
	return await withPostgres(context, async (pool) => {
		let began = false;
		try {
			return await withAdvisoryLock(pool, { name: `token/${key}`, waitMs: lockWaitMs }, async () => {
				began = true;
				return await refresh();
			});
		} catch (error) {
			throw began ? error : notLocked(error);
		}
	});
}

/** n8n refuses a credential whose field is hidden, though the node still names it. */
async function hasPostgres(context: IExecuteFunctions): Promise<boolean> {
	if (!context.getNode().credentials?.[postgresCredential]) return false;
	return await context.getCredentials(postgresCredential).then(
		() => true,
		() => {
			context.logger.info('The token is refreshed without PostgreSQL: the credential is not in use here', {
				node: context.getNode().name,
			});
			return false;
		},
	);
}

/** Without the lock a second refresh could end the connection, so nothing is sent. */
function notLocked(cause: unknown): PublishError {
	const isBusy = cause instanceof AdvisoryLockBusyError;
	return new PublishError(
		'network',
		isBusy
			? 'The token of the account is being refreshed by another worker.'
			: 'The token of the account could not be refreshed: PostgreSQL cannot be reached.',
		{
			scope: 'account',
			code: isBusy ? 'refresh-busy' : 'refresh-lock',
			remedy: isBusy
				? 'It is tried again.'
				: 'Check the PostgreSQL credential of the node. It is tried again.',
			cause,
		},
	);
}
