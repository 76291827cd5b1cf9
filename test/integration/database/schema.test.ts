import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { createPool, PostgresJournal } from '../../../lib/database';
import { postStateSchema } from '../../../lib/publishing/post';
import { canTransition } from '../../../lib/publishing/transitions';
import { platformSchema } from '../../../lib/publishing/platform';
import { createTestDatabase } from '../../support/database';
import { describeSchema } from './describe-schema';
import { claimed, openTestPool, plannedPost, type TestPool } from './support';

const snapshotPath = join(__dirname, 'schema.snapshot.txt');
const projectFolder = resolve(__dirname, '../../..');

/** In processes of their own, as it happens: several n8n workers that start at the same moment. */
async function migrateInProcess(url: string): Promise<string[]> {
	const script = `require('./lib/database/migrate').migrateUp(process.env.TARGET_URL)
		.then((names) => console.log(JSON.stringify(names)), (error) => { console.error(error); process.exit(1); });`;
	const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', '-e', script], {
		cwd: projectFolder,
		env: { ...process.env, TARGET_URL: url },
		timeout: 60_000,
	});
	return JSON.parse(stdout) as string[];
}

describe('schema', () => {
	let database: TestPool;
	beforeAll(async () => {
		database = await openTestPool();
	});
	afterAll(() => database.close());

	it('is the schema that was reviewed', async () => {
		const found = await describeSchema(database.pool);
		if (process.env['UPDATE_SCHEMA_SNAPSHOT']) writeFileSync(snapshotPath, found);
		expect(found).toBe(readFileSync(snapshotPath, 'utf8'));
	});

	it('comes out the same when several processes migrate one empty database at once', async () => {
		const empty = await createTestDatabase();
		const pool = createPool(empty.url);
		try {
			await pool.query('drop schema if exists stackkraft cascade');
			const applied = await Promise.all([migrateInProcess(empty.url), migrateInProcess(empty.url)]);
			const one = applied.filter((names) => names.length > 0);
			expect(one).toHaveLength(1);
			expect(await migrateInProcess(empty.url)).toEqual([]);
			expect(await describeSchema(pool)).toBe(readFileSync(snapshotPath, 'utf8'));
		} finally {
			await pool.end();
			await empty.drop();
		}
	});

	it('allows the transitions that the code allows, and no other', async () => {
		const states = postStateSchema.options;
		for (const from of states) {
			for (const to of states) {
				const { rows } = await database.pool.query<{ allowed: boolean }>(
					'select stackkraft.post_transition_allowed($1, $2) as allowed',
					[from, to],
				);
				expect([from, to, rows[0]!.allowed]).toEqual([from, to, canTransition(from, to)]);
			}
		}
	});

	it('knows the networks that the code knows', async () => {
		for (const platform of [...platformSchema.options, 'myspace']) {
			const inserted = database.pool.query(
				`insert into stackkraft.accounts (platform, account_id) values ($1, 'known') on conflict do nothing`,
				[platform],
			);
			if (platform === 'myspace') await expect(inserted).rejects.toThrow('accounts_platform_known');
			else await inserted;
		}
	});

	it('refuses a transition that no code should make', async () => {
		const { pool } = database;
		const { postId } = await plannedPost(pool);
		await expect(
			pool.query(
				`update stackkraft.posts set state = 'posted', platform_post_id = 'a', platform_url = 'b',
					published_at = now() where post_id = $1`,
				[postId],
			),
		).rejects.toThrow('cannot go from pending to posted');
	});

	it('refuses a posted post without its proof, and any change of the proof', async () => {
		const { pool } = database;
		const { postId, epoch } = await claimed(pool);
		await expect(
			pool.query(`update stackkraft.posts set state = 'posted', lease_expires_at = null where post_id = $1`, [
				postId,
			]),
		).rejects.toThrow('posts_posted_has_proof');
		const live = { platformPostId: `id-${postId}`, url: 'https://a/1' };
		await new PostgresJournal({ pool, postId, epoch }).recordLive(live);
		await expect(
			pool.query(`update stackkraft.posts set platform_post_id = 'other' where post_id = $1`, [postId]),
		).rejects.toThrow('what proves it cannot change');
	});

	it('refuses to bind one live post of the network to two posts', async () => {
		const { pool } = database;
		const live = { platformPostId: 'the-same', url: 'https://a/same' };
		const [first, second] = [await claimed(pool), await claimed(pool)];
		await new PostgresJournal({ pool, ...first }).recordLive(live);
		await expect(new PostgresJournal({ pool, ...second }).recordLive(live)).rejects.toMatchObject({
			class: 'unknown',
			code: 'post-id-taken',
		});
	});

	it('never forgets or rewrites an event', async () => {
		const { pool } = database;
		await plannedPost(pool);
		for (const statement of [
			`update stackkraft.post_events set event = 'nicer'`,
			'delete from stackkraft.post_events',
			'truncate stackkraft.post_events',
		]) {
			await expect(pool.query(statement)).rejects.toThrow('post_events is append-only');
		}
	});

	it('never lets an epoch go back', async () => {
		const { postId } = await claimed(database.pool);
		await expect(
			database.pool.query('update stackkraft.posts set epoch = 0 where post_id = $1', [postId]),
		).rejects.toThrow('cannot go back');
	});
});
