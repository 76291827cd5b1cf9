// "Test step" in the editor. It looks at the oldest waiting message and leaves it where it is: a person who
// tries things out must not take work away from production, nor use up its attempts.
import type { ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';
import { connectNats, peekMessage, type NatsSettings } from '../../lib/queue';
import { toNodeError } from '../shared/errors';
import { toItem } from './execution';
import type { TriggerSettings } from './settings';

export function peekForEditor(
	context: ITriggerFunctions,
	nats: NatsSettings,
	settings: TriggerSettings,
): ITriggerResponse {
	const closed = new AbortController();
	const { stream, filterSubject, reading } = settings;
	return {
		closeFunction: async () => closed.abort(),
		manualTriggerFunction: async () => {
			try {
				const connection = await connectNats(nats, { signal: closed.signal });
				try {
					const peeked = { stream: stream.name, filterSubject, reading };
					const delivery = await peekMessage(connection, peeked, closed.signal);
					context.emit([[{ json: toItem(delivery) }]]);
				} finally {
					await connection.close();
				}
			} catch (error) {
				// The editor was closed or the test was cancelled: nobody waits for an answer any more.
				if (!closed.signal.aborted) throw toNodeError(context.getNode(), error, 0);
			}
		},
	};
}
