// The workflow gave a message up. That says something about the workflow, PostgreSQL or n8n, and seldom about the post.
import { randomUUID } from 'node:crypto';
import {
	claimPost,
	getPost,
	PostgresJournal,
	recordDeadLetter,
	redrivePost,
	relayOutbox,
	reschedulePost,
	wakeStranded,
	type OutboxRow,
} from '../../../lib/database';
import { retryPolicy } from '../../../lib/publishing/decide';
import type { DeadLetter } from '../../../lib/queue/messages';
import {
	anHourAgo,
	claimAgain,
	endLease,
	inAnHour,
	openTestPool,
	openWakeUps,
	plannedPost,
	stateOf,
	type TestPool,
} from './support';

let database: TestPool;
beforeEach(async () => {
	database = await openTestPool();
});
afterEach(() => database.close());

/** What is due goes to the courier. @returns the message of each post. */
async function ring(): Promise<ReadonlyMap<string, OutboxRow>> {
	const sent = new Map<string, OutboxRow>();
	await relayOutbox({
		pool: database.pool,
		publish: async (row) => {
			if (row.kind === 'wake-up' && row.postId) sent.set(row.postId, row);
		},
	});
	return sent;
}

async function ringAgain(postId: string): Promise<OutboxRow> {
	await database.pool.query('update stackkraft.outbox set available_at = now() where post_id = $1', [postId]);
	return messageOf(await ring(), postId);
}

function messageOf(sent: ReadonlyMap<string, OutboxRow>, postId: string): OutboxRow {
	const row = sent.get(postId);
	if (!row) throw new Error(`nothing was sent for ${postId}`);
	return row;
}

async function queuedPost(): Promise<{ postId: string; row: OutboxRow }> {
	const { postId } = await plannedPost(database.pool);
	return { postId, row: messageOf(await ring(), postId) };
}

/** As the trigger writes it after its last attempt: with the headers of the message, by the clock of its worker. */
function letterAbout(
	row: OutboxRow,
	{ errorClass = 'workflow-error', failedAt = new Date() }: { errorClass?: string; failedAt?: Date } = {},
): DeadLetter {
	return {
		version: 1,
		subject: row.subject,
		payload: JSON.stringify(row.payload),
		headers: { 'Nats-Msg-Id': row.outboxId },
		errorClass,
		reason: 'The node "Claim" failed: PostgreSQL does not answer.',
		attempts: 8,
		failedAt: failedAt.toISOString(),
		...(row.postId && { postId: row.postId }),
	};
}

async function openLetters(postId: string): Promise<number> {
	const { rows } = await database.pool.query<{ n: number }>(
		`select count(*)::int as n from stackkraft.dead_letters where post_id = $1 and resolved_at is null`,
		[postId],
	);
	return rows[0]?.n ?? -1;
}

/** The claim of the workflow, and the post of the network. */
async function publish(postId: string): Promise<void> {
	const { pool } = database;
	const { epoch } = await claimAgain(pool, postId);
	const journal = new PostgresJournal({ pool, postId, epoch });
	await journal.armCommit({ armedAt: new Date(), checks: 0 });
	await journal.recordLive({ platformPostId: randomUUID(), url: 'https://x.example/1' });
}

async function twelveMinutesPass(): Promise<void> {
	const { pool } = database;
	await pool.query(`update stackkraft.outbox set sent_at = sent_at - interval '12 minutes'`);
	await pool.query('alter table stackkraft.posts disable trigger posts_guard');
	await pool.query(`update stackkraft.posts set state_changed_at = state_changed_at - interval '12 minutes'`);
	await pool.query('alter table stackkraft.posts enable trigger posts_guard');
}

it('posts all of them after twelve minutes without PostgreSQL, whichever comes first, letter or reaper', async () => {
	const { pool } = database;
	const posts = await Promise.all(Array.from({ length: 20 }, async () => (await plannedPost(pool)).postId));
	const sent = await ring();
	await twelveMinutesPass();
	// Half of the letters arrive before the reaper's first run and half after it.
	const halves = [posts.slice(0, 10), posts.slice(10)];
	for (const half of halves) {
		for (const postId of half) await recordDeadLetter(pool, letterAbout(messageOf(sent, postId)));
		await wakeStranded({ pool });
	}
	for (const postId of posts) {
		expect(await stateOf(pool, postId)).not.toBe('failed');
		expect(await openWakeUps(pool, postId)).toBe(1);
		expect(await openLetters(postId)).toBe(0);
	}
	await pool.query('update stackkraft.posts set next_attempt_at = now()');
	await pool.query('update stackkraft.outbox set available_at = now() where sent_at is null');
	expect((await ring()).size).toBe(posts.length);
	for (const postId of posts) await publish(postId);
});

