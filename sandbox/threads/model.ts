import { z } from 'zod';
import type { Accounts } from '../core/accounts';
import type { Account, Frame } from '../core/network';
import type { OAuth } from '../core/oauth';
import { hashNumber } from '../core/ids';
import type { PullOutcome } from '../core/pull';
import type { Collection } from '../core/store';

export const switchesSchema = z.strictObject({
	/** Facts 7.4: 4279013. */
	isRestricted: z.boolean().default(false),
});
export type Switches = z.output<typeof switchesSchema>;
export type Profile = Account & Switches;

export const settingsSchema = z.strictObject({
	/** How long a container with media is worked on after its creation. */
	processingMs: z.number().nonnegative().default(1500),
});
export type Settings = z.output<typeof settingsSchema>;

export type MediaType = 'TEXT' | 'IMAGE' | 'VIDEO' | 'CAROUSEL';

export interface Container {
	readonly id: string;
	readonly account: string;
	readonly mediaType: MediaType;
	readonly text: string;
	readonly mediaUrl?: string;
	/** Can only be shown inside of a carousel. */
	readonly isCarouselItem: boolean;
	/** The items of a carousel, in their order. */
	readonly children?: readonly string[];
	readonly replyToId?: string;
	readonly quotePostId?: string;
	readonly createdAtMs: number;
	/** The word that `error_message` will say (facts 7.2). */
	readonly failsWith?: string;
	/** What the fetcher brought; missing while it is under way. */
	readonly pulled?: PullOutcome;
	readonly publishedAs?: string;
}

export interface Thread {
	readonly id: string;
	readonly shortcode: string;
	readonly account: string;
	readonly containerId: string;
	readonly mediaType: MediaType;
	readonly text: string;
	readonly replyToId?: string;
	readonly isQuote: boolean;
	readonly permalink: string;
	readonly createdAtMs: number;
}

/** What every handler of Threads works on. */
export interface Threads {
	readonly frame: Frame;
	readonly oauth: OAuth;
	readonly accounts: Accounts<Switches>;
	readonly containers: Collection<Container>;
	readonly posts: Collection<Thread>;
	/** When a token of the exchange or refresh endpoint was made; others were issued by the control plane. */
	readonly tokens: Collection<{ readonly issuedAtMs: number; readonly isLongLived: boolean }>;
	/** Fetches under way, by container. */
	readonly pulls: Map<string, Promise<void>>;
	settings: Settings;
}

/** Eighteen digits: too large for a JavaScript number, so ids have to stay text. */
export function newId(frame: Frame): string {
	const text = frame.ids.text('threads', 24);
	const high = 17_000_000 + (hashNumber(`${text}:high`) % 1_000_000);
	return `${high}${String(hashNumber(text)).padStart(10, '0')}`;
}
