import type { Platform } from '../../publishing/platform';
import type { FrameSize } from '../framing/aspect';

/** What the apps lay over a video, as shares of an upright frame. None of them publishes it: read off their screens. */
interface Covered {
	readonly sides: number;
	readonly bottom: number;
}

const covered: Readonly<Record<Platform, Covered>> = {
	youtube: { sides: 0.1, bottom: 0.2 },
	tiktok: { sides: 0.12, bottom: 0.23 },
	instagram: { sides: 0.1, bottom: 0.22 },
	facebook: { sides: 0.1, bottom: 0.22 },
	// These show a video as part of a page, with nothing but the player's own controls over it.
	x: { sides: 0.08, bottom: 0.12 },
	linkedin: { sides: 0.08, bottom: 0.12 },
	threads: { sides: 0.08, bottom: 0.12 },
};

export interface CaptionMargins {
	readonly sidePx: number;
	readonly bottomPx: number;
}

/** Where captions may stand. Without a platform they keep out of everything that any of them covers. */
export function captionMargins(frame: FrameSize, platform?: Platform): CaptionMargins {
	const all = platform ? [covered[platform]] : Object.values(covered);
	const isUpright = frame.height > frame.width * 1.5;
	// Only upright videos fill the screen; every other shape has its neighbours outside of the picture.
	const bottom = isUpright ? Math.max(...all.map((each) => each.bottom)) : 0.09;
	const sides = isUpright ? Math.max(...all.map((each) => each.sides)) : 0.08;
	return { sidePx: Math.round(frame.width * sides), bottomPx: Math.round(frame.height * bottom) };
}
