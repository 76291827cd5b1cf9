// Stories: published by one call that names the video or the photo. What became of it cannot be asked afterwards
// (facts 6.7), so a lost answer is a person's at once, and nothing is sent a second time.
import type { AdapterContext, Sighting } from '../../publishing/adapter';
import type { CommitIntent, LivePost } from '../../publishing/post';
import { PublishError } from '../../publishing/errors';
import { graphSendOnce } from '../graph-call';
import { parseAnswer } from '../parse-answer';
import { facebookPaths, facebookUrl, postUrl } from './constants';
import { facebookError, facebookNetwork } from './errors';
import { asUnknown } from './lost-answer';
import { storySchema, type HandleOf } from './types';

export type StoryHandle = HandleOf<'video-story'> | HandleOf<'photo-story'>;

const finishDeadlineMs = 60_000;

export async function publishStory(context: AdapterContext, handle: StoryHandle): Promise<LivePost> {
	const { pageId } = handle;
	const isVideo = handle.kind === 'video-story';
	const path = isVideo ? facebookPaths.videoStories(pageId) : facebookPaths.photoStories(pageId);
	const response = await graphSendOnce(facebookNetwork, context, {
		method: 'POST',
		url: facebookUrl('graph', path, context.apiBaseUrl),
		body: isVideo ? { upload_phase: 'finish', video_id: handle.videoId } : { photo_id: photoIdOf(handle) },
		deadlineMs: finishDeadlineMs,
		doing: 'Publishing the story',
	});
	if (response.status !== 200) {
		const error = facebookError(response, context.clock.now(), 'Publishing the story');
		throw error.class === 'platform' ? asUnknown(error) : error;
	}
	const { post_id: postId } = parseAnswer(storySchema, response, {
		platform: 'facebook',
		ifUnreadable: 'unknown',
	});
	// Everything of a page is named by the page first, and that is how it is found again.
	const platformPostId = postId.includes('_') ? postId : `${pageId}_${postId}`;
	return { platformPostId, url: postUrl(platformPostId, { apiBaseUrl: context.apiBaseUrl }) };
}

function photoIdOf({ photoIds }: HandleOf<'photo-story'>): string {
	const [photoId] = photoIds;
	if (photoId !== undefined) return photoId;
	throw new PublishError('validation', 'The photo of the story is missing.', {
		platform: 'facebook',
		code: 'media',
		remedy: 'Give the node a photo or a video.',
	});
}

export function findStory({ pageId }: StoryHandle, { armedAt }: CommitIntent): Sighting {
	return {
		state: 'hidden',
		message: `The answer to the publishing call of ${armedAt.toISOString()} was lost, and Facebook tells no program which stories it took.`,
		remedy: `Look at the stories of the page ${pageId} from about ${armedAt.toISOString()}. If it is there, nothing is left to do; if not, publish it as a new post. Nothing is sent again by itself.`,
	};
}
