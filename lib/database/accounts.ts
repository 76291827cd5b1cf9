import type { Platform } from '../publishing/platform';
import type { Queryable } from './pool';

export interface AccountKey {
	readonly platform: Platform;
	readonly accountId: string;
}

/** @returns the accounts among these that somebody switched off. Unknown ones are added, switched on. */
export async function ensureAccounts(
	client: Queryable,
	accounts: readonly AccountKey[],
): Promise<readonly AccountKey[]> {
	const platforms = accounts.map(({ platform }) => platform);
	const ids = accounts.map(({ accountId }) => accountId);
	// Sorted: two requests that add the same accounts lock them in the same order.
	await client.query(
		`insert into stackkraft.accounts (platform, account_id)
		 select distinct platform, account_id
		 from unnest($1::text[], $2::text[]) as wanted(platform, account_id) order by platform, account_id
		 on conflict do nothing`,
		[platforms, ids],
	);
	const { rows } = await client.query<{ platform: Platform; account_id: string }>(
		`select platform, account_id from stackkraft.accounts
		 where not is_enabled and (platform, account_id) in (
			select platform, account_id from unnest($1::text[], $2::text[]) as wanted(platform, account_id)
		 )`,
		[platforms, ids],
	);
	return rows.map(({ platform, account_id: accountId }) => ({ platform, accountId }));
}

export async function setAccountEnabled(
	client: Queryable,
	{ platform, accountId }: AccountKey,
	isEnabled: boolean,
): Promise<void> {
	await client.query(
		`insert into stackkraft.accounts (platform, account_id, is_enabled) values ($1, $2, $3)
		 on conflict (platform, account_id) do update set is_enabled = excluded.is_enabled`,
		[platform, accountId, isEnabled],
	);
}
