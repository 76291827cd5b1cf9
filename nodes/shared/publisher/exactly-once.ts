// Publishing behind a claim in PostgreSQL: a crash at any line costs nothing, and what happens next is
// written down there. So nothing about the post is thrown: the outcome is the item.
import type { IDataObject } from 'n8n-workflow';
import type { Pool } from 'pg';
import { z } from 'zod';
import {
	claimPost,
	databaseClock,
	defaultLeaseMs,
	getPost,
	openPost,
	PostgresJournal,
	type ClaimResult,
	type NewMedia,
} from '../../../lib/database';
import { learningClient } from '../../../lib/limits';
import { systemClock } from '../../../lib/http';
import { contentHash } from '../../../lib/media';
import type { AdapterContext } from '../../../lib/publishing/adapter';
import { LostClaimError, PublishError } from '../../../lib/publishing/errors';
import { keepingClaim } from '../../../lib/publishing/heartbeat';
import type { Platform } from '../../../lib/publishing/platform';
import type { Clock } from '../../../lib/publishing/ports';
import type { PostContent } from '../../../lib/publishing/post';
import { interrupted, recordEarlyFailure, runPost, type RunResult } from '../../../lib/publishing/run-post';
import { accountIdSchema } from '../../../lib/queue/messages';
import { toEarlyFailure } from '../early-failure';
import { withPostgres } from '../postgres';
import { makeJob } from './job';
import { asJson } from './json';
import { told } from './follow-ups';
import { closeAll, openParameterMedia, openReferences, type OpenMedia } from './media';
import { publicParentOf } from './public-media';
import { readItemContent } from './read-content';
import type { OperationInput } from './operation-input';
import { adapterContext, networkClient, nodeLogger, stopSignal } from './surroundings';
import { giveBackUnusedSlot, watchedClient, type WatchedClient } from './unused-reservation';

interface ClaimedWork {
	readonly postId: string;
	readonly platform: Platform;
	readonly accountId: string;
	readonly epoch: number;
	readonly retryCount: number;
	readonly content: PostContent;
	openMedia(signal: AbortSignal): Promise<readonly OpenMedia[]>;
}

/** Fetching remote media can take longer than a lease. */
const heartbeatMs = defaultLeaseMs / 4;

const postIdSchema = z.uuid('Post ID is not the ID of a post in the queue');
const epochSchema = z.coerce.number('Claim Epoch is not a number').int().positive();

/** The claim is made by Post Queue → Claim; text and media stand in the post itself. */
export async function publishClaimedPost(input: OperationInput): Promise<IDataObject> {
	const { context, itemIndex } = input;
	const postId = postIdSchema.parse(context.getNodeParameter('postId', itemIndex));
	const epoch = epochSchema.parse(context.getNodeParameter('claimEpoch', itemIndex));
	return await withPostgres(context, async (pool) => {
		const { platform, accountId, content, media, retryCount } = await getPost(pool, postId);
		return await runClaimed(input, pool, {
			postId,
			platform,
			accountId,
			epoch,
			retryCount,
			content,
			openMedia: async (signal) =>
				await openReferences(context, media, { signal, publicParent: await publicParentOf(input, media) }),
		});
	});
}

/** The post is made and claimed here. A second execution with the same key finds the first one's post. */
export async function publishByKey(input: OperationInput): Promise<IDataObject> {
	const { context, itemIndex, wiring } = input;
	const idempotencyKey = requiredText(input, { name: 'idempotencyKey', label: 'Idempotency Key' });
	const accountId = readAccountId(input);
	const content = readItemContent(input);
	const media = await openParameterMedia(context, itemIndex, await publicParentOf(input));
	try {
		return await withPostgres(context, async (pool) => {
			const { post } = await openPost({
				pool,
				idempotencyKey,
				platform: wiring.adapter.description.platform,
				accountId,
				content,
				media: await identified(media),
			});
			const claim = await claimPost({ pool, postId: post.postId, leaseMs: defaultLeaseMs });
			if (!claim.claimed) return notClaimed(post.postId, wiring.adapter.description.platform, claim);
			return await runClaimed(input, pool, { ...claim.post, openMedia: async () => media });
		});
	} finally {
		await closeAll(media);
	}
}

/** By the bytes, not the path: a binary property lies in a new temporary file every time. */
async function identified(media: readonly OpenMedia[]): Promise<readonly NewMedia[]> {
	return await Promise.all(
		media.map(async ({ filePath, reference = filePath, altText }) => ({
			ref: reference,
			...(altText && { altText }),
			hash: await contentHash(filePath),
		})),
	);
}

function requiredText(
	{ context, itemIndex }: OperationInput,
	{ name, label }: { readonly name: string; readonly label: string },
): string {
	const value = String(context.getNodeParameter(name, itemIndex) ?? '').trim();
	if (value) return value;
	throw new PublishError('validation', `${label} is empty.`, {
		code: name,
		remedy: 'Fill it in. If it is an expression, look at what it gives for this item.',
	});
}

