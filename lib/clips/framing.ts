import type { VideoFacts } from '../media';

export const CLIP_WIDTH = 1080;
export const CLIP_HEIGHT = 1920;
const MAX_FPS = 30;
// Beyond this a crop shows pixels instead of people (480p needs 4, 720p 2.7, 1080p 1.8).
const LARGEST_ENLARGEMENT = 2.7;
// Wider than 16:9 a centre crop keeps less than a third of the picture: whoever sits at the side is gone.
const WIDEST_ASPECT = 1.8;

export interface Framing {
	readonly mode: 'crop' | 'fit-blur';
	readonly reason: string;
}

/** How a picture comes into the upright frame. */
export function chooseFraming(video: Pick<VideoFacts, 'width' | 'height'>): Framing {
	const aspect = video.width / video.height;
	const enlargement = Math.max(CLIP_WIDTH / video.width, CLIP_HEIGHT / video.height);
	const size = `${video.width}×${video.height}`;
	if (aspect <= 0.75) return { mode: 'crop', reason: `${size} is upright already: it fills the frame.` };
	if (aspect > WIDEST_ASPECT) {
		return { mode: 'fit-blur', reason: `${size} is so wide that a crop would lose most of the picture.` };
	}
	if (enlargement > LARGEST_ENLARGEMENT) {
		return { mode: 'fit-blur', reason: `${size} is too small to be cropped without blocky enlargement.` };
	}
	return { mode: 'crop', reason: `The middle of ${size} fills the upright frame.` };
}

/** Filter graph from `[0:V:0]` to `[framed]`. */
export function framingGraph(framing: Framing, sourceFps: number): string {
	const fps = Math.min(MAX_FPS, Math.round(sourceFps * 1000) / 1000);
	const input = `[0:V:0]fps=${fps},scale=trunc(iw*sar/2)*2:trunc(ih/2)*2,setsar=1`;
	const colours = 'out_color_matrix=bt709:out_range=tv';
	const fill = (width: number, height: number): string =>
		`scale=${width}:${height}:force_original_aspect_ratio=increase:${colours},crop=${width}:${height}`;
	if (framing.mode === 'crop') return `${input},${fill(CLIP_WIDTH, CLIP_HEIGHT)},format=yuv420p[framed]`;
	return [
		`${input},split[back][front]`,
		// The blur is made at a quarter of the size: sixteen times cheaper, and nobody sees the difference.
		`[back]${fill(CLIP_WIDTH / 4, CLIP_HEIGHT / 4)},gblur=sigma=14,eq=brightness=-0.1,scale=${CLIP_WIDTH}:${CLIP_HEIGHT}:flags=bilinear,format=yuv420p[blurred]`,
		`[front]scale=${CLIP_WIDTH}:${CLIP_HEIGHT}:force_original_aspect_ratio=decrease:force_divisible_by=2:${colours},format=yuv420p[sharp]`,
		'[blurred][sharp]overlay=(W-w)/2:(H-h)/2[framed]',
	].join(';');
}
