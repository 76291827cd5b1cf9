import { cropWindow, frameSizes, type Aspect, type CropWindow, type FrameSize } from './aspect';
import { cameraPath, type Shot } from './camera-path';
import { findSubject, shotsOf, type Subject } from './subjects';
import type { Watched } from './watch-source';

export interface Framing {
	readonly mode: 'crop' | 'fit-blur' | 'mixed';
	readonly reason: string;
}

/** How one span comes into one frame. */
export interface FramingPlan extends Framing {
	readonly aspect: Aspect;
	readonly frame: FrameSize;
	readonly picture: FrameSize;
	/** Absent where nothing is cropped. */
	readonly crop?: {
		readonly window: CropWindow;
		/** Where the window begins in each frame, in pixels along its axis. */
		readonly offsets: readonly number[];
	};
	/** When the whole picture is shown instead. */
	readonly fitted: readonly Shot[];
}

// Beyond this a crop shows pixels instead of people (480p needs 4, 720p 2.7, 1080p 1.8).
const LARGEST_ENLARGEMENT = 2.7;
// Less than this cut away is no loss that a subject could suffer from.
export const NEARLY_ALL = 0.9;
// A shorter shot without a subject is cropped like its neighbours: a change of the whole layout would flicker.
const SHORT_SHOT_SEC = 1;

/** What is known before anybody has looked at the picture; nothing when it has to be looked at. */
export function framingWithoutLooking(picture: FrameSize, aspect: Aspect): FramingPlan | undefined {
	const frame = frameSizes[aspect];
	const window = cropWindow(picture, frame);
	const size = `${picture.width}×${picture.height}`;
	const kept = (window.width * window.height) / (picture.width * picture.height);
	const base = { aspect, frame, picture };
	if (kept >= NEARLY_ALL) {
		const offsets = [Math.round(window.roomPx / 2)];
		return {
			...base,
			mode: 'crop',
			reason: `${size} fills ${aspect} as it is.`,
			crop: { window, offsets },
			fitted: [],
		};
	}
	if (frame.width / window.width > LARGEST_ENLARGEMENT) {
		const reason = `${size} is too small to be cropped to ${aspect} without blocky enlargement.`;
		return { ...base, mode: 'fit-blur', reason, fitted: [wholeTime] };
	}
	return undefined;
}

const wholeTime: Shot = { startSec: 0, endSec: Infinity };

/** Crops where there is a subject and follows it; shows everything where there is none. */
export function framingOf(
	watched: Watched,
	{ picture, aspect, fps, lengthSec }: { picture: FrameSize; aspect: Aspect; fps: number; lengthSec: number },
): FramingPlan {
	const frame = frameSizes[aspect];
	const window = cropWindow(picture, frame);
	const alongPx = window.axis === 'x' ? picture.width : picture.height;
	const sizePx = window.axis === 'x' ? window.width : window.height;
	const shots = shotsOf(watched.cutsSec, lengthSec).map((shot) => {
		const samples = watched.samples.filter(({ atSec }) => atSec >= shot.startSec && atSec < shot.endSec);
		// The first sample of a shot knows only how it differs from another shot.
		const own = samples.map((sample, at) =>
			at > 0
				? sample
				: { ...sample, motion: undefined, faces: sample.faces.map((face) => ({ ...face, speaking: 0 })) },
		);
		return { shot, subject: findSubject(own, window.axis, sizePx / alongPx) };
	});
	const fitted = shots
		.filter(
			({ shot, subject }) =>
				!subject && (shot.endSec - shot.startSec >= SHORT_SHOT_SEC || shots.length === 1),
		)
		.map(({ shot }) => shot);
	const isAllFitted = shots.every(({ shot, subject }) => !subject || fitted.includes(shot));
	if (isAllFitted) {
		const reason = 'Nobody and nothing to follow was found: the whole picture is shown.';
		return { mode: 'fit-blur', reason, aspect, frame, picture, fitted: [wholeTime] };
	}
	const offsets = shots.flatMap(({ shot, subject }) =>
		cameraPath(subject?.targets ?? [{ atSec: shot.startSec, centre: 0.5 }], shot, sizePx / alongPx, fps).map(
			(share) => Math.min(window.roomPx, Math.max(0, Math.round(share * alongPx))),
		),
	);
	const kinds = shots.flatMap(({ subject }) => (subject ? [subject.kind] : []));
	return {
		mode: fitted.length > 0 ? 'mixed' : 'crop',
		reason: reasonOf(kinds, fitted.length),
		...{ aspect, frame, picture, fitted },
		crop: { window, offsets },
	};
}

function reasonOf(kinds: readonly Subject['kind'][], fittedShots: number): string {
	const followed = kinds.includes('faces')
		? 'The people in the picture stay in the crop'
		: kinds.includes('face')
			? 'The crop follows the person who matters most'
			: 'The crop follows what moves';
	return fittedShots > 0 ? `${followed}; shots without a subject are shown whole.` : `${followed}.`;
}
