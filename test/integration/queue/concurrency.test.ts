import fc from 'fast-check';
import type { NatsConnection } from 'nats';
import { ensureStreams, publishMessage } from '../../../lib/queue';
import { streams } from '../../../lib/queue/messages';
import { startNats, type TestNats } from '../../support/nats';
import { connectTo, emptyStreams, messagesIn, observeLoop, until } from './support';

let nats: TestNats;
let client: NatsConnection;

beforeAll(async () => {
	nats = await startNats();
	client = await connectTo(nats.url);
});

afterAll(async () => {
	await client.close();
	await nats.stop();
});

const outcomes = fc.constantFrom('done', 'retry', 'throw', 'dead');

it('never runs more at once than allowed, and every message ends exactly once, whatever the handlers answer', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.integer({ min: 1, max: 6 }),
			fc.array(outcomes, { minLength: 1, maxLength: 25 }),
			async (concurrency, firstAnswers) => {
				await emptyStreams(client);
				await ensureStreams(client);
				let running = 0;
				let most = 0;
				const watched = await observeLoop(nats.url, {
					concurrency,
					ackWaitMs: 60_000,
					retry: { maxAttempts: 3, firstDelayMs: 1, maxDelayMs: 5 },
					handle: async ({ payload, deliveryCount }) => {
						running += 1;
						most = Math.max(most, running);
						await new Promise(setImmediate);
						running -= 1;
						const answer = deliveryCount === 1 ? firstAnswers[payload as number] : 'done';
						if (answer === 'throw') throw new Error('thrown');
						if (answer === 'retry') return { kind: 'retry', reason: 'later' };
						if (answer === 'dead') return { kind: 'dead', errorClass: 'x', reason: 'x' };
						return { kind: 'done' };
					},
				});
				try {
					const sends = firstAnswers.map((_answer, index) =>
						publishMessage(client, {
							subject: 'content.extract.n',
							payload: String(index),
							messageId: `n-${index}-${Math.random()}`,
						}),
					);
					await Promise.all(sends);
					await until(
						'the stream is empty',
						async () => (await messagesIn(client, streams.extract.name)) === 0,
					);
				} finally {
					await watched.loop.stop({ deadlineMs: 5_000 });
				}
				const deadCount = firstAnswers.filter((answer) => answer === 'dead').length;
				expect(most).toBeLessThanOrEqual(concurrency);
				expect(watched.settledAs('dead')).toHaveLength(deadCount);
				expect(watched.settledAs('done')).toHaveLength(firstAnswers.length - deadCount);
				expect(await messagesIn(client, streams.dead.name)).toBe(deadCount);
			},
		),
		{ numRuns: 15 },
	);
});
