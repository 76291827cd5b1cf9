// The body that opens an upload (facts 1.2).
import type { PostContent } from '../../publishing/post';
import { youtubeOptionsSchema, type YouTubeOptions } from './options';

export interface VideoMetadata {
	readonly body: Readonly<Record<string, unknown>>;
	/** YouTube takes of the body what `part` names, and drops the rest without a word. */
	readonly part: string;
	readonly notifySubscribers: boolean;
}

export function videoMetadata(content: PostContent): VideoMetadata {
	const options = youtubeOptionsSchema.parse(content.options ?? {});
	const { recordingDate, hasPaidProductPlacement, localizations, notifySubscribers } = options;
	const body = {
		snippet: snippetOf(content, options),
		status: statusOf(options),
		...(recordingDate && { recordingDetails: { recordingDate } }),
		...(hasPaidProductPlacement !== undefined && {
			paidProductPlacementDetails: { hasPaidProductPlacement },
		}),
		...(localizations && { localizations }),
	};
	return { body, part: Object.keys(body).join(','), notifySubscribers };
}

function snippetOf(content: PostContent, options: YouTubeOptions): Readonly<Record<string, unknown>> {
	const { categoryId, language, audioLanguage } = options;
	return {
		title: content.title,
		description: content.description ?? '',
		...(content.tags?.length && { tags: content.tags }),
		categoryId,
		...(language && { defaultLanguage: language }),
		...(audioLanguage && { defaultAudioLanguage: audioLanguage }),
	};
}

/**
 * The privacy is always said: since 2026-11-02 a missing one means public (facts 1.2), and a video that nobody
 * meant to show cannot be unseen.
 */
function statusOf(options: YouTubeOptions): Readonly<Record<string, unknown>> {
	const { containsSyntheticMedia, publishAt, embeddable, license, publicStatsViewable } = options;
	return {
		privacyStatus: options.privacyStatus,
		selfDeclaredMadeForKids: options.madeForKids,
		...(containsSyntheticMedia !== undefined && { containsSyntheticMedia }),
		...(publishAt && { publishAt }),
		...(embeddable !== undefined && { embeddable }),
		...(license && { license }),
		...(publicStatsViewable !== undefined && { publicStatsViewable }),
	};
}
