// A post is one clip on one account of one network. This file is its whole life as data; what may follow
// what is in `transitions.ts`.
import { z } from 'zod';
import type { JsonObject, Platform } from './platform';

export const postStateSchema = z.enum([
	'pending',
	'queued',
	'publishing',
	'posted',
	'unknown',
	'failed',
	'cancelled',
]);

export type PostState = z.infer<typeof postStateSchema>;

/**
 * What is said with the media. Every network uses the fields it has: YouTube `title`, `description`, `tags`;
 * X only `text`. `options` holds the network's own extras and is checked by its adapter.
 */
export const postContentSchema = z.object({
	title: z.string().optional(),
	description: z.string().optional(),
	text: z.string().optional(),
	tags: z.array(z.string()).optional(),
	options: z.record(z.string(), z.unknown()).optional(),
});

export type PostContent = z.infer<typeof postContentSchema>;

/** A picture or video as it travels: a reference and a word about it, never bytes. */
export const mediaRefSchema = z.object({
	/** Absolute path or http(s) address. */
	ref: z.string().min(1),
	altText: z.string().optional(),
});

export type MediaRef = z.infer<typeof mediaRefSchema>;

/** What a claimed post brings along: all that publishing needs, and the epoch that fences every write. */
export interface ClaimedPost {
	readonly postId: string;
	readonly platform: Platform;
	readonly accountId: string;
	readonly content: PostContent;
	/** In the order in which people see them; empty for a post of words alone. */
	readonly media: readonly MediaRef[];
	readonly epoch: number;
	readonly retryCount: number;
	readonly progress: Progress;
}

/** What is durable about one attempt at a post. A new worker goes on from exactly here. */
export interface Progress {
	/** The far side's id for what is not public yet: session URI, media id, container id… */
	readonly handle: JsonObject | null;
	/** True once every byte is at the far side and only the irreversible call is left. */
	readonly isUploaded: boolean;
	/** Set before the irreversible call and cleared only by a reader that proved the call had no effect. */
	readonly commitIntent: CommitIntent | null;
	readonly live: LivePost | null;
}

/** The durable mark "the irreversible call may have gone out". */
export interface CommitIntent {
	readonly armedAt: Date;
	/** How often a reader has looked for this intent's outcome without deciding it. */
	readonly checks: number;
}

export interface LivePost {
	readonly platformPostId: string;
	/** Empty when the network gave the id and would not say the address; Get Status reads it later. */
	readonly url: string;
}

export const freshProgress: Progress = { handle: null, isUploaded: false, commitIntent: null, live: null };
