import { z } from 'zod';

import { wordSchema } from '../transcript';

const count = z.number().int().nonnegative();

/** What the child is asked to do. */
export const jobSchema = z.object({
	folders: z.object({ model: z.string(), runtime: z.string() }),
	pcmPath: z.string(),
	pieces: z.array(z.object({ firstSample: count, samples: count })),
});
export type SpeechJob = z.infer<typeof jobSchema>;

/** What it answers. */
export const childMessageSchema = z.discriminatedUnion('kind', [
	z.object({ kind: z.literal('piece'), index: count, words: z.array(wordSchema) }),
	z.object({ kind: z.literal('done') }),
	z.object({ kind: z.literal('failed'), message: z.string() }),
]);
export type ChildMessage = z.infer<typeof childMessageSchema>;
