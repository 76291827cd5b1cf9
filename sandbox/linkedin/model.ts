import { z } from 'zod';
import type { Accounts } from '../core/accounts';
import type { Account, Frame } from '../core/network';
import type { OAuth } from '../core/oauth';
import type { Collection } from '../core/store';

export const switchesSchema = z.strictObject({
	/** Pages whose administrator the member is: numbers, as in `urn:li:organization:123`. */
	organizationIds: z.array(z.string().regex(/^\d+$/)).default([]),
});
export type Switches = z.output<typeof switchesSchema>;
export type Member = Account & Switches;

const month = z.string().regex(/^20\d{2}(0[1-9]|1[0-2])$/);

export const settingsSchema = z.strictObject({
	/** How long a video is worked on after finalize. */
	processingMs: z.number().nonnegative().default(1500),
	/** The same for pictures and documents. */
	imageProcessingMs: z.number().nonnegative().default(500),
	uploadUrlLifetimeMs: z.number().positive().default(86_400_000),
	/** "A short window" (facts 5.8); LinkedIn publishes no number. */
	duplicateWindowMs: z.number().nonnegative().default(3_600_000),
	/** Versions before it are turned off (facts 5.1: 202511 ended 2026-11-16). */
	oldestVersion: month.default('202512'),
	newestVersion: month.default('202608'),
	/** Only approved partners get refresh tokens (facts 5.1). */
	givesRefreshTokens: z.boolean().default(true),
});
export type Settings = z.output<typeof settingsSchema>;

export interface Part {
	readonly firstByte: number;
	readonly lastByte: number;
	/** Of the latest complete PUT; a repeated one replaces it. */
	readonly etag?: string;
}

export interface Asset {
	readonly urn: string;
	readonly kind: 'video' | 'image' | 'document';
	readonly owner: string;
	readonly account: string;
	readonly sizeBytes: number;
	/** The part of the address that lets its holder write. */
	readonly key: string;
	readonly urlsExpireAtMs: number;
	readonly parts: readonly Part[];
	readonly finished?: { readonly atMs: number; readonly sha256: string; readonly failsWith?: string };
}

export interface Post {
	readonly urn: string;
	readonly author: string;
	readonly account: string;
	readonly createdAtMs: number;
	readonly commentary: string;
	readonly visibility: string;
	readonly content?: PostMedia;
	readonly isReshareDisabledByAuthor: boolean;
}

export interface PostMedia {
	readonly media?: { readonly id: string; readonly title?: string; readonly altText?: string };
	readonly multiImage?: { readonly images: readonly { readonly id: string; readonly altText?: string }[] };
	readonly article?: {
		readonly source: string;
		readonly title: string;
		readonly description?: string;
		readonly thumbnail?: string;
	};
}

/** What every LinkedIn handler works on. */
export interface LinkedIn {
	readonly frame: Frame;
	readonly oauth: OAuth;
	readonly accounts: Accounts<Switches>;
	readonly assets: Collection<Asset>;
	readonly posts: Collection<Post>;
	settings: Settings;
}

export const PERSON = 'urn:li:person:';
export const ORGANIZATION = 'urn:li:organization:';
