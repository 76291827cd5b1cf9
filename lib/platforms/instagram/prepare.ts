// Whose post it is, and whether there is room for it. Nothing is made yet.
import type { AdapterContext, Draft } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import { graphCall } from '../graph-call';
import { publicUrlOf } from '../public-media';
import { instagramPaths, instagramUrl } from './constants';
import { needsAddress } from './container-body';
import { instagram } from './errors';
import { postKind } from './options';
import { meSchema, publishingLimitSchema, type InstagramHandle } from './types';

const hourMs = 3_600_000;

export async function preparePost(context: AdapterContext, draft: Draft): Promise<InstagramHandle> {
	const preparedAt = context.clock.now().toISOString();
	// Asked for before anything is sent: without an address the post cannot become one.
	for (const media of draft.media.filter(needsAddress)) await publicUrlOf(media, instagram);
	sayWhatIsLeftOut(context, draft);
	const { user_id: userId } = await graphCall(instagram, context, meSchema, {
		method: 'GET',
		url: instagramUrl('graph', instagramPaths.me, context.apiBaseUrl),
		query: { fields: 'user_id' },
		doing: 'Asking for the account',
	});
	await refuseFullDay(context, userId);
	return { preparedAt, userId, mediaBytes: sizesOf(draft), parts: [], containerId: null };
}

function sayWhatIsLeftOut({ log }: AdapterContext, { content, media }: Draft): void {
	const isStory = postKind(content, media) === 'story';
	const isLost = media.some(({ altText, facts }) => altText && (isStory || facts.kind === 'video'));
	if (isLost) log.info('Instagram has no alternative text for videos and stories; it is left out');
}

export function sizesOf({ media }: Draft): number[] {
	return media.map(({ source }) => source.sizeBytes);
}

/** Asked before the upload: 300 MB sent for a post that is refused at the end are 300 MB too many (facts 3.4). */
async function refuseFullDay(context: AdapterContext, userId: string): Promise<void> {
	const { data } = await graphCall(instagram, context, publishingLimitSchema, {
		method: 'GET',
		url: instagramUrl('graph', instagramPaths.publishingLimit(userId), context.apiBaseUrl),
		query: { fields: 'config,quota_usage' },
		doing: 'Asking how many posts are left',
	});
	const used = data[0]?.quota_usage;
	const total = data[0]?.config?.quota_total;
	if (used === undefined || total === undefined || used < total) return;
	throw new PublishError('quota', `The account has used its ${total} posts of 24 hours.`, {
		platform: 'instagram',
		code: 'content_publishing_limit',
		scope: 'account',
		// The day rolls and nothing says when its first post leaves it.
		retryAt: new Date(context.clock.now().getTime() + hourMs),
		remedy: 'The post goes out when there is room again.',
	});
}
