import { z } from 'zod';

export const oneRunWishes = z.object({
	sourcePath: z.string(),
	outputFolder: z.string(),
	minSec: z.number(),
	maxSec: z.number(),
	wantedClips: z.number(),
});
export type OneRunWishes = z.infer<typeof oneRunWishes>;

export const oneRunAnswer = z.object({
	tookMs: z.number(),
	spans: z.array(z.object({ startSec: z.number(), endSec: z.number(), durationSec: z.number() })),
});
export type OneRunAnswer = z.infer<typeof oneRunAnswer>;
