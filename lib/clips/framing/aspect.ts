export const aspects = ['9:16', '4:5', '1:1', '16:9'] as const;
export type Aspect = (typeof aspects)[number];

export interface FrameSize {
	readonly width: number;
	readonly height: number;
}

/** What people expect of each shape; all networks take them. */
export const frameSizes: Readonly<Record<Aspect, FrameSize>> = {
	'9:16': { width: 1080, height: 1920 },
	'4:5': { width: 1080, height: 1350 },
	'1:1': { width: 1080, height: 1080 },
	'16:9': { width: 1920, height: 1080 },
};

/** The largest window of the frame's shape inside the picture; it can move along one axis only. */
export interface CropWindow extends FrameSize {
	readonly axis: 'x' | 'y';
	/** How far it can move. */
	readonly roomPx: number;
}

export function cropWindow(picture: FrameSize, frame: FrameSize): CropWindow {
	const isWider = picture.width * frame.height >= picture.height * frame.width;
	const width = isWider ? even((picture.height * frame.width) / frame.height) : picture.width;
	const height = isWider ? picture.height : even((picture.width * frame.height) / frame.width);
	return isWider
		? { width, height, axis: 'x', roomPx: picture.width - width }
		: { width, height, axis: 'y', roomPx: picture.height - height };
}

// H.264 in 4:2:0 has colours for two by two pixels only.
const even = (px: number): number => Math.max(2, Math.round(px / 2) * 2);
