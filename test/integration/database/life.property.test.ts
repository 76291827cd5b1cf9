// Any order of operations, by two workers and a person, on one post: whatever happens, the invariants hold.
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Pool } from 'pg';
import {
	cancelPost,
	claimPost,
	deferClaim,
	listPostEvents,
	openPost,
	PostActionError,
	PostgresJournal,
	redrivePost,
	relayOutbox,
	reschedulePost,
	wakeStranded,
} from '../../../lib/database';
import { LostClaimError } from '../../../lib/publishing/errors';
import { canTransition } from '../../../lib/publishing/transitions';
import { endLease, makeDue, openTestPool, type TestPool } from './support';

const steps = [
	'claim',
	'saveHandle',
	'markUploaded',
	'arm',
	'disarm',
	'check',
	'drop',
	'live',
	'wait',
	'unknown',
	'failed',
	'defer',
	'keepAlive',
	'endLease',
	'makeDue',
	'cancel',
	'reschedule',
	'redrive',
	'tick',
] as const;

interface Worker {
	epoch: number;
}

const error = { class: 'network', message: 'cut' } as const;

async function perform(
	step: (typeof steps)[number],
	{ pool, postId, worker }: { pool: Pool; postId: string; worker: Worker },
): Promise<void> {
	const journal = new PostgresJournal({ pool, postId, epoch: worker.epoch });
	const at = new Date(Date.now() + 60_000);
	switch (step) {
		case 'claim': {
			const result = await claimPost({ pool, postId, leaseMs: 60_000 });
			if (result.claimed) worker.epoch = result.post.epoch;
			return;
		}
		case 'saveHandle':
			return journal.saveHandle({ id: randomUUID() });
		case 'markUploaded':
			return journal.markUploaded({ id: randomUUID() });
		case 'arm':
			return journal.armCommit({ armedAt: new Date(), checks: 0 });
		case 'disarm':
			return journal.disarmCommit();
		case 'check':
			await journal.countCheck();
			return;
		case 'drop':
			return journal.dropHandle();
		case 'live':
			return journal.recordLive({ platformPostId: randomUUID(), url: 'https://a/b' });
		case 'wait':
			return journal.recordDecision({ kind: 'wait', at, countsAsRetry: true, error });
		case 'unknown':
			return journal.recordDecision({ kind: 'unknown', at, error });
		case 'failed':
			return journal.recordDecision({ kind: 'failed', error });
		case 'defer':
			await deferClaim({ pool, postId, epoch: worker.epoch, until: at, reason: 'full' });
			return;
		case 'keepAlive':
			return journal.keepAlive();
		case 'endLease':
			return endLease(pool, postId);
		case 'makeDue':
			return makeDue(pool, postId);
		case 'cancel':
			await cancelPost(pool, postId, 'no');
			return;
		case 'reschedule':
			await reschedulePost(pool, postId, at);
			return;
		case 'redrive':
			await redrivePost(pool, postId);
			return;
		case 'tick':
			await wakeStranded({ pool, queuedForMs: 0, quietMs: 0 });
			await relayOutbox({ pool, publish: async () => undefined });
			return;
		default:
			return step satisfies never;
	}
}

describe('the life of a post, whatever happens', () => {
	let database: TestPool;
	beforeAll(async () => {
		database = await openTestPool();
	});
	afterAll(() => database.close());

	it('never has two successes, an untold change, a lost wake-up or a claim that two workers hold', async () => {
		const { pool } = database;
		const reached = new Set<string>();
		const scenario = fc.array(fc.record({ step: fc.constantFrom(...steps), who: fc.nat(1) }), {
			minLength: 5,
			maxLength: 40,
		});
		await fc.assert(
			fc.asyncProperty(scenario, async (moves) => {
				const { post } = await openPost({
					pool,
					idempotencyKey: randomUUID(),
					platform: 'x',
					accountId: 'main',
					content: {},
				});
				const { postId } = post;
				const workers: Worker[] = [{ epoch: -1 }, { epoch: -2 }];
				for (const { step, who } of moves) {
					try {
						await perform(step, { pool, postId, worker: workers[who]! });
					} catch (thrown) {
						if (!(thrown instanceof LostClaimError) && !(thrown instanceof PostActionError)) throw thrown;
					}
				}
				const { rows } = await pool.query('select * from stackkraft.posts where post_id = $1', [postId]);
				const row = rows[0] as { state: string; epoch: number; commit_armed_at: Date | null };
				reached.add(row.state);
				const story = await listPostEvents(pool, postId);
				expect(story.filter(({ toState }) => toState === 'posted').length).toBe(
					row.state === 'posted' ? 1 : 0,
				);
				const changes = story.filter(({ toState }) => toState !== null);
				changes.slice(1).forEach((change, index) => {
					expect(change.fromState).toBe(changes[index]!.toState);
					expect(canTransition(change.fromState!, change.toState!)).toBe(true);
				});
				expect(changes[changes.length - 1]).toMatchObject({ toState: row.state, epoch: row.epoch });
				const epochs = story.filter(({ event }) => event === 'claimed').map(({ epoch }) => epoch);
				expect(epochs).toEqual(epochs.map((_epoch, index) => index + 1));
				expect(workers[0]!.epoch).not.toBe(workers[1]!.epoch);
				// Armed and disarmed take turns: nobody armed a call over an older one without an answer.
				const marks = story.map(({ event }) => event).filter((event) => event.startsWith('commit-'));
				marks.forEach((mark, index) => {
					expect(mark).toBe(index % 2 === 0 ? 'commit-armed' : 'commit-disarmed');
				});
				await endLease(pool, postId);
				await makeDue(pool, postId);
				await wakeStranded({ pool, queuedForMs: 0, quietMs: 0 });
				const open = await pool.query(
					`select 1 from stackkraft.outbox where post_id = $1 and kind = 'wake-up' and sent_at is null`,
					[postId],
				);
				const isOpen = ['pending', 'queued', 'publishing', 'unknown'].includes(row.state);
				expect([row.state, open.rowCount]).toEqual([row.state, isOpen ? 1 : open.rowCount]);
			}),
			{ numRuns: 120 },
		);
		expect([...reached].sort()).toEqual(expect.arrayContaining(['failed', 'pending', 'posted', 'unknown']));
	}, 120_000);
});
