import type { z } from 'zod';
import type { Account } from './network';
import type { Store } from './store';

/** Accounts of one network, made on first use. `schema` is strict and knows every switch with its default. */
export class Accounts<Switches extends object> {
	private readonly stored;

	constructor(
		store: Store,
		network: string,
		private readonly schema: z.ZodType<Switches>,
		private readonly newAccountId: () => string,
	) {
		this.stored = store.collection<Account & { switches: Switches }>(`${network}.accounts`);
	}

	get(name: string, patch: Readonly<Record<string, unknown>> = {}): Account & Switches {
		const known = this.stored.get(name);
		const switches = this.schema.parse({ ...known?.switches, ...patch });
		const entry = { account: name, accountId: known?.accountId ?? this.newAccountId(), switches };
		if (known === undefined || Object.keys(patch).length > 0) this.stored.set(name, entry);
		return { ...switches, account: entry.account, accountId: entry.accountId };
	}

	byAccountId(accountId: string): (Account & Switches) | undefined {
		const entry = this.stored.values().find((one) => one.accountId === accountId);
		return entry === undefined ? undefined : this.get(entry.account);
	}

	all(): Array<Account & Switches> {
		return this.stored.values().map((entry) => this.get(entry.account));
	}
}
