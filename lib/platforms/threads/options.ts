// What Threads offers beside text and media (facts 7.2).
import { z } from 'zod';
import type { Violation } from '../../publishing/adapter';
import type { PostContent } from '../../publishing/post';
import { optionViolations, violation } from '../violations';
import { threadsRules as rules } from './rules';

const postId = z.string().regex(/^\d+$/, 'the number of a post, as Threads gave it');

export const threadsOptionsSchema = z.strictObject({
	/** Missing means everyone. */
	replyControl: z
		.enum(['everyone', 'accounts_you_follow', 'mentioned_only', 'parent_post_author_only', 'followers_only'])
		.optional(),
	topicTag: z
		.string()
		.regex(/^[^.&]+$/u, 'without a dot and without &')
		.max(rules.maxTopicTagChars, `at most ${rules.maxTopicTagChars} characters`)
		.optional(),
	/** The card under a post without media. */
	linkAttachment: z.url({ protocol: /^https?$/, error: 'a web address' }).optional(),
	/** The answers that people can choose from, under a post without media. */
	poll: z
		.array(
			z
				.string()
				.trim()
				.min(1, 'at least 1 character')
				.max(rules.maxPollChars, `at most ${rules.maxPollChars} characters`),
		)
		.min(rules.minPollAnswers, `at least ${rules.minPollAnswers} answers`)
		.max(rules.maxPollAnswers, `at most ${rules.maxPollAnswers} answers`)
		.optional(),
	replyToId: postId.optional(),
	quotePostId: postId.optional(),
	isSpoilerMedia: z.boolean().optional(),
});

export type ThreadsOptions = z.infer<typeof threadsOptionsSchema>;

export function optionsOf({ options }: PostContent): ThreadsOptions {
	return threadsOptionsSchema.parse(options ?? {});
}

/** Threads counts replies in a window of their own and lists them apart from posts (facts 7.3). */
export function isReply({ options }: PostContent): boolean {
	return threadsOptionsSchema.safeParse(options ?? {}).data?.replyToId !== undefined;
}

export function threadsOptionViolations(content: PostContent, hasMedia: boolean): readonly Violation[] {
	const parsed = threadsOptionsSchema.safeParse(content.options ?? {});
	if (!parsed.success) return optionViolations(threadsOptionsSchema, content.options);
	const { linkAttachment, poll, isSpoilerMedia } = parsed.data;
	const withMedia = (name: string, fix: string): Violation =>
		violation(`option:${name}`, 'media', 'only without media', fix);
	return [
		...(linkAttachment && hasMedia
			? [withMedia('linkAttachment', 'Put the link into the text, or post without media.')]
			: []),
		...(poll && hasMedia ? [withMedia('poll', 'Ask the question in a post without media.')] : []),
		...(isSpoilerMedia && !hasMedia
			? [violation('option:isSpoilerMedia', 'no media', 'only with media', 'Remove the option.')]
			: []),
	];
}
