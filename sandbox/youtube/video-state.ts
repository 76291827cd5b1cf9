import { shareOf, viewsAt } from '../core/growth';
import type { Channel, Settings, Video } from './model';

const REJECTION_REASONS = new Set([
	'claim',
	'copyright',
	'duplicate',
	'inappropriate',
	'legal',
	'length',
	'termsOfUse',
	'trademark',
	'uploaderAccountClosed',
	'uploaderAccountSuspended',
]);

export interface Processing {
	readonly uploadStatus: 'uploaded' | 'processed' | 'failed' | 'rejected';
	readonly failureReason?: string;
	readonly rejectionReason?: string;
	readonly processingStatus: 'processing' | 'succeeded' | 'failed';
	readonly partsProcessed: number;
	readonly timeLeftMs: number;
}

const PARTS_TOTAL = 100;

/** Facts 1.3, as a function of the video's age: nothing has to run for a video to become processed. */
export function processingOf(video: Video, settings: Settings, nowMs: number): Processing {
	const ageMs = nowMs - video.createdAtMs;
	const isRunning = ageMs < settings.processingMs;
	const timeLeftMs = isRunning ? settings.processingMs - ageMs : 0;
	const partsProcessed = isRunning ? Math.floor((PARTS_TOTAL * ageMs) / settings.processingMs) : PARTS_TOTAL;
	const work = { partsProcessed, timeLeftMs };
	if (isRunning) return { uploadStatus: 'uploaded', processingStatus: 'processing', ...work };
	if (video.failsWith === undefined)
		return { uploadStatus: 'processed', processingStatus: 'succeeded', ...work };
	if (REJECTION_REASONS.has(video.failsWith)) {
		const rejectionReason = video.failsWith;
		return { uploadStatus: 'rejected', rejectionReason, processingStatus: 'succeeded', ...work };
	}
	return { uploadStatus: 'failed', failureReason: video.failsWith, processingStatus: 'failed', ...work };
}

/** A scheduled video is private until its time has come, and public from then on. */
export function visibilityOf(video: Pick<Video, 'metadata'>, nowMs: number): string {
	const { privacyStatus, publishAt } = video.metadata;
	const isDue = publishAt !== undefined && new Date(publishAt).getTime() <= nowMs;
	return isDue ? 'public' : privacyStatus;
}

function audienceAgeMs(video: Video, atMs: number): number {
	if (visibilityOf(video, atMs) === 'private') return 0;
	const { publishAt } = video.metadata;
	const sinceMs = publishAt === undefined ? video.createdAtMs : new Date(publishAt).getTime();
	return atMs - Math.max(sinceMs, video.createdAtMs);
}

export interface Counts {
	readonly views: number;
	readonly likes: number;
	readonly comments: number;
	readonly shares: number;
	readonly subscribersGained: number;
}

/** Cumulative, and never falling with time. */
export function countsAt(video: Video, atMs: number): Counts {
	const views = viewsAt(video.id, audienceAgeMs(video, atMs));
	return {
		views,
		likes: shareOf(views, video.id, 'likes', [20, 90]),
		comments: shareOf(views, video.id, 'comments', [1, 12]),
		shares: shareOf(views, video.id, 'shares', [2, 20]),
		subscribersGained: shareOf(views, video.id, 'subscribers', [1, 9]),
	};
}

/** Facts 1.7: strings, and what is hidden is absent. */
export function statisticsOf(video: Video, channel: Channel, nowMs: number): Record<string, string> {
	const counts = countsAt(video, nowMs);
	return {
		viewCount: String(counts.views),
		...(channel.likesHidden ? {} : { likeCount: String(counts.likes) }),
		favoriteCount: '0',
		...(channel.commentsDisabled ? {} : { commentCount: String(counts.comments) }),
	};
}
