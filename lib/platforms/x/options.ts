// What a post of X can have beside its text and media (facts 4.3), and the body of the publishing call.
import { z } from 'zod';
import type { PostContent } from '../../publishing/post';

const id = z.string().regex(/^\d{1,19}$/, 'an ID of X: digits only');

export const xOptionsSchema = z.strictObject({
	/** Missing means everyone. */
	replySettings: z.enum(['following', 'mentionedUsers', 'subscribers', 'verified']).optional(),
	replyToPostId: id.optional(),
	/** Who is not mentioned in the reply although the other post mentions them. */
	excludeReplyUserIds: z.array(id).optional(),
	/** X refuses it below an Enterprise plan. */
	quotePostId: id.optional(),
	poll: z
		.strictObject({
			options: z
				.array(z.string().trim().min(1).max(25, 'at most 25 characters'))
				.min(2, 'two to four choices')
				.max(4, 'two to four choices'),
			durationMinutes: z.int().min(5, '5 to 10080 minutes').max(10_080, '5 to 10080 minutes'),
		})
		.optional(),
	taggedUserIds: z.array(id).max(10, 'at most 10 people').optional(),
	communityId: id.optional(),
	/** A post of a community that the followers see as well. */
	shareWithFollowers: z.boolean().optional(),
	superFollowersOnly: z.boolean().optional(),
	placeId: z.string().min(1).optional(),
	madeWithAi: z.boolean().optional(),
	paidPartnership: z.boolean().optional(),
	/** The account has X Premium: long texts are not refused here. */
	isPremium: z.boolean().optional(),
});

export type XOptions = z.infer<typeof xOptionsSchema>;

export function textOf(content: PostContent): string {
	return (content.text ?? '').normalize('NFC').trim();
}

export function optionsOf(content: PostContent): XOptions {
	return xOptionsSchema.parse(content.options ?? {});
}

/** X refuses keys that it does not know, so nothing is passed through. */
export function postBody(content: PostContent, mediaIds: readonly string[]): Record<string, unknown> {
	const options = optionsOf(content);
	const text = textOf(content);
	const { poll, replyToPostId, excludeReplyUserIds, taggedUserIds } = options;
	const body = {
		text: text === '' ? undefined : text,
		media: mediaIds.length > 0 ? { media_ids: mediaIds, tagged_user_ids: taggedUserIds } : undefined,
		reply: replyToPostId && {
			in_reply_to_tweet_id: replyToPostId,
			exclude_reply_user_ids: excludeReplyUserIds,
		},
		quote_tweet_id: options.quotePostId,
		poll: poll && { options: poll.options, duration_minutes: poll.durationMinutes },
		reply_settings: options.replySettings,
		made_with_ai: options.madeWithAi,
		paid_partnership: options.paidPartnership,
		community_id: options.communityId,
		share_with_followers: options.shareWithFollowers,
		for_super_followers_only: options.superFollowersOnly,
		geo: options.placeId && { place_id: options.placeId },
	};
	return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}
