import { getPost } from '../../../../lib/database';
import { shownFor, type PostgresOperation } from '../../../shared/postgres-operations';
import { postIdField, readPostId } from '../../../shared/postgres-fields';
import { postJson } from '../post-json';

export const get: PostgresOperation = {
	description: shownFor({ resource: ['post'], operation: ['get'] }, [postIdField]),

	async execute({ context, pool, itemIndex }) {
		return [{ json: postJson(await getPost(pool, readPostId(context, itemIndex))) }];
	},
};
