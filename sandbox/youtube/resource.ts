import { createHash } from 'node:crypto';
import type { Video, YouTube } from './model';
import { processingOf, statisticsOf, visibilityOf } from './video-state';

export function etagOf(content: unknown): string {
	return createHash('sha256').update(JSON.stringify(content)).digest('base64url').slice(0, 27);
}

export function iso(atMs: number): string {
	return new Date(atMs).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** A `youtube#video` with the parts asked for; parts that the sandbox does not know about stay away. */
export function videoResource(
	youtube: YouTube,
	video: Video,
	parts: readonly string[],
): Record<string, unknown> {
	const nowMs = youtube.frame.clock.nowMs();
	const channel = youtube.accounts.get(video.account);
	const builders: Readonly<Record<string, () => unknown>> = {
		snippet: () => snippetOf(youtube, video),
		status: () => statusOf(youtube, video),
		statistics: () => statisticsOf(video, channel, nowMs),
		processingDetails: () => processingDetailsOf(youtube, video),
		fileDetails: () => ({ fileName: 'unknown', fileSize: String(video.sizeBytes), fileType: 'video' }),
		recordingDetails: () => video.metadata.extras['recordingDetails'] ?? {},
		localizations: () => video.metadata.extras['localizations'] ?? {},
		paidProductPlacementDetails: () =>
			video.metadata.extras['paidProductPlacementDetails'] ?? { hasPaidProductPlacement: false },
	};
	const content = Object.fromEntries(
		parts.flatMap((part) => {
			const build = builders[part];
			return build === undefined ? [] : [[part, build()]];
		}),
	);
	return { kind: 'youtube#video', etag: etagOf(content), id: video.id, ...content };
}

/** The address changes with the picture, as it does for caches in front of the real one. */
export function thumbnailsOf(youtube: YouTube, video: Video): Record<string, unknown> {
	const own = video.thumbnailSha256 === undefined ? '' : `?v=${video.thumbnailSha256.slice(0, 8)}`;
	const url = `${youtube.frame.baseUrl()}/vi/${video.id}/default.jpg${own}`;
	return { default: { url, width: 120, height: 90 } };
}

function snippetOf(youtube: YouTube, video: Video): Record<string, unknown> {
	const { title, description, tags, categoryId, extras } = video.metadata;
	return {
		publishedAt: iso(video.createdAtMs),
		channelId: video.channelId,
		title,
		description,
		thumbnails: thumbnailsOf(youtube, video),
		channelTitle: video.account,
		...(tags.length > 0 ? { tags } : {}),
		categoryId,
		liveBroadcastContent: 'none',
		...(extras['defaultLanguage'] ? { defaultLanguage: extras['defaultLanguage'] } : {}),
		...(extras['defaultAudioLanguage'] ? { defaultAudioLanguage: extras['defaultAudioLanguage'] } : {}),
		localized: { title, description },
	};
}

function statusOf(youtube: YouTube, video: Video): Record<string, unknown> {
	const nowMs = youtube.frame.clock.nowMs();
	const { uploadStatus, failureReason, rejectionReason } = processingOf(video, youtube.settings, nowMs);
	const privacyStatus = visibilityOf(video, nowMs);
	const given = video.metadata.extras['status'] as Readonly<Record<string, unknown>> | undefined;
	return {
		uploadStatus,
		...(failureReason ? { failureReason } : {}),
		...(rejectionReason ? { rejectionReason } : {}),
		privacyStatus,
		...(privacyStatus === 'private' && video.metadata.publishAt
			? { publishAt: video.metadata.publishAt }
			: {}),
		license: given?.['license'] ?? 'youtube',
		embeddable: given?.['embeddable'] ?? true,
		publicStatsViewable: video.metadata.publicStatsViewable,
		madeForKids: given?.['selfDeclaredMadeForKids'] ?? false,
		...(given?.['selfDeclaredMadeForKids'] === undefined
			? {}
			: { selfDeclaredMadeForKids: given['selfDeclaredMadeForKids'] }),
		...(given?.['containsSyntheticMedia'] === undefined
			? {}
			: { containsSyntheticMedia: given['containsSyntheticMedia'] }),
	};
}

function processingDetailsOf(youtube: YouTube, video: Video): Record<string, unknown> {
	const state = processingOf(video, youtube.settings, youtube.frame.clock.nowMs());
	return {
		processingStatus: state.processingStatus,
		...(state.processingStatus === 'processing'
			? {
					processingProgress: {
						partsTotal: '100',
						partsProcessed: String(state.partsProcessed),
						timeLeftMs: String(state.timeLeftMs),
					},
				}
			: {}),
		...(state.processingStatus === 'failed' ? { processingFailureReason: 'transcodeFailed' } : {}),
		fileDetailsAvailability: 'available',
		thumbnailsAvailability: state.processingStatus === 'succeeded' ? 'available' : 'inProgress',
	};
}
