// The one contract that all networks follow. Shared code never asks which platform it is: an adapter
// declares what it is like, and the shared code reads the declaration.
import type { Authorizer, Clock, HttpClient, HttpRequest, HttpResponse, Logger, RangedSource } from './ports';
import type { JsonObject, Platform } from './platform';
import type { CommitIntent, LivePost, PostContent } from './post';

/** One broken rule, in words that a person can act on. */
export interface Violation {
	readonly rule: string;
	readonly found: string;
	readonly allowed: string;
	readonly fix: string;
}

/** What ffprobe says of the media, as far as networks have rules about it. */
export interface MediaFacts {
	readonly kind: 'video' | 'image' | 'gif' | 'document';
	readonly mimeType: string;
	readonly sizeBytes: number;
	readonly durationSec?: number;
	readonly widthPx?: number;
	readonly heightPx?: number;
	readonly framesPerSec?: number;
	readonly videoCodec?: string;
	readonly audioCodec?: string;
}

/** Everything a call needs from its surroundings. */
export interface AdapterContext {
	readonly http: HttpClient;
	readonly authorizer: Authorizer;
	readonly clock: Clock;
	readonly log: Logger;
	readonly signal: AbortSignal;
	/** Empty means the network's real hosts; the sandbox, a proxy or a new API host goes here. */
	readonly apiBaseUrl?: string;
	/** Empty means the adapter's own; for a network that turned that version off before the package was updated. */
	readonly apiVersion?: string;
}

/** One picture or video of a post, as far as rules are concerned. */
export interface MediaItem {
	readonly facts: MediaFacts;
	/** What it shows, for people who do not see it. */
	readonly altText?: string;
}

export interface DraftMedia extends MediaItem {
	readonly source: RangedSource;
	/**
	 * The same bytes under an address that the network itself can fetch; made when asked for. Absent when nothing
	 * is set up that could give one. It can be signed, so it belongs into no log and no error.
	 */
	readonly publicUrl?: () => Promise<string>;
}

export interface Draft {
	readonly content: PostContent;
	/** In the order in which people see them; empty for a post of words alone. */
	readonly media: readonly DraftMedia[];
}

/** Something that hangs on a live post, such as a thumbnail or a first comment, and how it went. */
export interface FollowUp {
	readonly name: string;
	readonly isDone: boolean;
	/** Why not, and what a person can do; null when it is done. */
	readonly problem: string | null;
}

/** Called with a new handle that must be durable before the next byte is sent. */
export type SaveHandle = (handle: JsonObject) => Promise<void>;

/** What `find` can see. */
export type Sighting =
	/** Public, with its id and address. */
	| { readonly state: 'live'; readonly live: LivePost }
	/** Surely not public, and nothing on its way: the irreversible call may be made. */
	| { readonly state: 'absent' }
	/** The far side lost the handle and nothing was published with it: start over from `prepare`. */
	| { readonly state: 'gone' }
	/** Cannot be told now; look again not before `retryAfterMs`. */
	| { readonly state: 'undecided'; readonly retryAfterMs: number }
	/** The network lets nobody read it, now or later: a person looks at the account, and nothing is sent again. */
	| { readonly state: 'hidden'; readonly message: string; readonly remedy: string };

/** How a live post is doing at the far side. */
export interface PostStatus {
	readonly platformPostId: string;
	readonly url: string;
	readonly state: 'processing' | 'live' | 'failed' | 'deleted';
	readonly reason: string | null;
	readonly raw: unknown;
}

/** The unified shape. `null` means the network does not say; never a made-up 0. */
export interface Metrics {
	readonly views: number | null;
	readonly likes: number | null;
	readonly comments: number | null;
	readonly shares: number | null;
	readonly saves: number | null;
	readonly clicks: number | null;
	readonly watchTimeSeconds: number | null;
	readonly reach: number | null;
	readonly impressions: number | null;
}

export interface PostMetrics {
	readonly platformPostId: string;
	readonly metrics: Metrics;
	readonly raw: unknown;
}

