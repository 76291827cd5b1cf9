// The bodies of the publishing calls (facts 6.2, 6.3).
import type { PostContent } from '../../publishing/post';
import { optionsOf } from './options';
import { textOf } from './text';

export function reelBody(content: PostContent, videoId: string): Record<string, unknown> {
	const scheduled = scheduledSec(content);
	return {
		upload_phase: 'finish',
		video_id: videoId,
		video_state: scheduled === null ? 'PUBLISHED' : 'SCHEDULED',
		...(scheduled !== null && { scheduled_publish_time: scheduled }),
		...videoTexts(content),
	};
}

export function videoBody(content: PostContent, sessionId: string): Record<string, unknown> {
	return {
		upload_phase: 'finish',
		upload_session_id: sessionId,
		...heldBack(content),
		...videoTexts(content),
	};
}

/** A post of the feed. */
export function feedBody(content: PostContent, photoIds: readonly string[]): Record<string, unknown> {
	const { link } = optionsOf(content);
	const text = textOf(content);
	return {
		...(text !== '' && { message: text }),
		...(link && { link }),
		...(photoIds.length > 0 && { attached_media: photoIds.map((id) => ({ media_fbid: id })) }),
		...heldBack(content),
	};
}

function videoTexts(content: PostContent): Record<string, string> {
	const [text, title] = [textOf(content), content.title?.trim()];
	return { ...(text !== '' && { description: text }), ...(title && { title }) };
}

function heldBack(content: PostContent): Record<string, unknown> {
	const scheduled = scheduledSec(content);
	return scheduled === null ? {} : { published: false, scheduled_publish_time: scheduled };
}

/** Graph counts in whole seconds. */
function scheduledSec(content: PostContent): number | null {
	const { scheduledPublishTime } = optionsOf(content);
	return scheduledPublishTime === undefined ? null : Math.floor(Date.parse(scheduledPublishTime) / 1000);
}
