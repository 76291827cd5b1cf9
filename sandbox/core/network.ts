import type { Answer } from './answer';
import type { Clock } from './clock';
import type { Ids } from './ids';
import type { Journal } from './journal';
import type { OAuth } from './oauth';
import type { Route } from './router';
import type { Spool } from './spool';
import type { Store } from './store';

/** What the frame lends to a network. */
export interface Frame {
	readonly name: string;
	/** Known once the server listens; the networks put it into session addresses and links. */
	readonly baseUrl: () => string;
	readonly clock: Clock;
	readonly store: Store;
	readonly spool: Spool;
	readonly ids: Ids;
	readonly journal: Journal;
}

/** The part of an account that every network has; each network adds its own switches. */
export interface Account {
	readonly account: string;
	/** The network's own id: channel id, user id. */
	readonly accountId: string;
}

/** What a network gives to the frame. A further network is one folder and one line in networks.ts. */
export interface Network {
	readonly title: string;
	readonly routes: readonly Route[];
	readonly oauth: OAuth;
	/** The network's real error shape for a status; used for faults and unknown paths. */
	refuse(status: number, reason?: string): Answer;
	/** Finds or makes an account and changes its switches; throws on a switch it does not know. */
	account(name: string, patch?: Readonly<Record<string, unknown>>): Account;
	/** Changes the network's settings (durations, optional headers); throws on one it does not know. */
	configure(patch: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
}

export type NetworkFactory = (frame: Frame) => Network;
