import type { Facebook, Video } from './model';

export type Stage =
	'uploading' | 'upload_complete' | 'processing' | 'scheduled' | 'ready' | 'error' | 'expired';

/** Facts 6.2, as a function of the age: nothing has to run for a video to become published. */
export function stageOf(facebook: Facebook, video: Video): Stage {
	const { settings, frame } = facebook;
	const nowMs = frame.clock.nowMs();
	if (video.finished !== undefined) {
		if (nowMs - video.finished.atMs < settings.processingMs) return 'processing';
		if (video.finished.failsWith !== undefined) return 'error';
		return nowMs < (video.finished.publishAtMs ?? 0) ? 'scheduled' : 'ready';
	}
	if (nowMs - video.createdAtMs >= settings.uploadLifetimeMs) return 'expired';
	return video.sha256 === undefined ? 'uploading' : 'upload_complete';
}

/** `status` of a video node: the whole and its three phases (facts 6.2). */
export function statusOf(facebook: Facebook, video: Video): Record<string, unknown> {
	const stage = stageOf(facebook, video);
	const isUploaded = video.sha256 !== undefined;
	const upload = isUploaded ? 'complete' : video.storedBytes > 0 ? 'in_progress' : 'not_started';
	return {
		video_status: stage === 'scheduled' ? 'ready' : stage,
		uploading_phase: { status: upload, bytes_transferred: video.storedBytes },
		processing_phase: processingPhase(stage, video),
		publishing_phase: publishingPhase(facebook, video, stage),
		copyright_check_status: { status: 'complete', matches_found: false },
	};
}

function publishingPhase(facebook: Facebook, video: Video, stage: Stage): Record<string, unknown> {
	const publish_time = Math.floor(publishedAtMs(facebook, video) / 1000);
	if (stage === 'ready') return { status: 'complete', publish_status: 'published', publish_time };
	if (stage === 'scheduled') return { status: 'not_started', publish_status: 'scheduled', publish_time };
	return { status: 'not_started', publish_status: 'draft' };
}

function processingPhase(stage: Stage, video: Video): Record<string, unknown> {
	switch (stage) {
		case 'processing':
			return { status: 'in_progress' };
		case 'ready':
		case 'scheduled':
			return { status: 'complete' };
		case 'error': {
			const message = video.finished?.failsWith || 'Video processing failed.';
			return { status: 'error', error: { message, code: 1363026 } };
		}
		default:
			return { status: 'not_started' };
	}
}

export function publishedAtMs({ settings }: Facebook, video: Video): number {
	const { atMs = 0, publishAtMs = 0 } = video.finished ?? {};
	return Math.max(atMs + settings.processingMs, publishAtMs);
}

/** Facts 6.6: the post of a video is called by the page and the video. */
export function postIdOf({ pageId, id }: Pick<Video, 'pageId' | 'id'>): string {
	return `${pageId}_${id}`;
}

export function permalinkOf({ kind, pageId, id }: Pick<Video, 'kind' | 'pageId' | 'id'>): string {
	return kind === 'reel' ? `/reel/${id}/` : `/${pageId}/videos/${id}/`;
}
