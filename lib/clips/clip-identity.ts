import { createHash } from 'node:crypto';

import { RENDER_VERSION } from './render-clip';

export interface ClipIngredients {
	readonly sourceSha256: string;
	readonly startSec: number;
	readonly endSec: number;
	readonly framing: string;
	/** The script itself: other words, times or style give another clip. */
	readonly captions: string | undefined;
}

/** One name for one content. Two requests that would give the same file share it; nothing else does. */
export function clipIdentity(ingredients: ClipIngredients): string {
	const { sourceSha256, startSec, endSec, framing, captions } = ingredients;
	const span = [startSec, endSec].map((sec) => Math.round(sec * 1000));
	const parts = [RENDER_VERSION, sourceSha256, ...span, framing, captions ?? null];
	return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24);
}