it('tries a post that was given up again after a growing delay, and fails it only after the last attempt', async () => {
	const { pool } = database;
	const { postId, row: first } = await queuedPost();
	let row = first;
	for (let attempt = 1; attempt < retryPolicy.maxAttempts; attempt++) {
		const { isNew, post } = await recordDeadLetter(pool, letterAbout(row));
		expect({ isNew, state: post?.state, retryCount: post?.retryCount }).toEqual({
			isNew: true,
			state: 'pending',
			retryCount: attempt,
		});
		const least = (retryPolicy.firstDelayMs * 2 ** (attempt - 1)) / 2;
		expect(
			(post?.nextAttemptAt.getTime() ?? 0) - (post?.stateChangedAt.getTime() ?? 0),
		).toBeGreaterThanOrEqual(Math.min(least, retryPolicy.maxDelayMs / 2));
		await pool.query('update stackkraft.posts set next_attempt_at = now() where post_id = $1', [postId]);
		row = await ringAgain(postId);
		expect(await stateOf(pool, postId)).toBe('queued');
	}
	const last = letterAbout(row);
	expect(await recordDeadLetter(pool, last)).toMatchObject({
		isNew: true,
		post: { state: 'failed', lastError: { class: 'platform', code: 'workflow-error' } },
	});
	expect(await recordDeadLetter(pool, last)).toMatchObject({ isNew: false });
	expect(await openLetters(postId)).toBe(1);
	expect(await openWakeUps(pool, postId)).toBe(0);
});

it.each(['stopped', 'rejected', 'poison'])(
	'leaves a post to a person at once when it was %s',
	async (errorClass) => {
		const { pool } = database;
		const { postId, row } = await queuedPost();
		await recordDeadLetter(pool, letterAbout(row, { errorClass }));
		expect(await stateOf(pool, postId)).toBe('failed');
		expect(await openLetters(postId)).toBe(1);
	},
);

it('goes by no worker clock: one that is behind is believed, one that is ahead changes nothing', async () => {
	const { pool } = database;
	const abandoned = await queuedPost();
	await recordDeadLetter(pool, letterAbout(abandoned.row, { errorClass: 'stopped', failedAt: anHourAgo() }));
	expect(await stateOf(pool, abandoned.postId)).toBe('failed');

	const wentOn = await queuedPost();
	await reschedulePost(pool, wentOn.postId, anHourAgo());
	await ring();
	await recordDeadLetter(pool, letterAbout(wentOn.row, { errorClass: 'stopped', failedAt: inAnHour() }));
	expect(await stateOf(pool, wentOn.postId)).toBe('queued');
	expect(await openLetters(wentOn.postId)).toBe(0);

	await redrivePost(pool, abandoned.postId);
	await recordDeadLetter(pool, letterAbout(abandoned.row, { errorClass: 'stopped', failedAt: inAnHour() }));
	expect(await stateOf(pool, abandoned.postId)).toBe('pending');
});

it('leaves alone a post that somebody works on, and one whose own message was not given up', async () => {
	const { pool } = database;
	const busy = await queuedPost();
	await claimAgain(pool, busy.postId);
	await recordDeadLetter(pool, letterAbout(busy.row, { errorClass: 'stopped' }));
	expect(await stateOf(pool, busy.postId)).toBe('publishing');

	const other = await queuedPost();
	const foreign = { ...letterAbout(other.row, { errorClass: 'stopped' }), headers: {} };
	await recordDeadLetter(pool, foreign);
	expect(await stateOf(pool, other.postId)).toBe('queued');
	const unknown = { ...letterAbout(other.row), postId: randomUUID(), headers: {} };
	expect(await recordDeadLetter(pool, unknown)).toEqual({ isNew: true, post: null });
});

it('keeps the mark of a call that may have worked, so that the next attempt looks first', async () => {
	const { pool } = database;
	const { postId, row } = await queuedPost();
	const { epoch } = await claimAgain(pool, postId);
	const journal = new PostgresJournal({ pool, postId, epoch });
	await journal.armCommit({ armedAt: new Date(), checks: 0 });
	await endLease(pool, postId);
	await recordDeadLetter(pool, letterAbout(row));
	expect(await getPost(pool, postId)).toMatchObject({ state: 'unknown', retryCount: 1, isOutcomeOpen: true });
	expect(await openWakeUps(pool, postId)).toBe(1);
	await expect(journal.recordLive({ platformPostId: '1', url: 'https://x.example/1' })).rejects.toThrow(
		/taken over/,
	);
	await pool.query('update stackkraft.posts set next_attempt_at = now() where post_id = $1', [postId]);
	expect(await claimPost({ pool, postId, leaseMs: 60_000 })).toMatchObject({ claimed: true });
	expect(await stateOf(pool, postId)).toBe('unknown');
});

it('knows a message whose row was pruned', async () => {
	const { pool } = database;
	const { postId, row } = await queuedPost();
	await pool.query('delete from stackkraft.outbox where outbox_id = $1', [row.outboxId]);
	await recordDeadLetter(pool, letterAbout(row));
	expect(await getPost(pool, postId)).toMatchObject({ state: 'pending', retryCount: 1 });
});
