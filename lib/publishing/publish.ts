// The life of one attempt: prepare → upload → arm → commit, each step durable before the next begins.
// Whatever dies, the next worker loads the progress and goes on from there. The rule that nothing here may
// break: `commit` is called only when no earlier call of this post can have had an effect.
import type { AdapterContext, Draft, FollowUp, PlatformAdapter, Sighting } from './adapter';
import { checkDelayMs } from './decide';
import { PublishError, toPublishError } from './errors';
import type { PublishJournal } from './ports';
import type { JsonObject } from './platform';
import type { CommitIntent, LivePost, Progress } from './post';
import { timelyHttp } from './timely-http';

export interface PublishJob {
	readonly adapter: PlatformAdapter;
	readonly context: AdapterContext;
	readonly draft: Draft;
	readonly journal: PublishJournal;
}

export interface Recorded {
	readonly live: LivePost;
	/** True when an earlier attempt had posted it and this one only found that out. */
	readonly wasAlreadyPosted: boolean;
	/** True when this run wrote it down, so that what hangs on the post is this run's to do. */
	readonly isNews: boolean;
}

export interface Published extends Omit<Recorded, 'isNews'> {
	/** Empty when nothing hangs on the post, or when an earlier attempt saw to it. */
	readonly followUps: readonly FollowUp[];
}

/** The far side forgot the upload before anything was published with it: start over from `prepare`. */
export class HandleGoneError extends PublishError {
	constructor(message: string) {
		super('platform', message, { code: 'handle-gone' });
		this.name = 'HandleGoneError';
	}
}

/** How often one run starts over after a lost handle, or commits again after a proven miss. */
const maxRounds = 3;
/** How often one run looks for a lost answer before it leaves the looking to a later run. */
const maxLooksPerRun = 3;

/** @throws PublishError whose class says what to do next; LostClaimError when another worker took over. */
export async function publishPost(job: PublishJob): Promise<Published> {
	return await withFollowUps(job, await recordPost(job));
}

/**
 * Up to the record and no further. Whoever holds a claim stops extending it here: a posted post has none left,
 * and a heartbeat that finds it gone would cut what comes after and deny a post that is out.
 */
export async function recordPost(job: PublishJob): Promise<Recorded> {
	const { adapter, draft, journal } = job;
	let progress = await journal.load();
	if (progress.live) return { live: progress.live, wasAlreadyPosted: true, isNews: false };
	if (!progress.commitIntent) refuseInvalid(adapter, draft);

	let lostAnswer: PublishError | null = null;
	for (let round = 1; round <= maxRounds; round++) {
		if (progress.commitIntent) {
			const { commitIntent: intent, handle } = progress;
			const found = await lookForLostPost(job, { intent, handle: handle ?? {} }, lostAnswer);
			if (found) {
				await journal.recordLive(found);
				return { live: found, wasAlreadyPosted: true, isNews: true };
			}
			progress = await journal.load();
		}
		try {
			const handle = await bringToTheBrink(job, progress);
			const live = await commitOnce(job, handle);
			return { live, wasAlreadyPosted: false, isNews: true };
		} catch (error) {
			if (error instanceof HandleGoneError) await journal.dropHandle();
			else if (isLostAnswer(error)) lostAnswer = error;
			else throw error;
			progress = await journal.load();
		}
	}
	throw lostAnswer ?? new PublishError('platform', 'The network lost the upload again and again.');
}

/** Never throws: the post is recorded. */
export async function withFollowUps(
	job: PublishJob,
	{ live, wasAlreadyPosted, isNews }: Recorded,
): Promise<Published> {
	return { live, wasAlreadyPosted, followUps: isNews ? await followUp(job, live) : [] };
}

/** The post is out: whatever breaks from here on is told beside it and can never become the post's own failure. */
async function followUp(
	{ adapter, context, draft }: PublishJob,
	live: LivePost,
): Promise<readonly FollowUp[]> {
	if (!adapter.followUp) return [];
	const done = await adapter
		.followUp(context, draft, live)
		.catch((thrown: unknown) => [
			{ name: 'follow-up', isDone: false, problem: toPublishError(thrown).message },
		]);
	for (const { name, problem } of done.filter(({ isDone }) => !isDone)) {
		context.log.warn('The post is live, but something that hangs on it is missing', { name, problem });
	}
	return done;
}

