// What the supervisor and its processes say to each other. Each order is answered once, by its number.
import type { ChildProcess } from 'node:child_process';
import { z } from 'zod';
import { platformSchema } from '../../lib/publishing/platform';
import { postContentSchema } from '../../lib/publishing/post';

export const networkAccessSchema = z.object({
	baseUrl: z.string(),
	clientId: z.string(),
	clientSecret: z.string(),
});

export const intakePostSchema = z.object({
	key: z.string(),
	platform: platformSchema,
	content: postContentSchema,
	/** Absolute paths. */
	media: z.array(z.string()),
});

const openSchema = z.object({
	do: z.literal('open'),
	postgresUrl: z.string(),
	natsUrl: z.string(),
	mediaUrl: z.string(),
	networks: z.partialRecord(platformSchema, networkAccessSchema),
	/** How far this worker's clock is off. */
	skewMs: z.number(),
	/** How far the pretend networks' time is ahead of the machine's. */
	offsetMs: z.number(),
	haltAt: z.array(z.number()),
	longestHttpMs: z.number(),
	concurrency: z.number(),
});

export const orderSchema = z.discriminatedUnion('do', [
	openSchema,
	z.object({ do: z.literal('intake'), posts: z.array(intakePostSchema) }),
	z.object({ do: z.literal('tick'), offsetMs: z.number() }),
	z.object({ do: z.literal('settle') }),
	/** What its clock shows from now on. */
	z.object({ do: z.literal('time'), offsetMs: z.number() }),
	z.object({ do: z.literal('close') }),
]);

export const numberedOrderSchema = z.union([
	z.object({ id: z.number(), order: orderSchema }),
	z.object({ go: z.literal(true) }),
]);

export const answerSchema = z.union([
	z.object({ isReady: z.literal(true) }),
	z.object({ edge: z.object({ number: z.number(), label: z.string() }) }),
	z.object({ id: z.number(), error: z.string().optional(), result: z.unknown().optional() }),
]);

export const tallySchema = z.object({ passed: z.array(z.string()), httpCalls: z.number() });

export type OpenOrder = z.infer<typeof openSchema>;
export type Order = z.infer<typeof orderSchema>;
export type IntakePost = z.infer<typeof intakePostSchema>;
export type NetworkAccess = z.infer<typeof networkAccessSchema>;
export type Tally = z.infer<typeof tallySchema>;

/** Asks a child that answers `{id, result}` or `{id, error}`; a child that dies is an error too. */
export async function ask(
	child: ChildProcess,
	message: { readonly id: number; readonly order: unknown },
	deadlineMs: number,
): Promise<unknown> {
	return await new Promise((resolve, reject) => {
		const onMessage = (said: unknown): void => {
			const answer = answerSchema.safeParse(said);
			if (!answer.success || !('id' in answer.data) || answer.data.id !== message.id) return;
			const { error, result } = answer.data;
			finish(() => (error === undefined ? resolve(result) : reject(new Error(error))));
		};
		const onExit = (): void => finish(() => reject(new Error('the process died')));
		const timer = setTimeout(
			() => finish(() => reject(new Error(`no answer within ${deadlineMs} ms`))),
			deadlineMs,
		);
		const finish = (end: () => void): void => {
			clearTimeout(timer);
			child.off('message', onMessage).off('exit', onExit);
			end();
		};
		child.on('message', onMessage).once('exit', onExit);
		if (child.exitCode !== null || child.signalCode !== null || !child.connected) return onExit();
		child.send(message as object, (error) => {
			if (error) onExit();
		});
	});
}
