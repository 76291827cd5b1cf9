import type { PulledMedia } from '../core/pull';
import type { Publish, TikTok } from './model';

/** A draft is nobody's post yet. What is not public never gets an id that the API tells. */
export function addPost(
	{ frame, accounts }: TikTok,
	{ account, post, videoId, publishId, pulled = 'video' }: Publish,
	media: ReadonlyArray<Pick<PulledMedia, 'sha256' | 'sizeBytes'>>,
): void {
	if (post === null) return;
	const isPublic = post.privacyLevel === 'PUBLIC_TO_EVERYONE';
	const profile = `${frame.baseUrl()}/@${encodeURIComponent(account)}`;
	const isPhoto = pulled === 'photo';
	frame.journal.addPost({
		network: 'tiktok',
		account,
		accountId: accounts.get(account).accountId,
		platformPostId: isPublic ? videoId : publishId,
		url: isPublic ? `${profile}/${pulled}/${videoId}` : profile,
		createdAt: frame.clock.nowIso(),
		title: isPhoto ? post.title : '',
		text: isPhoto ? (post.description ?? '') : post.title,
		visibility: isPublic ? 'public' : post.privacyLevel,
		media: media.map(({ sha256, sizeBytes }) => ({ sha256, sizeBytes })),
	});
}
