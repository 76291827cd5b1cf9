import { Clock } from './core/clock';
import { Faults } from './core/faults';
import { Ids } from './core/ids';
import { Journal } from './core/journal';
import type { Account, Network } from './core/network';
import type { IssuedTokens, IssueOptions, OAuthClient } from './core/oauth';
import { NetworkServer } from './core/server';
import { Spool } from './core/spool';
import { Store } from './core/store';
import { NETWORKS, NETWORK_NAMES, type NetworkName } from './networks';

export type { Clock } from './core/clock';
export type { FaultOrder, Faults } from './core/faults';
export type { Journal, JournalPost, JournalRequest, UnexpectedRequest } from './core/journal';
export type { IssuedTokens, IssueOptions, OAuthClient } from './core/oauth';
export { NETWORK_NAMES, type NetworkName } from './networks';

export interface SandboxOptions {
	/** All of them when left out. */
	readonly networks?: readonly NetworkName[];
	/** A free port is chosen when left out. */
	readonly ports?: Partial<Record<NetworkName, number>>;
	/** What the outside calls the server, when a proxy stands in front; used in session addresses and post urls. */
	readonly publicBaseUrls?: Partial<Record<NetworkName, string>>;
	/** Journal, accounts, tokens and sessions survive a restart in this file. */
	readonly statePath?: string;
	/** Makes ids repeatable; random when left out. */
	readonly seed?: string;
}

export interface NetworkSandbox {
	readonly baseUrl: string;
	readonly defaultClient: OAuthClient;
	/** A ready token pair for an account, which is made when it does not exist. */
	issueTokens(options: IssueOptions): IssuedTokens & { readonly accountId: string };
	/** Changes an account's switches (README lists them). */
	account(name: string, switches?: Readonly<Record<string, unknown>>): Account;
	addClient(client: OAuthClient): void;
	/** What the consent page does at its next call. */
	nextConsent(consent: { readonly account?: string; readonly deny?: boolean }): void;
	/** The account's owner removes the app: every token of the account dies. */
	revokeAccount(name: string): void;
	/** Changes the network's settings (README lists them). */
	configure(settings: Readonly<Record<string, unknown>>): void;
}

export interface Sandbox extends Readonly<Record<NetworkName, NetworkSandbox>> {
	readonly journal: Journal;
	readonly faults: Faults;
	readonly clock: Clock;
	stop(): Promise<void>;
}

interface Running {
	readonly server: NetworkServer;
	readonly network: Network;
	baseUrl: string;
}

/** Starts one HTTP server per network on 127.0.0.1. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const store = new Store(options.statePath);
	const spool = new Spool(options.statePath);
	const clock = new Clock(store);
	const shared = { store, spool, clock, ids: new Ids(store, options.seed), journal: new Journal(store) };
	const faults = new Faults();
	const stopping = new AbortController();
	const running = new Map<NetworkName, Running>();
	const stop = async (): Promise<void> => {
		stopping.abort();
		await Promise.all([...running.values()].map(({ server }) => server.close()));
		store.close();
		spool.close();
	};
	try {
		for (const name of options.networks ?? NETWORK_NAMES) {
			const network = NETWORKS[name]({ ...shared, name, baseUrl: () => running.get(name)?.baseUrl ?? '' });
			const control = { name, network, faults, journal: shared.journal, clock };
			const server = new NetworkServer({ ...control, control, stopping: stopping.signal });
			const port = await server.listen(options.ports?.[name] ?? 0);
			const baseUrl = options.publicBaseUrls?.[name] ?? `http://127.0.0.1:${port}`;
			running.set(name, { server, network, baseUrl: baseUrl.replace(/\/+$/, '') });
		}
	} catch (error) {
		await stop();
		throw error;
	}
	return Object.assign(handles(running), { journal: shared.journal, faults, clock, stop });
}

function handles(running: ReadonlyMap<NetworkName, Running>): Record<NetworkName, NetworkSandbox> {
	const all: Partial<Record<NetworkName, NetworkSandbox>> = {};
	for (const name of NETWORK_NAMES) {
		const entry = running.get(name);
		Object.defineProperty(all, name, {
			enumerable: entry !== undefined,
			...(entry ? { value: handleOf(entry) } : { get: () => notStarted(name) }),
		});
	}
	return all as Record<NetworkName, NetworkSandbox>;
}

function notStarted(name: string): never {
	throw new Error(`this sandbox was started without ${name}`);
}

function handleOf({ baseUrl, network }: Running): NetworkSandbox {
	const { oauth } = network;
	return {
		baseUrl,
		defaultClient: oauth.rules.defaultClient,
		issueTokens: (options) => ({
			...oauth.issue(options),
			accountId: network.account(options.account).accountId,
		}),
		account: (name, switches) => network.account(name, switches),
		addClient: (client) => oauth.addClient(client),
		nextConsent: (consent) => {
			oauth.nextConsent = consent;
		},
		revokeAccount: (name) => void oauth.revokeAccount(name),
		configure: (settings) => void network.configure(settings),
	};
}
