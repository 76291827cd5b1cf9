// How a clip is encoded for whom. The limits are those of shared facts section 8 (the networks' own tables); bitrates
// are ours, below what any network re-encodes to.
import type { Platform } from '../publishing/platform';
import { frameSizes, type Aspect, type FrameSize } from './framing/aspect';

export interface EncodingProfile {
	readonly name: Platform | 'everywhere';
	readonly minSec: number;
	readonly maxSec: number;
	readonly maxBytes: number;
	readonly minFps: number;
	readonly maxFps: number;
	/** Longest side; absent where our own sizes fit. */
	readonly maxSidePx?: number;
	readonly maxVideoKbps: number;
	readonly audioKbps: number;
}

const MB = 1_000_000;
// 30 pictures a second: what phones show, and what every network takes (Facebook nothing below 24).
const usual = { minFps: 24, maxFps: 30, maxVideoKbps: 8_000, audioKbps: 160 };

export const encodingProfiles: Readonly<Record<EncodingProfile['name'], EncodingProfile>> = {
	everywhere: { name: 'everywhere', ...usual, minSec: 0, maxSec: Infinity, maxBytes: Infinity },
	youtube: {
		name: 'youtube',
		...usual,
		maxVideoKbps: 12_000,
		minSec: 0.1,
		maxSec: 12 * 3_600,
		maxBytes: 256_000 * MB,
	},
	tiktok: { name: 'tiktok', ...usual, minSec: 3, maxSec: 600, maxBytes: 4_000 * MB },
	instagram: { name: 'instagram', ...usual, audioKbps: 128, minSec: 3, maxSec: 900, maxBytes: 300 * MB },
	// Published as 1280×1024 at most; 720×1280 is what X itself recommends for upright videos.
	x: {
		name: 'x',
		...usual,
		maxVideoKbps: 5_000,
		audioKbps: 128,
		minSec: 0.5,
		maxSec: 140,
		maxBytes: 512 * MB,
		maxSidePx: 1_280,
	},
	linkedin: { name: 'linkedin', ...usual, minSec: 3, maxSec: 1_800, maxBytes: 500 * MB },
	facebook: { name: 'facebook', ...usual, minSec: 3, maxSec: 90, maxBytes: 10_000 * MB },
	threads: { name: 'threads', ...usual, minSec: 0, maxSec: 300, maxBytes: 1_000 * MB },
};

/** The source's own rate where it is allowed; half of it where that is; else 30. */
export function outputFps(
	sourceFps: number,
	{ minFps, maxFps }: Pick<EncodingProfile, 'minFps' | 'maxFps'>,
): number {
	const rounded = Math.round(sourceFps * 1000) / 1000;
	// 23.976 is film: everybody plays it at 24, and Facebook refuses anything below.
	if (rounded > 23.9 && rounded < 24) return Math.max(24, minFps);
	for (const rate of [rounded, rounded / 2]) {
		if (rate >= minFps && rate <= maxFps) return Math.round(rate * 1000) / 1000;
	}
	return 30;
}

export function outputSize(aspect: Aspect, { maxSidePx }: EncodingProfile): FrameSize {
	const { width, height } = frameSizes[aspect];
	const scale = Math.min(1, (maxSidePx ?? Infinity) / Math.max(width, height));
	const even = (px: number): number => Math.round((px * scale) / 2) * 2;
	return { width: even(width), height: even(height) };
}

/** So much that the file stays below what the network takes, with some room for the container. */
export function videoKbps(profile: EncodingProfile, lengthSec: number): number {
	const roomKbps = ((profile.maxBytes * 8) / 1000 / Math.max(1, lengthSec)) * 0.94 - profile.audioKbps;
	return Math.max(200, Math.floor(Math.min(profile.maxVideoKbps, roomKbps)));
}
