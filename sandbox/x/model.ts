import { z } from 'zod';
import type { Accounts } from '../core/accounts';
import type { Account, Frame } from '../core/network';
import type { OAuth } from '../core/oauth';
import type { Collection } from '../core/store';

export const switchesSchema = z.strictObject({
	isSuspended: z.boolean().default(false),
	/** Premium accounts may write 25,000 weighted characters (facts 4.4). */
	isPremium: z.boolean().default(false),
	creditsDepleted: z.boolean().default(false),
	/** Quote posts need an Enterprise plan (facts 4.3). */
	isEnterprise: z.boolean().default(false),
});
export type Switches = z.output<typeof switchesSchema>;
export type User = Account & Switches;

export const settingsSchema = z.strictObject({
	/** How long a video or GIF is worked on after finalize. */
	processingMs: z.number().nonnegative().default(1500),
	/** "Within a short time" (facts 4.10); X publishes no number. */
	duplicateWindowMs: z.number().nonnegative().default(3_600_000),
	/** The 24-hour headers are absent on pay-per-use, so clients must live without them (facts 4.6). */
	showsDayLimits: z.boolean().default(false),
});
export type Settings = z.output<typeof settingsSchema>;

export type MediaKind = 'video' | 'animated_gif' | 'photo' | 'other';

export interface Media {
	readonly id: string;
	readonly mediaKey: string;
	readonly account: string;
	readonly kind: MediaKind;
	readonly mediaType: string;
	readonly totalBytes: number;
	readonly createdAtMs: number;
	/** Sizes of the segments that arrived in full; a repeated one replaces the earlier. */
	readonly segments: Readonly<Record<string, number>>;
	readonly altText?: string;
	readonly finalized?: { readonly atMs: number; readonly sha256: string; readonly failsWith?: string };
}

export interface UrlEntity {
	readonly start: number;
	readonly end: number;
	readonly url: string;
	readonly expanded_url: string;
	readonly display_url: string;
	readonly media_key?: string;
}

export interface Tweet {
	readonly id: string;
	readonly account: string;
	readonly userId: string;
	readonly createdAtMs: number;
	/** As it was sent; what duplicates are compared by. */
	readonly sentText: string;
	/** As X shows it: links shortened, the media link appended. */
	readonly shownText: string;
	readonly urls: readonly UrlEntity[];
	readonly mediaIds: readonly string[];
	readonly inReplyTo?: string;
	readonly quoteOf?: string;
	readonly replySettings: string;
	readonly deletedAtMs?: number;
}

/** What every X handler works on. */
export interface X {
	readonly frame: Frame;
	readonly oauth: OAuth;
	readonly accounts: Accounts<Switches>;
	readonly media: Collection<Media>;
	readonly tweets: Collection<Tweet>;
	settings: Settings;
}

export function liveTweet(x: X, id: string): Tweet | undefined {
	const tweet = x.tweets.get(id);
	return tweet?.deletedAtMs === undefined ? tweet : undefined;
}
