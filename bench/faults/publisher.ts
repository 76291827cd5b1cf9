// Claim → Reserve → Publish, as the shipped publisher workflow does it; only n8n around it is missing.
import type { Pool } from 'pg';
import { request } from 'undici';
import { z } from 'zod';
import { claimPost, databaseClock, defaultLeaseMs, deferClaim, PostgresJournal } from '../../lib/database';
import { fileSource, UndiciClient } from '../../lib/http';
import { reserve } from '../../lib/limits';
import { adapterFor } from '../../lib/platforms/registry';
import type { AdapterContext, DraftMedia } from '../../lib/publishing/adapter';
import type { Platform } from '../../lib/publishing/platform';
import type { Clock, HttpClient } from '../../lib/publishing/ports';
import type { ClaimedPost } from '../../lib/publishing/post';
import { runPost } from '../../lib/publishing/run-post';
import { watchedAdapter, WatchedHttp, type Edges } from './edges';
import { accountId } from './intake';
import { factsOf } from './media-files';
import type { OpenOrder } from './messages';
import { StoredTokens } from './stored-tokens';

const heartbeatMs = defaultLeaseMs / 4;
const clockSchema = z.object({ now: z.string() });

/** Sleeping moves the pretend networks' time instead of passing ours; only the heartbeat really waits. */
class FarTime {
	constructor(
		private offsetMs: number,
		private readonly controlUrl: string,
	) {}

	setOffset(offsetMs: number): void {
		this.offsetMs = offsetMs;
	}

	/** What the worker believes, moved to where the pretend networks are in time. */
	clockOn(base: Clock): Clock {
		return {
			now: () => new Date(base.now().getTime() + this.offsetMs),
			sleep: async (delayMs, signal) => this.sleep(delayMs, signal),
		};
	}

	private async sleep(delayMs: number, signal: AbortSignal): Promise<void> {
		signal.throwIfAborted();
		if (delayMs === heartbeatMs) return await realSleep(delayMs, signal);
		const answer = await request(`${this.controlUrl}/_sandbox/clock`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ advanceMs: delayMs }),
		});
		const { now } = clockSchema.parse(await answer.body.json());
		this.offsetMs = Date.parse(now) - Date.now();
	}
}

async function realSleep(delayMs: number, signal: AbortSignal): Promise<void> {
	await new Promise<void>((resolve, reject) => {
		const timer = setTimeout(resolve, delayMs);
		signal.addEventListener(
			'abort',
			() => {
				clearTimeout(timer);
				reject(signal.reason as Error);
			},
			{ once: true },
		);
	});
}

export interface Publisher {
	readonly time: FarTime;
	publish(postId: string, signal: AbortSignal): Promise<void>;
	close(): Promise<void>;
}

export function publisherOf(order: OpenOrder, pool: Pool, edges: Edges): Publisher {
	const client = new UndiciClient();
	const watch = (http: HttpClient): HttpClient => new WatchedHttp(http, edges, order.longestHttpMs);
	const [anyNetwork] = Object.values(order.networks);
	const time = new FarTime(order.offsetMs, anyNetwork?.baseUrl ?? '');
	const wrongClock: Clock = {
		now: () => new Date(Date.now() + order.skewMs),
		sleep: async (delayMs, signal) => realSleep(delayMs, signal),
	};
	const contextOf = (platform: Platform, clock: Clock, signal: AbortSignal): AdapterContext => {
		const access = order.networks[platform];
		if (!access) throw new Error(`${platform} is not part of this seed`);
		return {
			http: client,
			authorizer: new StoredTokens(pool, watch(client), platform, access),
			clock: time.clockOn(clock),
			log: { info: () => undefined, warn: () => undefined },
			signal,
			apiBaseUrl: access.baseUrl,
		};
	};
	const work = async (post: ClaimedPost, signal: AbortSignal): Promise<void> => {
		const { postId, epoch, platform, content, retryCount } = post;
		if (!(await hasSlot(pool, post))) return;
		const job = {
			adapter: watchedAdapter(adapterFor(platform), watch),
			context: contextOf(platform, await databaseClock(pool, wrongClock), signal),
			draft: { content, media: await mediaOf(post, order.mediaUrl) },
			journal: new PostgresJournal({ pool, postId, epoch }),
		};
		await runPost(job, { retryCount, heartbeatMs, random: () => 0.5 });
	};
	return {
		time,
		async publish(postId, signal) {
			const claim = await claimPost({ pool, postId, leaseMs: defaultLeaseMs });
			if (claim.claimed) await work(claim.post, signal);
		},
		close: async () => client.close(),
	};
}

/** A post that may be out already has its slot: it is looked for, however full the window is. */
async function hasSlot(pool: Pool, { postId, epoch, platform, progress }: ClaimedPost): Promise<boolean> {
	if (progress.commitIntent) return true;
	const windows = adapterFor(platform).description.limits;
	const reserved = await reserve(pool, { platform, accountId, windows });
	if (reserved.allowed) return true;
	const reason = 'A rate limit of the network is full.';
	await deferClaim({ pool, postId, epoch, until: reserved.until, reason });
	return false;
}

async function mediaOf({ platform, media }: ClaimedPost, mediaUrl: string): Promise<readonly DraftMedia[]> {
	const { mediaByAddress } = adapterFor(platform).description;
	return await Promise.all(
		media.map(async ({ ref }) => {
			const facts = factsOf(ref, 0);
			const source = await fileSource(ref, { mimeType: facts.mimeType });
			const publicUrl = async (): Promise<string> => `${mediaUrl}/${source.fileName}`;
			return {
				source,
				facts: { ...facts, sizeBytes: source.sizeBytes },
				...(mediaByAddress !== 'never' && { publicUrl }),
			};
		}),
	);
}
