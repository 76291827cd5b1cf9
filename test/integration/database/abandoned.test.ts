import { createPool } from '../../../lib/database';
import { createTestDatabase } from '../../support/database';

it('gives the rows of a worker that stopped inside a transaction back after a minute', async () => {
	const database = await createTestDatabase();
	const pool = createPool(database.url);
	try {
		const { rows } = await pool.query('show idle_in_transaction_session_timeout');
		expect(rows).toEqual([{ idle_in_transaction_session_timeout: '1min' }]);
	} finally {
		await pool.end();
		await database.drop();
	}
});
