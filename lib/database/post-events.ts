import { z } from 'zod';
import { postStateSchema, type PostState } from '../publishing/post';
import { toJsonb } from './json';
import type { Queryable } from './pool';

const postEventRowSchema = z.object({
	event_id: z.coerce.number().int(),
	at: z.date(),
	event: z.string(),
	from_state: postStateSchema.nullable(),
	to_state: postStateSchema.nullable(),
	epoch: z.number().int(),
	details: z.record(z.string(), z.unknown()),
});

export interface PostEvent {
	readonly eventId: number;
	readonly at: Date;
	readonly event: string;
	readonly fromState: PostState | null;
	readonly toState: PostState | null;
	readonly epoch: number;
	readonly details: Readonly<Record<string, unknown>>;
}

/** The story of one post, from its first line. */
export async function listPostEvents(client: Queryable, postId: string): Promise<readonly PostEvent[]> {
	const { rows } = await client.query(
		'select * from stackkraft.post_events where post_id = $1 order by event_id',
		[postId],
	);
	return rows.map((row) => {
		const parsed = postEventRowSchema.parse(row);
		return {
			eventId: parsed.event_id,
			at: parsed.at,
			event: parsed.event,
			fromState: parsed.from_state,
			toState: parsed.to_state,
			epoch: parsed.epoch,
			details: parsed.details,
		};
	});
}

/** What a person or a workflow did to a post, beside the changes of state that tell themselves. */
export async function appendPostEvent(
	client: Queryable,
	postId: string,
	event: string,
	details: Readonly<Record<string, unknown>> = {},
): Promise<void> {
	await client.query(
		`insert into stackkraft.post_events (post_id, event, epoch, details)
		 select post_id, $2, epoch, $3::jsonb from stackkraft.posts where post_id = $1`,
		[postId, event, toJsonb(details)],
	);
}