export interface AdapterDescription {
	readonly platform: Platform;
	readonly displayName: string;
	readonly apiVersion: string;
	/** Whether the network fetches media from a public address itself: for all kinds of posts, for some, or for none. */
	readonly mediaByAddress: 'never' | 'possible' | 'required';
	readonly canPostWithoutMedia: boolean;
	/** How many pictures or videos one post can have, whatever its kind. */
	readonly maxMedia: number;
	/** Whether media can be described for people who do not see them. */
	readonly takesAltText: boolean;
	/** How many ids one metrics call takes. */
	readonly metricsBatchSize: number;
	/** Named windows for the rate limiter: what one `publish` costs at most. */
	readonly limits: readonly LimitWindow[];
}

/** What an answer of the network tells about one window. */
export interface LimitSighting {
	readonly limitTotal?: number | undefined;
	readonly limitRemaining: number;
	/** A moment that the network named, or how long after its answer: then our clock does not matter. */
	readonly resetAt: Date | { readonly afterSec: number };
}

/** One window of one endpoint, as the network counts it. */
export interface LimitWindow {
	readonly endpoint: string;
	readonly limitTotal: number;
	/** `app` windows are shared by all accounts of one developer app. */
	readonly scope: 'account' | 'app';
	readonly window:
		| { readonly kind: 'rolling'; readonly lengthSec: number }
		| { readonly kind: 'calendar-day'; readonly timeZone: string };
	/** Where the figure comes from. */
	readonly source: string;
	/** What the answer to this request says about the window; absent where the network never tells. Pure. */
	readonly learnFrom?: (request: HttpRequest, response: HttpResponse, now: Date) => LimitSighting | null;
	/** Which posts count in it; absent where all do. Only what kind the media are has to be known of them. */
	readonly counts?: (content: PostContent, media: readonly { readonly facts: MediaFacts }[]) => boolean;
	/** How many calls one post makes in it; absent where it is one. */
	readonly callsOf?: (content: PostContent, media: readonly { readonly facts: MediaFacts }[]) => number;
}

export interface PlatformAdapter {
	readonly description: AdapterDescription;

	/** Pure. An empty list means that publishing may begin. */
	validate(content: PostContent, media: readonly MediaItem[]): readonly Violation[];

	/** Pure. What the network bills for this post at most, in millionths of a dollar; absent where posting is free. */
	costMicrosUsd?(content: PostContent, media: readonly MediaItem[]): number;

	/**
	 * Pure. Whether a video posted with these options of `content.options` shows no words, as a story does: the words of a
	 * clip are left out then instead of being refused. Absent where every post has words.
	 */
	isWordless?(options: Readonly<Record<string, unknown>>): boolean;

	/** Opens whatever the network calls an upload. Not public, safe to repeat. */
	prepare(context: AdapterContext, draft: Draft): Promise<JsonObject>;

	/**
	 * Sends the bytes, from wherever the handle says they are, up to but without the call that publishes.
	 * Ends when only `commit` is left; waits for processing that has to come first.
	 */
	upload(
		context: AdapterContext,
		draft: Draft,
		step: { handle: JsonObject; save: SaveHandle },
	): Promise<JsonObject>;

	/**
	 * The only irreversible call. Throws a `PublishError` of class `unknown` whenever the call may have
	 * worked; any other class promises that it did not. Where the call's own answer names what a reader has to
	 * ask for, that is saved before the waiting begins. Its request says `publishes`, unless the network itself refuses it
	 * a second time.
	 */
	commit(context: AdapterContext, draft: Draft, handle: JsonObject, save: SaveHandle): Promise<LivePost>;

	/** After a lost answer: reads whether the post of this intent exists. Never sends. */
	find(
		context: AdapterContext,
		draft: Draft,
		search: { handle: JsonObject; intent: CommitIntent },
	): Promise<Sighting>;

	/**
	 * What hangs on a live post: thumbnail, playlist, first comment. Called once after the post is recorded. Looks
	 * before it sends, and never throws: the post is out, and whatever is missing is said, not retried.
	 */
	followUp?(context: AdapterContext, draft: Draft, live: LivePost): Promise<readonly FollowUp[]>;

	status(context: AdapterContext, platformPostId: string): Promise<PostStatus>;

	/** At most `metricsBatchSize` ids. Posts the network no longer knows are left out of the answer. */
	metrics(context: AdapterContext, platformPostIds: readonly string[]): Promise<readonly PostMetrics[]>;
}
