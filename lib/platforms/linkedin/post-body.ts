// The body of the publishing call (facts 5.3).
import type { Draft } from '../../publishing/adapter';
import { commentaryOf, linkedInOptionsSchema } from './text';
import type { LinkedInHandle } from './types';

export function postBody(draft: Draft, { author, media }: LinkedInHandle): Record<string, unknown> {
	const options = linkedInOptionsSchema.parse(draft.content.options ?? {});
	const urns = media.map(({ urn }) => urn);
	const content =
		options.articleUrl === undefined
			? mediaContent(draft, urns)
			: articleContent(draft, { source: options.articleUrl, thumbnail: urns[0] });
	return {
		author,
		commentary: commentaryOf(draft.content),
		visibility: options.visibility ?? 'PUBLIC',
		distribution: { feedDistribution: 'MAIN_FEED', targetEntities: [], thirdPartyDistributionChannels: [] },
		...(content && { content }),
		lifecycleState: 'PUBLISHED',
		isReshareDisabledByAuthor: options.disableReshare ?? false,
	};
}

function mediaContent({ content, media }: Draft, urns: readonly string[]): Record<string, unknown> | null {
	const described = urns.map((id, index) => {
		const altText = media[index]?.altText;
		return { id, ...(altText && { altText }) };
	});
	const [first, ...others] = described;
	if (!first) return null;
	if (others.length > 0) return { multiImage: { images: described } };
	const title = content.title?.trim();
	return { media: { ...first, ...(title && { title }) } };
}

function articleContent(
	{ content }: Draft,
	{ source, thumbnail }: { source: string; thumbnail: string | undefined },
): Record<string, unknown> {
	const description = content.description?.trim();
	return {
		article: {
			source,
			title: content.title?.trim(),
			...(description && { description }),
			...(thumbnail && { thumbnail }),
		},
	};
}
