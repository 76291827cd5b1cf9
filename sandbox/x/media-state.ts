import type { Media, X } from './model';

/** The example of the documentation for an upload that was begun (facts 4.2). */
export const SESSION_LIFETIME_SEC = 1_295_999;
export const MEDIA_LIFETIME_SEC = 86_400;

export type MediaState = 'open' | 'pending' | 'in_progress' | 'succeeded' | 'failed' | 'ready' | 'expired';

/** Facts 4.2, as a function of the age: images are ready at once, video and GIF are worked on. */
export function stateOf(x: X, media: Media): MediaState {
	if (media.finalized === undefined) return 'open';
	const ageMs = x.frame.clock.nowMs() - media.finalized.atMs;
	if (ageMs >= MEDIA_LIFETIME_SEC * 1000) return 'expired';
	const isWorkedOn = media.kind === 'video' || media.kind === 'animated_gif';
	if (!isWorkedOn && media.finalized.failsWith === undefined) return 'ready';
	if (ageMs < x.settings.processingMs / 4) return 'pending';
	if (ageMs < x.settings.processingMs) return 'in_progress';
	return media.finalized.failsWith === undefined ? 'succeeded' : 'failed';
}

export function mediaData(x: X, media: Media): Record<string, unknown> {
	const data = { id: media.id, media_key: media.mediaKey };
	const { finalized } = media;
	if (finalized === undefined) return { ...data, expires_after_secs: SESSION_LIFETIME_SEC };
	const ageMs = x.frame.clock.nowMs() - finalized.atMs;
	const processing = processingInfo(x, media, ageMs);
	return {
		...data,
		size: media.totalBytes,
		expires_after_secs: Math.max(0, MEDIA_LIFETIME_SEC - Math.floor(ageMs / 1000)),
		...(processing ? { processing_info: processing } : {}),
	};
}

function processingInfo(x: X, media: Media, ageMs: number): Record<string, unknown> | undefined {
	const state = stateOf(x, media);
	const leftSec = Math.ceil((x.settings.processingMs - ageMs) / 1000);
	switch (state) {
		case 'pending':
			return { state, check_after_secs: Math.max(1, Math.min(leftSec, 5)) };
		case 'in_progress': {
			const percent = Math.floor((100 * ageMs) / x.settings.processingMs);
			return { state, check_after_secs: Math.max(1, Math.min(leftSec, 5)), progress_percent: percent };
		}
		case 'succeeded':
			return { state, progress_percent: 100 };
		case 'failed': {
			const name = media.finalized?.failsWith ?? 'InvalidMedia';
			return { state, error: { code: 1, name, message: 'file is currently unsupported' } };
		}
		default:
			return undefined;
	}
}
