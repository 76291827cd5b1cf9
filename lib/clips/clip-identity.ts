import { createHash } from 'node:crypto';

import { RENDER_VERSION } from './render-clip';

export interface ClipIngredients {
	readonly sourceSha256: string;
	readonly startSec: number;
	readonly endSec: number;
	/** Everything else that the file depends on: shape, captions and their words, what happens to silences. */
	readonly look: unknown;
}

/** One name for one content. Two requests that would give the same file share it; nothing else does. */
export function clipIdentity(ingredients: ClipIngredients): string {
	const { sourceSha256, startSec, endSec, look } = ingredients;
	const span = [startSec, endSec].map((sec) => Math.round(sec * 1000));
	const parts = [RENDER_VERSION, sourceSha256, ...span, look];
	return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24);
}
