import { z } from 'zod';
import type { Accounts } from '../core/accounts';
import type { Account, Frame } from '../core/network';
import type { OAuth } from '../core/oauth';
import type { Collection } from '../core/store';

export const API_VERSION = 'v26.0';

export const switchesSchema = z.strictObject({
	/** How many pages this person manages; the account id is the first one's. */
	pageCount: z.int().nonnegative().default(1),
	/** The CREATE_CONTENT task on the pages (facts 6.1). */
	mayCreateContent: z.boolean().default(true),
	/** Code 368: Facebook blocks the page's posts for hours (facts 6.5). */
	isBlocked: z.boolean().default(false),
});
export type Switches = z.output<typeof switchesSchema>;
export type User = Account & Switches;

export const settingsSchema = z.strictObject({
	/** How long a finished video is worked on before it is published. */
	processingMs: z.number().nonnegative().default(1500),
	/** What arrives of an unfinished upload is forgotten after this time; Meta publishes no number. */
	uploadLifetimeMs: z
		.number()
		.positive()
		.default(24 * 3_600_000),
	/** Identical text "soon after" (facts 6.7); Meta publishes no number. */
	duplicateWindowMs: z.number().nonnegative().default(600_000),
	/** 24 to 48 hours in reality (facts 6.6); short so that a demo has numbers to show. */
	insightsDelayMs: z.number().nonnegative().default(0),
	/** How much the older chunk protocol asks for at once: the server dictates the range (facts 6.3). */
	chunkBytes: z
		.int()
		.positive()
		.default(4 * 1024 * 1024),
	/** Metric names that are gone, as Meta lets them go (facts 6.6). */
	goneMetrics: z.array(z.string()).default([]),
	pageSize: z.int().positive().default(100),
});
export type Settings = z.output<typeof settingsSchema>;

export interface PageToken {
	readonly userToken: string;
	readonly pageId: string;
	/** Derived from a long-lived user token it has no expiry (facts 6.1). */
	readonly outlivesUserToken: boolean;
	readonly isExpired?: boolean;
}

export interface Video {
	readonly id: string;
	readonly kind: 'reel' | 'video' | 'story';
	readonly account: string;
	readonly pageId: string;
	readonly createdAtMs: number;
	/** Reels announce it with the bytes, videos at the start. */
	readonly totalBytes: number | undefined;
	readonly storedBytes: number;
	/** Set when every byte is there. */
	readonly sha256?: string;
	/** What its processing will fail with, decided when the bytes came. */
	readonly failsWith?: string;
	readonly finished?: {
		readonly atMs: number;
		readonly description: string;
		readonly title: string;
		/** Scheduled: ready as usual, but seen by nobody until then. */
		readonly publishAtMs?: number;
		readonly failsWith?: string;
	};
}

export interface Photo {
	readonly id: string;
	readonly account: string;
	readonly pageId: string;
	readonly sha256: string;
	readonly sizeBytes: number;
}

export interface Post {
	readonly id: string;
	readonly account: string;
	readonly pageId: string;
	readonly createdAtMs: number;
	readonly message: string;
	readonly link: string;
	readonly photoIds: readonly string[];
	/** Seen by nobody until then. */
	readonly publishAtMs?: number;
	/** Gone after a day, and in no list of posts. */
	readonly isStory?: true;
}

/** What every Facebook handler works on. */
export interface Facebook {
	readonly frame: Frame;
	readonly oauth: OAuth;
	readonly accounts: Accounts<Switches>;
	readonly longLivedTokens: Collection<true>;
	readonly pageTokens: Collection<PageToken>;
	readonly videos: Collection<Video>;
	readonly photos: Collection<Photo>;
	readonly posts: Collection<Post>;
	settings: Settings;
}

export function pageIdsOf({ accountId, pageCount }: User): string[] {
	return Array.from({ length: pageCount }, (_, index) =>
		index === 0 ? accountId : `${accountId}${index + 1}`,
	);
}
