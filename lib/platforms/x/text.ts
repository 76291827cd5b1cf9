// What X accepts, checked before a byte is sent (facts 4.3, 4.4), and what it bills. Length is X's own counting,
// by X's own library: a link is 23, an emoji 2, most of the rest 1 or 2.
import twitterText from 'twitter-text';
import type { MediaItem, Violation } from '../../publishing/adapter';
import type { PostContent } from '../../publishing/post';
import { optionViolations, violation } from '../violations';
import { xPrices, xRules } from './limits';
import { mediaViolations, takesAltText } from './media-rules';
import { textOf, xOptionsSchema, type XOptions } from './options';

export function validateForX(content: PostContent, media: readonly MediaItem[]): Violation[] {
	const options = xOptionsSchema.safeParse(content.options ?? {});
	const isPremium = options.data?.isPremium ?? false;
	return [
		...textViolations(textOf(content), { hasMedia: media.length > 0, isPremium }),
		...optionViolations(xOptionsSchema, content.options),
		...(options.success ? combinationViolations(options.data, media.length > 0) : []),
		...mediaViolations(media, isPremium),
	];
}

/** Facts 4.7: a link makes the post thirteen times as dear. */
export function xCostMicrosUsd(content: PostContent, media: readonly MediaItem[]): number {
	const hasLink = twitterText.extractUrls(textOf(content)).length > 0;
	const described = media.filter(({ facts, altText }) => altText && takesAltText(facts)).length;
	return (
		(hasLink ? xPrices.postWithLinkMicrosUsd : xPrices.postMicrosUsd) +
		described * xPrices.mediaMetadataMicrosUsd
	);
}

function textViolations(
	text: string,
	{ hasMedia, isPremium }: { hasMedia: boolean; isPremium: boolean },
): Violation[] {
	if (text === '') {
		if (hasMedia) return [];
		return [violation('text', 'empty', 'text or media', 'Write a text, or give the node media.')];
	}
	const maxWeight = isPremium ? xRules.maxPremiumTextWeight : xRules.maxTextWeight;
	const { weightedLength } = twitterText.parseTweet(text);
	const cashtags = twitterText.extractCashtags(text).length;
	const counting = `at most ${maxWeight} (a link counts 23, an emoji 2)`;
	return [
		...(weightedLength > maxWeight
			? [violation('text.length', weightedLength, counting, 'Shorten the text.')]
			: []),
		...(twitterText.hasInvalidCharacters(text)
			? [violation('text.characters', 'a forbidden character', 'plain text', 'Remove control characters.')]
			: []),
		...(cashtags > 1
			? [
					violation(
						'text.cashtags',
						cashtags,
						'at most 1',
						'Keep one $CASHTAG; X refuses more through its API.',
					),
				]
			: []),
	];
}

function combinationViolations(options: XOptions, hasMedia: boolean): Violation[] {
	const { poll, taggedUserIds = [], excludeReplyUserIds = [], replyToPostId } = options;
	return [
		...(poll && hasMedia
			? [violation('option:poll', 'with media', 'a poll or media', 'Leave out the poll or the media.')]
			: []),
		...(taggedUserIds.length > 0 && !hasMedia
			? [
					violation(
						'option:taggedUserIds',
						'without media',
						'only with media',
						'People are tagged in media: add some, or mention them in the text.',
					),
				]
			: []),
		...(excludeReplyUserIds.length > 0 && replyToPostId === undefined
			? [
					violation(
						'option:excludeReplyUserIds',
						'without a reply',
						'only in a reply',
						'Say which post is replied to, or leave the people out.',
					),
				]
			: []),
	];
}
