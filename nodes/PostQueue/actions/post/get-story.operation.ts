import { getPost, listPostEvents } from '../../../../lib/database';
import { shownFor, toItemJson, type PostgresOperation } from '../../../shared/postgres-operations';
import { postIdField, readPostId } from '../../../shared/postgres-fields';

export const getStory: PostgresOperation = {
	description: shownFor({ resource: ['post'], operation: ['getStory'] }, [postIdField]),

	async execute({ context, pool, itemIndex }) {
		const { postId } = await getPost(pool, readPostId(context, itemIndex));
		const events = await listPostEvents(pool, postId);
		return events.map((event) => ({ json: { postId, ...toItemJson(event) } }));
	},
};
