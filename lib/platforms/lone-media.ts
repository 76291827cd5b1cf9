// For kinds of posts that take one picture or video at most.
import type {
	Draft,
	DraftMedia,
	MediaFacts,
	MediaItem,
	PlatformAdapter,
	Violation,
} from '../publishing/adapter';
import type { PostContent } from '../publishing/post';
import { violation } from './violations';

export function loneMedia({ media: [first] }: Draft): DraftMedia | null {
	return first ?? null;
}

/** The rules of one medium, and the rule that there is no second. */
export function withLoneMedia(
	rules: (content: PostContent, media: MediaFacts | null) => readonly Violation[],
): PlatformAdapter['validate'] {
	return (content: PostContent, media: readonly MediaItem[]) => [
		...(media.length > 1
			? [violation('media.count', media.length, 'one picture or video', 'Make a post for each of them.')]
			: []),
		...rules(content, media[0]?.facts ?? null),
	];
}
