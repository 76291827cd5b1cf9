/** What the database refused, in words for a person. Nothing was written. */
export class PostActionError extends Error {
	constructor(
		readonly code: 'not-found' | 'wrong-state' | 'idempotency-conflict' | 'unknown-post',
		message: string,
		readonly remedy: string,
	) {
		super(message);
		this.name = 'PostActionError';
	}
}

export function postNotFound(postId: string): PostActionError {
	return new PostActionError(
		'not-found',
		`There is no post ${postId}.`,
		'Check the post id; Post Queue → Get Many lists the posts there are.',
	);
}
