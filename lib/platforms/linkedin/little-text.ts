// LinkedIn's "little text" (facts 5.3): a reserved character that is not escaped cuts the post off right there,
// without any error. What people mean as a hashtag or as a mention has to stay one.

const reserved = /[\\|{}@[\]()<>#*_~]/g;
const tokens =
	/@\[([^[\]]+)\]\((urn:li:(?:organization|person):[\w-]+)\)|(?<![\p{L}\p{N}_&/])#([\p{L}\p{N}_]*\p{L}[\p{L}\p{N}_]*)/gu;

/** Plain words to what LinkedIn wants. `@[Name](urn:li:organization:123)` is a mention, `#word` a hashtag. */
export function toLittleText(text: string): string {
	let little = '';
	let position = 0;
	for (const found of text.matchAll(tokens)) {
		const [whole, name, urn, tag] = found;
		little += escaped(text.slice(position, found.index));
		little += tag === undefined ? `@[${escaped(name ?? '')}](${urn})` : hashtag(tag);
		position = found.index + whole.length;
	}
	return little + escaped(text.slice(position));
}

/** The short form knows letters and digits only. */
function hashtag(tag: string): string {
	return tag.includes('_') ? `{hashtag|\\#|${escaped(tag)}}` : `#${tag}`;
}

function escaped(text: string): string {
	return text.replace(reserved, '\\$&');
}
