// What happens while a worker stands still at an edge.
import { randomUUID } from 'node:crypto';
import { connectNats, publishMessage } from '../../lib/queue';
import { publishSubject } from '../../lib/queue/messages';
import { platformSchema } from '../../lib/publishing/platform';
import { accountId } from './intake';
import type { AskedChild } from './child';
import type { Lane } from './lane';
import type { Ledger } from './ledger';
import type { EdgeFault } from './plan';

export interface Scene {
	readonly lane: Lane;
	readonly ledger: Ledger;
	readonly worker: AskedChild;
}

const copies = 2;

/** @returns whether the worker goes on: false when it is dead, or when somebody else has to take over. */
export async function strike(kind: EdgeFault['kind'], { lane, ledger, worker }: Scene): Promise<boolean> {
	switch (kind) {
		case 'kill':
			await worker.kill();
			return false;
		case 'suspend':
			return false;
		case 'duplicate':
			await deliverAgain(lane.natsUrl, ledger);
			worker.go();
			return true;
		case 'nats-lost':
			await lane.loseNats();
			worker.go();
			return true;
		case 'postgres-killed':
			await lane.killPostgres();
			// It goes on while there is no server at all.
			worker.go();
			await lane.startPostgres();
			return true;
		default:
			return kind satisfies never;
	}
}

/** The same wake-ups under other message ids: what a sender does that got no answer, and what a store does. */
async function deliverAgain(natsUrl: string, ledger: Ledger): Promise<void> {
	const { rows } = await ledger.patiently(() =>
		ledger.pool.query<{ post_id: string; platform: string }>(
			'select post_id, platform from stackkraft.posts',
		),
	);
	const connection = await connectNats({
		servers: [natsUrl],
		authentication: { kind: 'none' },
		name: 'supervisor',
	});
	try {
		for (const { post_id: postId, platform: named } of rows) {
			const request = { version: 1, postId, platform: platformSchema.parse(named), accountId } as const;
			for (let copy = 0; copy < copies; copy++) {
				const message = { subject: publishSubject(request), payload: request, messageId: randomUUID() };
				await publishMessage(connection, message);
			}
		}
	} finally {
		await connection.close();
	}
}
