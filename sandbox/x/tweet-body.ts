import { z } from 'zod';
import { forbidden, invalidParameter, notPermitted } from './errors';
import { stateOf } from './media-state';
import { liveTweet, type Media, type User, type X } from './model';
import { cashtagCount, hasForbiddenCharacters, isTooLong } from './text';

const id = z.string().regex(/^\d{1,19}$/);

/** Facts 4.3; `additionalProperties: false` at every level. */
export const tweetSchema = z.strictObject({
	text: z.string().optional(),
	media: z
		.strictObject({
			media_ids: z.array(id).min(1).max(4),
			tagged_user_ids: z.array(id).max(10).optional(),
			title: z.string().optional(),
			description: z.string().optional(),
			embeddable: z.boolean().optional(),
			preview_media_id: id.optional(),
		})
		.optional(),
	reply: z
		.strictObject({ in_reply_to_tweet_id: id, exclude_reply_user_ids: z.array(id).optional() })
		.optional(),
	quote_tweet_id: id.optional(),
	poll: z
		.strictObject({
			options: z.array(z.string().min(1).max(25)).min(2).max(4),
			duration_minutes: z.int().min(5).max(10_080),
			reply_settings: z.string().optional(),
		})
		.optional(),
	reply_settings: z.enum(['following', 'mentionedUsers', 'subscribers', 'verified']).optional(),
	made_with_ai: z.boolean().optional(),
	paid_partnership: z.boolean().optional(),
	community_id: id.optional(),
	share_with_followers: z.boolean().optional(),
	for_super_followers_only: z.boolean().optional(),
	nullcast: z.boolean().optional(),
	geo: z.strictObject({ place_id: z.string() }).optional(),
	edit_options: z.strictObject({ previous_post_id: id }).optional(),
});
export type TweetBody = z.output<typeof tweetSchema>;

/** Everything the schema cannot say. Returns the media, which are ready to be shown. */
export function checkTweet(x: X, user: User, body: TweetBody): Media[] {
	const text = body.text ?? '';
	const media = body.media ? body.media.media_ids.map((mediaId) => usableMedia(x, user, mediaId)) : [];
	if (text.trim() === '' && media.length === 0) {
		throw invalidParameter('text', text, 'text is required when there is no media.');
	}
	if (body.poll !== undefined && media.length > 0) {
		throw invalidParameter('poll', '', 'A Tweet cannot have a poll and media.');
	}
	checkMix(media);
	if (hasForbiddenCharacters(text))
		throw invalidParameter('text', '', 'The text has characters that are not allowed.');
	if (isTooLong(text, user.isPremium)) throw notPermitted();
	// Self-serve restrictions since 2026: one cashtag, no quotes, replies only where one is addressed.
	if (cashtagCount(text) > 1) throw notPermitted();
	if (body.quote_tweet_id !== undefined && !user.isEnterprise)
		throw forbidden('Quote posts need an Enterprise plan.', 'client-forbidden');
	if (body.edit_options !== undefined && !user.isPremium) throw notPermitted();
	if (body.reply !== undefined) checkReply(x, user, body.reply.in_reply_to_tweet_id);
	return media;
}

function usableMedia(x: X, user: User, mediaId: string): Media {
	const media = x.media.get(mediaId);
	const isOwn = media !== undefined && media.account === user.account;
	if (!isOwn || !['ready', 'succeeded'].includes(stateOf(x, media)) || media.kind === 'other') {
		throw invalidParameter('media.media_ids', mediaId, 'Your media IDs are invalid.');
	}
	return media;
}

/** Up to four photos, or one GIF, or one video. */
function checkMix(media: readonly Media[]): void {
	const moving = media.filter((one) => one.kind !== 'photo');
	const isRepeated = new Set(media.map((one) => one.id)).size !== media.length;
	if (isRepeated || (moving.length > 0 && media.length > 1)) {
		const ids = media.map((one) => one.id).join(',');
		throw invalidParameter('media.media_ids', ids, 'Up to 4 photos, or 1 GIF, or 1 video.');
	}
}

function checkReply(x: X, user: User, inReplyTo: string): void {
	const original = liveTweet(x, inReplyTo);
	const isAddressed =
		original?.account === user.account ||
		original?.sentText.toLowerCase().includes(`@${user.account.toLowerCase()}`);
	if (!isAddressed) throw notPermitted();
}
