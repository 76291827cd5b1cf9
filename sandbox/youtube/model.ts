import { z } from 'zod';
import type { Accounts } from '../core/accounts';
import type { Account, Frame } from '../core/network';
import type { OAuth } from '../core/oauth';
import type { Collection } from '../core/store';
import type { VideoMetadata } from './metadata';

export const switchesSchema = z.strictObject({
	hasChannel: z.boolean().default(true),
	isSuspended: z.boolean().default(false),
	/** Phone-verified channels may set thumbnails (facts 1.2). */
	isVerified: z.boolean().default(true),
	likesHidden: z.boolean().default(false),
	commentsDisabled: z.boolean().default(false),
	/** The channel's own daily upload cap, whose number YouTube does not publish (facts 1.5). */
	uploadLimitReached: z.boolean().default(false),
	/** Titles of the playlists that the channel made. */
	playlists: z.array(z.string()).default(['Clips']),
});
export type Switches = z.output<typeof switchesSchema>;
export type Channel = Account & Switches;

export const settingsSchema = z.strictObject({
	/** How long a finished upload stays `uploaded` before it is `processed`. */
	processingMs: z.number().nonnegative().default(1500),
	/** How long a session address lives; about a week (facts 1.2). */
	sessionLifetimeMs: z
		.number()
		.positive()
		.default(7 * 24 * 3_600_000),
});
export type Settings = z.output<typeof settingsSchema>;

export interface Video {
	readonly id: string;
	readonly account: string;
	readonly channelId: string;
	readonly createdAtMs: number;
	readonly metadata: VideoMetadata;
	readonly sha256: string;
	readonly sizeBytes: number;
	readonly mimeType: string;
	/** Set by the `fail-processing` fault: a failureReason or rejectionReason of facts 1.3. */
	readonly failsWith?: string;
	/** Of its picture, so that a test can tell which one was set. */
	readonly thumbnailSha256?: string;
	/** Kept after deletion: its upload session must not be able to make it a second time. */
	readonly deletedAtMs?: number;
}

/** One line of a playlist; the same video may stand in several. */
export interface PlaylistEntry {
	readonly id: string;
	readonly playlistId: string;
	readonly videoId: string;
}

export interface UploadSession {
	readonly id: string;
	readonly account: string;
	readonly createdAtMs: number;
	readonly parts: readonly string[];
	readonly metadata: VideoMetadata;
	readonly mimeType: string;
	readonly totalBytes: number | undefined;
	readonly storedBytes: number;
	/** Chosen at the start, so that the same session can never make two videos. */
	readonly videoId: string;
}

/** What every YouTube handler works on. */
export interface YouTube {
	readonly frame: Frame;
	readonly oauth: OAuth;
	readonly accounts: Accounts<Switches>;
	readonly videos: Collection<Video>;
	readonly sessions: Collection<UploadSession>;
	readonly playlistEntries: Collection<PlaylistEntry>;
	settings: Settings;
}
