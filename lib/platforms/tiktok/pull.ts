// Photos, and videos by address: TikTok fetches them, and the init is the call that publishes. There is no key that
// would make it safe to repeat (facts 2.9), so its answer is saved at once, and a lost one is only looked for.
import type { AdapterContext, Draft, DraftMedia, SaveHandle, Sighting } from '../../publishing/adapter';
import type { CommitIntent, LivePost } from '../../publishing/post';
import { publicUrlOf } from '../public-media';
import { awaitPublished, idDeadlineMs, liveOf, lookAgainMs, type Pending } from './await-published';
import { tiktokPublishingCall } from './call';
import { tiktokPaths, webUrl } from './constants';
import { readCreator, refuseForCreator } from './creator';
import { isPhotoPost } from './media-rules';
import { captionOf, optionsOf, photoPostInfo, videoPostInfo } from './options';
import { readPublish } from './publish-status';
import { findInVideoList } from './recent-videos';
import { pullInitSchema, type PullHandle } from './types';

export async function preparePull(context: AdapterContext, draft: Draft): Promise<PullHandle> {
	const { content, media } = draft;
	const options = optionsOf(content);
	const isDraft = options.delivery === 'inbox';
	const isPhotos = isPhotoPost(media);
	// Making addresses can take long; that there can be one is known at once.
	await makeAddresses(media.filter(({ publicUrl }) => publicUrl === undefined));
	const creator = isDraft ? null : await readCreator(context);
	if (creator) refuseForCreator(creator, draft, options);
	const videoInfo = creator && videoPostInfo(content, options, creator);
	return {
		transfer: 'pull',
		kind: isPhotos ? 'photo' : 'video',
		publishId: null,
		username: creator?.creator_username ?? null,
		isPublic: !isDraft && options.privacyLevel === 'PUBLIC_TO_EVERYONE',
		mediaBytes: media.map(({ source }) => source.sizeBytes),
		postInfo: isPhotos ? photoPostInfo(content, options, creator) : videoInfo,
	};
}

/**
 * Addresses can take long to make, so they are made before the post is armed. They can be signed and are not kept:
 * asked for again they come at once.
 */
export async function makeAddresses(media: readonly DraftMedia[]): Promise<readonly string[]> {
	const addresses: string[] = [];
	for (const medium of media) {
		addresses.push(await publicUrlOf(medium, { platform: 'tiktok', displayName: 'TikTok' }));
	}
	return addresses;
}

export async function publishByAddress(
	context: AdapterContext,
	draft: Draft,
	{ handle, save }: { handle: PullHandle; save: SaveHandle },
): Promise<LivePost> {
	const addresses = await makeAddresses(draft.media);
	// The id of a post that failed earlier must not answer for the one that goes out now.
	if (handle.publishId !== null) await save({ ...handle, publishId: null });
	const { publish_id: publishId } = await tiktokPublishingCall(context, pullInitSchema, {
		...initOf(draft, handle, addresses),
		doing: 'Publishing the post',
	});
	const published = { ...handle, publishId };
	await save(published);
	return await awaitPublished(context, published);
}

function initOf(
	{ content }: Draft,
	{ kind, postInfo }: PullHandle,
	addresses: readonly string[],
): { readonly path: string; readonly body: unknown } {
	const { delivery, coverIndex = 0 } = optionsOf(content);
	const isDraft = delivery === 'inbox';
	if (kind === 'video') {
		return {
			path: isDraft ? tiktokPaths.initDraft : tiktokPaths.initDirect,
			body: {
				...(postInfo && { post_info: postInfo }),
				source_info: { source: 'PULL_FROM_URL', video_url: addresses[0] },
			},
		};
	}
	return {
		path: tiktokPaths.initPhotos,
		body: {
			media_type: 'PHOTO',
			post_mode: isDraft ? 'MEDIA_UPLOAD' : 'DIRECT_POST',
			post_info: postInfo,
			source_info: { source: 'PULL_FROM_URL', photo_images: addresses, photo_cover_index: coverIndex },
		},
	};
}

export async function findPulled(
	context: AdapterContext,
	draft: Draft,
	{ handle, intent }: { handle: PullHandle; intent: CommitIntent },
): Promise<Sighting> {
	const { publishId } = handle;
	return publishId === null
		? await findWithoutId(context, draft, { handle, intent })
		: await findById(context, { ...handle, publishId }, intent);
}

async function findById(context: AdapterContext, post: Pending, intent: CommitIntent): Promise<Sighting> {
	const { state } = await readPublish(context, post.publishId);
	const ageMs = context.clock.now().getTime() - intent.armedAt.getTime();
	const undecided = { state: 'undecided', retryAfterMs: lookAgainMs } as const;
	switch (state.kind) {
		case 'receiving':
		case 'processing':
			return undecided;
		case 'complete':
			if (state.videoId === null && post.isPublic && ageMs < 2 * idDeadlineMs) return undecided;
			return { state: 'live', live: liveOf(context, post, state.videoId) };
		case 'inbox':
			return { state: 'live', live: liveOf(context, post, null) };
		case 'failed':
			return { state: 'gone' };
		default:
			return state satisfies never;
	}
}

/** The answer to the init was lost. What TikTok lists are public videos; of anything else nobody can tell. */
async function findWithoutId(
	context: AdapterContext,
	draft: Draft,
	{ handle, intent }: { handle: PullHandle; intent: CommitIntent },
): Promise<Sighting> {
	const caption = captionOf(draft.content);
	if (handle.kind === 'photo' || !handle.isPublic || caption === '') {
		return {
			state: 'hidden',
			message: 'The answer of TikTok was lost, and it lists only public videos, by their caption.',
			remedy:
				'Look into the TikTok app whether the post is there. If it is not, redrive the post; if it is, cancel it.',
		};
	}
	const found = await findInVideoList(context, { caption, since: intent.armedAt });
	// Not in the list is no proof: TikTok may still be fetching or checking the video.
	if (!found) return { state: 'undecided', retryAfterMs: lookAgainMs };
	const { id, share_url: shareUrl } = found;
	const url =
		shareUrl?.split('?')[0] ?? webUrl({ username: handle.username, videoId: id }, context.apiBaseUrl);
	return { state: 'live', live: { platformPostId: id, url } };
}
