import { z } from 'zod';
import type { Accounts } from '../core/accounts';
import type { Account, Frame } from '../core/network';
import type { OAuth } from '../core/oauth';
import type { Collection } from '../core/store';

export const PRIVACY_LEVELS = [
	'PUBLIC_TO_EVERYONE',
	'MUTUAL_FOLLOW_FRIENDS',
	'FOLLOWER_OF_CREATOR',
	'SELF_ONLY',
] as const;
export type PrivacyLevel = (typeof PRIVACY_LEVELS)[number];

export const switchesSchema = z.strictObject({
	/** A private account has no public posts (facts 2.2: the options are the creator's own). */
	isPrivate: z.boolean().default(false),
	/** An app that TikTok has not audited posts to private accounts only, and only SELF_ONLY (facts 2.6). */
	appIsAudited: z.boolean().default(true),
	isBanned: z.boolean().default(false),
	/** Drafts of photos need version 31.8 of the creator's app (facts 2.7). */
	hasOldApp: z.boolean().default(false),
	commentDisabled: z.boolean().default(false),
	duetDisabled: z.boolean().default(false),
	stitchDisabled: z.boolean().default(false),
	maxVideoSec: z.int().positive().default(600),
	/** Posts per 24 hours over all clients; "typically about 15" (facts 2.6). */
	dailyPosts: z.int().nonnegative().default(15),
});
export type Switches = z.output<typeof switchesSchema>;
export type Creator = Account & Switches;

export const settingsSchema = z.strictObject({
	/** From the last byte to PUBLISH_COMPLETE. */
	processingMs: z.number().nonnegative().default(1500),
	/** From PUBLISH_COMPLETE until the public id is told: moderation may lag behind (facts 2.4). */
	moderationMs: z.number().nonnegative().default(400),
	/** Facts 2.2: an upload address is valid for one hour. */
	uploadLifetimeMs: z.number().positive().default(3_600_000),
	/** What was verified in the developer portal (facts 2.3): from below these addresses media is fetched. */
	verifiedUrlPrefixes: z.array(z.string()).default([]),
	/** Off for tests and demos that post by the hundred; the daily cap of a creator has no published number. */
	enforcesDailyPosts: z.boolean().default(false),
});
export type Settings = z.output<typeof settingsSchema>;

export interface PostInfo {
	readonly title: string;
	/** Photos have one beside their title. */
	readonly description?: string;
	readonly privacyLevel: PrivacyLevel;
	readonly isAiGenerated: boolean;
}

/** One init and everything that came of it. */
export interface Publish {
	readonly publishId: string;
	readonly clientId: string;
	readonly account: string;
	/** A draft goes to the creator's inbox and has no words of its own. */
	readonly post: PostInfo | null;
	readonly uploadId: string;
	readonly uploadToken: string;
	readonly createdAtMs: number;
	readonly videoSize: number;
	readonly chunkSize: number;
	readonly totalChunks: number;
	readonly uploadedBytes: number;
	/** Absent where the bytes are sent to `upload_url`. */
	readonly pulled?: 'video' | 'photo';
	/** Chosen at init, so that one upload can never make two videos. */
	readonly videoId: string;
	readonly done?: { readonly atMs: number; readonly sha256: string; readonly failsWith?: string };
}

/** What every TikTok handler works on. */
export interface TikTok {
	readonly frame: Frame;
	readonly oauth: OAuth;
	readonly accounts: Accounts<Switches>;
	readonly publishes: Collection<Publish>;
	settings: Settings;
}

export type PublishState =
	| { readonly status: 'PROCESSING_UPLOAD' | 'PROCESSING_DOWNLOAD' | 'SEND_TO_USER_INBOX' }
	| { readonly status: 'PUBLISH_COMPLETE'; readonly isListed: boolean }
	| { readonly status: 'FAILED'; readonly reason: string };

/** Facts 2.4, as a function of age: nothing has to run for a video to be published. */
export function stateOf({ settings, frame }: TikTok, publish: Publish): PublishState {
	const { done, post } = publish;
	const ageMs = done === undefined ? -1 : frame.clock.nowMs() - done.atMs;
	if (done === undefined || ageMs < settings.processingMs) {
		return { status: publish.pulled ? 'PROCESSING_DOWNLOAD' : 'PROCESSING_UPLOAD' };
	}
	if (done.failsWith !== undefined) return { status: 'FAILED', reason: done.failsWith };
	if (post === null) return { status: 'SEND_TO_USER_INBOX' };
	const isModerated = ageMs >= settings.processingMs + settings.moderationMs;
	return {
		status: 'PUBLISH_COMPLETE',
		isListed: isModerated && post.privacyLevel === 'PUBLIC_TO_EVERYONE',
	};
}
