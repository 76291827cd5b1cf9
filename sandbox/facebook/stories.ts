import { z } from 'zod';
import type { Answer, Exchange } from '../core/answer';
import { readParameters } from '../graph/parameters';
import { enterToPublish } from './callers';
import type { Facebook } from './model';
import { keepPost, ownPhoto } from './posts';

const photoStorySchema = z.strictObject({ photo_id: z.string() });

/** `POST /{page}/photo_stories` (6.2): public at once, and nobody can ask about it afterwards (6.7). */
export async function publishPhotoStory(facebook: Facebook, exchange: Exchange): Promise<Answer> {
	const caller = enterToPublish(facebook, exchange);
	const { photo_id: photoId } = await readParameters(exchange, photoStorySchema);
	const photo = ownPhoto(facebook, photoId, caller);
	const { account, pageId } = photo;
	const post = { account, pageId, message: '', link: '', photoIds: [photoId], isStory: true } as const;
	return { status: 200, body: { success: true, post_id: keepPost(facebook, post, [photo]) } };
}