/** It becomes part of a NATS subject. */
function readAccountId(input: OperationInput): string {
	const given = accountIdSchema.safeParse(requiredText(input, { name: 'accountId', label: 'Account ID' }));
	if (given.success) return given.data;
	throw new PublishError('validation', 'Account ID cannot be used as a name.', {
		code: 'accountId',
		remedy: 'Use at most 64 letters, digits, _ and -, without spaces, dots or @.',
	});
}

function refuseOtherPlatform(
	{ platform, displayName }: { platform: string; displayName: string },
	found: string,
): void {
	if (platform === found) return;
	throw new PublishError(
		'validation',
		`This post is for ${found}, and this node publishes to ${displayName}.`,
		{
			code: 'platform',
			remedy: 'Route posts by their platform before the publisher nodes.',
		},
	);
}

/** What the network says about the account's windows is written down for the posts that come after this one. */
function learning(
	surroundings: AdapterContext,
	{ wiring }: OperationInput,
	{ pool, work: { accountId } }: { readonly pool: Pool; readonly work: ClaimedWork },
): AdapterContext {
	const { platform, limits } = wiring.adapter.description;
	const { clock, log, http } = surroundings;
	return {
		...surroundings,
		http: learningClient(http, { client: pool, platform, accountId, limits, clock, log }),
	};
}

async function runClaimed(input: OperationInput, pool: Pool, work: ClaimedWork): Promise<IDataObject> {
	const { postId, platform, accountId, epoch } = work;
	const journal = new PostgresJournal({ pool, postId, epoch });
	const clock = await databaseClock(pool, systemClock);
	const http = watchedClient(networkClient());
	const log = nodeLogger(input.context);
	const result = await runOrRecord({ input, pool, work, journal, clock, http });
	await giveBackUnusedSlot(input, { pool, platform, accountId, http, outcome: result.outcome, log });
	return describe(postId, platform, result);
}

interface ClaimedRun {
	readonly input: OperationInput;
	readonly pool: Pool;
	readonly work: ClaimedWork;
	readonly journal: PostgresJournal;
	readonly clock: Clock;
	readonly http: WatchedClient;
}

/** Throws only what cannot be written down: then the post comes back when its lease is over. */
async function runOrRecord({ input, pool, work, journal, clock, http }: ClaimedRun): Promise<RunResult> {
	const { context, wiring, itemIndex } = input;
	const { content, retryCount } = work;
	const signal = stopSignal(context);
	let media: readonly OpenMedia[] = [];
	try {
		refuseOtherPlatform(wiring.adapter.description, work.platform);
		const ours = await adapterContext(context, wiring, itemIndex);
		const surroundings = learning({ ...ours, http, clock, signal }, input, { pool, work });
		media = await keepingClaim({ journal, clock, signal }, heartbeatMs, async (held) => work.openMedia(held));
		const job = await makeJob({ input, surroundings, content, media, journal });
		return await runPost(job, { retryCount, heartbeatMs, random: Math.random });
	} catch (thrown) {
		if (thrown instanceof LostClaimError) return { outcome: 'taken-over' };
		const error = signal.aborted ? interrupted(clock) : toEarlyFailure(context, thrown, itemIndex);
		return await recordEarlyFailure({ journal, clock }, error, { retryCount, random: Math.random });
	} finally {
		await closeAll(media);
	}
}

function describe(postId: string, platform: string, result: RunResult): IDataObject {
	const base = { postId, platform, outcome: result.outcome };
	switch (result.outcome) {
		case 'posted':
			return asJson({
				...base,
				...result.live,
				wasAlreadyPosted: result.wasAlreadyPosted,
				...told(result.followUps),
			});
		case 'waiting':
		case 'unknown':
			return asJson({ ...base, retryAt: result.at, error: result.error });
		case 'failed':
			return asJson({ ...base, error: result.error });
		case 'taken-over':
			return asJson(base);
		default:
			return result satisfies never;
	}
}

function notClaimed(
	postId: string,
	platform: string,
	claim: Extract<ClaimResult, { claimed: false }>,
): IDataObject {
	const base = { postId, platform };
	switch (claim.reason) {
		case 'posted':
			return asJson({ ...base, outcome: 'posted', ...claim.live, wasAlreadyPosted: true });
		case 'not-due':
			return asJson({ ...base, outcome: 'waiting', retryAt: claim.nextAttemptAt, error: claim.lastError });
		case 'busy':
			return asJson({ ...base, outcome: 'taken-over' });
		case 'failed':
		case 'cancelled':
		case 'not-found':
			return asJson({
				...base,
				outcome: claim.reason === 'failed' ? 'failed' : 'cancelled',
				error: claim.lastError,
			});
		default:
			return claim.reason satisfies never;
	}
}
