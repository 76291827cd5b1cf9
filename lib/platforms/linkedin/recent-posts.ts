// Looks for a post of ours among those of the page (facts 5.8). A match needs our media, or our words within our
// time; the newest post is never taken for ours just because it is the newest.
import type { AdapterContext } from '../../publishing/adapter';
import { linkedInRead } from './call';
import { linkedInPaths } from './constants';
import { postSchema, postsSchema, type LinkedInPost } from './types';

/** Clocks of two machines differ. */
const clockSkewMs = 60_000;
const pageSize = 10;
const maxPages = 10;

export interface Wanted {
	readonly author: string;
	/** As it was sent, in little text. */
	readonly commentary: string;
	readonly articleUrl: string | null;
	/** Of the media, or of the thumbnail of an article. */
	readonly mediaUrns: readonly string[];
	/** When this post was first worked on: nothing older can be it. */
	readonly since: Date;
}

export async function findAmongPosts(context: AdapterContext, wanted: Wanted): Promise<LinkedInPost | null> {
	for (let page = 0; page < maxPages; page++) {
		const query = `q=author&author=${encodeURIComponent(wanted.author)}&count=${pageSize}&start=${page * pageSize}&sortBy=LAST_MODIFIED`;
		const { elements } = await linkedInRead(context, postsSchema, {
			path: `${linkedInPaths.posts}?${query}`,
			doing: 'Looking for the post',
		});
		const posts = elements.flatMap((element) => postSchema.safeParse(element).data ?? []);
		const found = posts.find((post) => isOurs(post, wanted));
		if (found) return found;
		if (elements.length < pageSize) return null;
	}
	return null;
}

export function isOurs(post: LinkedInPost, wanted: Wanted): boolean {
	if (post.author !== wanted.author) return false;
	const { media, multiImage, article } = post.content ?? {};
	const urns = [...(media ? [media] : []), ...(multiImage?.images ?? [])].map(({ id }) => id);
	// Nobody else can have posted our upload.
	if (wanted.articleUrl === null && wanted.mediaUrns.length > 0) {
		return urns.join() === wanted.mediaUrns.join();
	}
	// Words alone can be those of an older post: without a time they prove nothing.
	if (post.createdAt === undefined || post.createdAt < wanted.since.getTime() - clockSkewMs) return false;
	return (
		post.commentary.trim() === wanted.commentary &&
		(article?.source ?? null) === wanted.articleUrl &&
		urns.length === 0
	);
}
