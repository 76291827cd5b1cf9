// The forms that make containers (facts 7.2). Nothing is passed through: Threads ignores what it does not know.
import type { MediaItem } from '../../publishing/adapter';
import type { PostContent } from '../../publishing/post';
import { optionsOf } from './options';
import { textOf } from './text';

type Form = Readonly<Record<string, string>>;

/** A medium under the address at which Threads fetches it. */
export interface AddressedMedia extends MediaItem {
	readonly url: string;
}

/** A post of words alone, or of one medium. */
export function postForm(content: PostContent, media: AddressedMedia | null): Form {
	const { linkAttachment, poll } = optionsOf(content);
	if (media) return { ...mediaFields(media), ...spoiler(content), ...commonFields(content) };
	return {
		media_type: 'TEXT',
		...commonFields(content),
		...(linkAttachment && { link_attachment: linkAttachment }),
		...(poll && { poll_attachment: JSON.stringify(pollOf(poll)) }),
	};
}

export function carouselItemForm(media: AddressedMedia): Form {
	return { ...mediaFields(media), is_carousel_item: 'true' };
}

export function carouselForm(content: PostContent, children: readonly string[]): Form {
	return {
		media_type: 'CAROUSEL',
		children: children.join(','),
		...spoiler(content),
		...commonFields(content),
	};
}

function mediaFields({ facts, url, altText }: AddressedMedia): Form {
	return {
		...(facts.kind === 'video'
			? { media_type: 'VIDEO', video_url: url }
			: { media_type: 'IMAGE', image_url: url }),
		...(altText && { alt_text: altText }),
	};
}

function spoiler(content: PostContent): Form {
	return optionsOf(content).isSpoilerMedia ? { is_spoiler_media: 'true' } : {};
}

function commonFields(content: PostContent): Form {
	const { replyControl, topicTag, replyToId, quotePostId } = optionsOf(content);
	const text = textOf(content);
	return {
		...(text !== '' && { text }),
		...(replyControl && { reply_control: replyControl }),
		...(topicTag && { topic_tag: topicTag }),
		...(replyToId && { reply_to_id: replyToId }),
		...(quotePostId && { quote_post_id: quotePostId }),
	};
}

/** The answers are `option_a` to `option_d`. */
function pollOf(answers: readonly string[]): Form {
	return Object.fromEntries(answers.map((answer, index) => [`option_${'abcd'.charAt(index)}`, answer]));
}