function refuseInvalid(adapter: PlatformAdapter, draft: Draft): void {
	const violations = adapter.validate(draft.content, draft.media);
	const [first] = violations;
	if (!first) return;
	const found = violations.map(({ rule, found, allowed }) => `${rule}: ${found} (allowed: ${allowed})`);
	throw new PublishError(
		'validation',
		`Not ready for ${adapter.description.displayName}. ${found.join('; ')}`,
		{
			platform: adapter.description.platform,
			code: first.rule,
			remedy: violations.map(({ fix }) => fix).join(' '),
		},
	);
}

async function bringToTheBrink(job: PublishJob, progress: Progress): Promise<JsonObject> {
	const { adapter, context, draft, journal } = job;
	let handle = progress.handle;
	if (!handle) {
		handle = await adapter.prepare(context, draft);
		await journal.saveHandle(handle);
	}
	if (progress.isUploaded) return handle;
	const save = (changed: JsonObject): Promise<void> => journal.saveHandle(changed);
	handle = await adapter.upload(context, draft, { handle, save });
	await journal.markUploaded(handle);
	return handle;
}

async function commitOnce(job: PublishJob, handle: JsonObject): Promise<LivePost> {
	const { adapter, context, draft, journal } = job;
	context.signal.throwIfAborted();
	const armedAt = context.clock.now();
	await journal.armCommit({ armedAt, checks: 0 });
	const timely = { ...context, http: timelyHttp(context, armedAt) };
	const save = (changed: JsonObject): Promise<void> => journal.saveHandle(changed);
	let live: LivePost;
	try {
		live = await adapter.commit(timely, draft, handle, save);
	} catch (thrown) {
		const error = thrown instanceof PublishError ? thrown : lostAnswerOf(thrown);
		// Every class but `unknown` is the adapter's promise that the call had no effect.
		if (error.class !== 'unknown') await journal.disarmCommit();
		throw error;
	}
	await journal.recordLive(live);
	return live;
}

/** A reader can go on from it. Where a person is asked no look helps, and one that sees nothing would send again. */
function isLostAnswer(error: unknown): error is PublishError {
	return error instanceof PublishError && error.class === 'unknown' && !error.needsPerson;
}

/** Something we did not foresee broke during the irreversible call: it may have worked. */
function lostAnswerOf(thrown: unknown): PublishError {
	const { message } = toPublishError(thrown);
	return new PublishError('unknown', `The answer to the publishing call was lost: ${message}`, {
		cause: thrown,
	});
}

interface Search {
	readonly handle: JsonObject;
	readonly intent: CommitIntent;
}

/** @returns the post, or null when a reader proved that there is none. Throws `unknown` when it cannot tell. */
async function lookForLostPost(
	job: PublishJob,
	search: Search,
	lostAnswer: PublishError | null,
): Promise<LivePost | null> {
	const { adapter, context, journal } = job;
	for (let look = 1; ; look++) {
		const sighting = await lookOnce(job, search);
		switch (sighting.state) {
			case 'live':
				return sighting.live;
			case 'absent':
				await journal.disarmCommit();
				return null;
			case 'gone':
				await journal.disarmCommit();
				await journal.dropHandle();
				return null;
			case 'hidden': {
				const { message, remedy } = sighting;
				const { platform } = adapter.description;
				throw new PublishError('unknown', message, { platform, code: 'hidden', remedy, needsPerson: true });
			}
			case 'undecided': {
				const checks = await journal.countCheck();
				if (look >= maxLooksPerRun) throw lostAnswer ?? undecided(adapter);
				const delayMs = Math.max(sighting.retryAfterMs, checkDelayMs(checks, 0));
				await context.clock.sleep(delayMs, context.signal);
			}
		}
	}
}

/** A look that fails counts like one that could not tell; otherwise a broken account is looked at for ever. */
async function lookOnce(job: PublishJob, search: Search): Promise<Sighting> {
	const { adapter, context, draft, journal } = job;
	try {
		return await adapter.find(context, draft, search);
	} catch (error) {
		if (!context.signal.aborted) await journal.countCheck();
		throw error;
	}
}

function undecided(adapter: PlatformAdapter): PublishError {
	const { displayName, platform } = adapter.description;
	return new PublishError('unknown', `It cannot be told yet whether ${displayName} published the post.`, {
		platform,
		remedy: `Look at the account on ${displayName}. The post is looked for again by itself; nothing is sent twice.`,
	});
}
