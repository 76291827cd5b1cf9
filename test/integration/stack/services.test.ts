import { connect } from 'nats';
import { Client } from 'pg';

import { createTestDatabase } from '../../support/database';
import { startNats } from '../../support/nats';
import { startPostgres } from '../../support/postgres';

async function ask(url: string, sql: string): Promise<unknown> {
	const client = new Client({ connectionString: url });
	client.on('error', () => undefined);
	await client.connect();
	try {
		return (await client.query(sql)).rows[0];
	} finally {
		await client.end();
	}
}

describe('services of the test run', () => {
	it('gives each caller a database that nobody else sees, and drops it', async () => {
		const [first, second] = await Promise.all([createTestDatabase(), createTestDatabase()]);
		await ask(first.url, 'create table mine (id int)');
		await expect(ask(second.url, 'select * from mine')).rejects.toThrow('does not exist');
		await Promise.all([first.drop(), second.drop()]);
		await expect(ask(first.url, 'select 1')).rejects.toThrow('does not exist');
	});

	it('shares a JetStream', async () => {
		const connection = await connect({ servers: process.env['STACKKRAFT_TEST_NATS_URL']! });
		const manager = await connection.jetstreamManager();
		expect((await manager.getAccountInfo()).limits).toBeDefined();
		await connection.close();
	});
});

describe('a NATS server of its own', () => {
	it('keeps its streams through a kill, and loses them only with its store', async () => {
		const nats = await startNats();
		const streams = async () => {
			const connection = await connect({ servers: nats.url });
			const manager = await connection.jetstreamManager();
			const names = await manager.streams.names().next();
			await connection.close();
			return names;
		};
		try {
			const connection = await connect({ servers: nats.url });
			await (await connection.jetstreamManager()).streams.add({ name: 'KEPT', subjects: ['kept.>'] });
			await connection.close();
			await nats.restart();
			expect(await streams()).toEqual(['KEPT']);
			await nats.kill();
			nats.wipeStore();
			await nats.restart();
			expect(await streams()).toEqual([]);
		} finally {
			await nats.stop();
		}
	});
});

describe('a PostgreSQL server of its own', () => {
	it('keeps committed rows through a kill', async () => {
		const postgres = await startPostgres();
		try {
			await ask(postgres.url, 'create table kept as select 7 as value');
			await postgres.kill();
			await expect(ask(postgres.url, 'select 1')).rejects.toThrow();
			await postgres.restart();
			expect(await ask(postgres.url, 'select value from kept')).toEqual({ value: 7 });
		} finally {
			await postgres.stop();
		}
	});
});
