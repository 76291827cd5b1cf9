import { z } from 'zod';
import type { Accounts } from '../core/accounts';
import type { Account, Frame } from '../core/network';
import type { OAuth } from '../core/oauth';
import type { Collection } from '../core/store';
import type { RuploadState } from '../graph/rupload';

export const switchesSchema = z.strictObject({
	/** 25 / 2207050 (facts 3.5). */
	isRestricted: z.boolean().default(false),
	/** The docs say 50 and 100; the smaller one, readable at content_publishing_limit (facts 3.4). */
	quotaTotal: z.int().nonnegative().default(50),
});
export type Switches = z.output<typeof switchesSchema>;
export type Professional = Account & Switches;

export const settingsSchema = z.strictObject({
	/** How long a container is worked on once its media is there. */
	processingMs: z.number().nonnegative().default(1500),
	/** Until then insights are an empty set (facts 3.6: up to 48 hours). */
	insightsDelayMs: z.number().nonnegative().default(0),
});
export type Settings = z.output<typeof settingsSchema>;

export type ProductType = 'REELS' | 'FEED' | 'STORY';
export type MediaType = 'IMAGE' | 'VIDEO' | 'CAROUSEL_ALBUM';

export interface StoredFile {
	readonly sha256: string;
	readonly sizeBytes: number;
}

export interface Container {
	readonly id: string;
	readonly account: string;
	readonly createdAtMs: number;
	readonly productType: ProductType;
	readonly mediaType: MediaType;
	/** Can only be shown inside of a carousel. */
	readonly isCarouselItem: boolean;
	/** The items of a carousel, in their order. */
	readonly children?: readonly string[];
	readonly caption: string;
	/** Only for bytes that are sent here; media behind an address is fetched at once. */
	readonly upload?: RuploadState;
	readonly file?: StoredFile & { readonly atMs: number };
	/** The subcode that it will end with. */
	readonly failsWith?: string;
	readonly mediaId?: string;
}

export interface Media {
	readonly id: string;
	readonly account: string;
	readonly createdAtMs: number;
	readonly productType: ProductType;
	readonly mediaType: MediaType;
	readonly caption: string;
	readonly shortcode: string;
}

export interface Comment {
	readonly id: string;
	readonly mediaId: string;
	readonly username: string;
	readonly text: string;
	readonly createdAtMs: number;
}

/** What every Instagram handler works on. */
export interface Instagram {
	readonly frame: Frame;
	readonly oauth: OAuth;
	readonly accounts: Accounts<Switches>;
	readonly containers: Collection<Container>;
	readonly media: Collection<Media>;
	readonly comments: Collection<Comment>;
	settings: Settings;
}

const CONTAINER_LIFETIME_MS = 24 * 3_600_000;
const STORY_LIFETIME_MS = 24 * 3_600_000;

export type StatusCode = 'IN_PROGRESS' | 'FINISHED' | 'PUBLISHED' | 'ERROR' | 'EXPIRED';

/** Facts 3.2, as a function of the age. */
export function statusOf({ frame, settings }: Instagram, container: Container): StatusCode {
	const nowMs = frame.clock.nowMs();
	if (container.mediaId !== undefined) return 'PUBLISHED';
	if (nowMs - container.createdAtMs >= CONTAINER_LIFETIME_MS) return 'EXPIRED';
	if (container.file === undefined || nowMs - container.file.atMs < settings.processingMs) {
		return 'IN_PROGRESS';
	}
	return container.failsWith === undefined ? 'FINISHED' : 'ERROR';
}

export function permalinkOf({ frame }: Instagram, { productType, shortcode, account }: Media): string {
	const paths = { REELS: 'reel', FEED: 'p', STORY: `stories/${encodeURIComponent(account)}` };
	return `${frame.baseUrl()}/${paths[productType]}/${shortcode}/`;
}

/** Facts 3.6: a story is seen for 24 hours; then nothing of it can be read any more. */
export function isOver({ frame }: Instagram, { productType, createdAtMs }: Media): boolean {
	return productType === 'STORY' && frame.clock.nowMs() - createdAtMs >= STORY_LIFETIME_MS;
}
