import { migrateUp } from '../../../../lib/database';
import { postgresConfig, postgresCredential } from '../../../shared/postgres';
import type { PostgresOperation } from '../../../shared/postgres-operations';

export const setUp: PostgresOperation = {
	description: [],

	async execute({ context }) {
		const applied = await migrateUp(postgresConfig(await context.getCredentials(postgresCredential)));
		return [{ json: { applied, isUpToDate: true } }];
	},
};
