// What YouTube accepts, checked before a byte is sent (facts 1.4).
import type { MediaItem, Violation } from '../../publishing/adapter';
import type { PostContent } from '../../publishing/post';
import { optionViolations, violation } from '../violations';
import { youtubeRules } from './limits';
import { mediaViolations } from './media';
import { readOptions, youtubeOptionsSchema } from './options';

export function validateForYouTube(content: PostContent, media: readonly MediaItem[]): Violation[] {
	return [
		...titleViolations(content.title ?? ''),
		...descriptionViolations(content.description ?? ''),
		...tagViolations(content.tags ?? []),
		...hashtagViolations(`${content.title ?? ''} ${content.description ?? ''}`),
		...optionViolations(youtubeOptionsSchema, content.options),
		...scheduleViolations(content),
		...localizationViolations(content),
		...mediaViolations(media),
	];
}

function titleViolations(title: string): Violation[] {
	const length = [...title].length;
	const { maxTitleChars } = youtubeRules;
	if (title.trim() === '')
		return [violation('title', 'empty', '1 to 100 characters', 'Give the video a title.')];
	return [
		...(length > maxTitleChars
			? [violation('title.length', length, `at most ${maxTitleChars} characters`, 'Shorten the title.')]
			: []),
		...bracketViolations('title', title),
	];
}

function descriptionViolations(description: string): Violation[] {
	const sizeBytes = Buffer.byteLength(description, 'utf8');
	const allowed = `at most ${youtubeRules.maxDescriptionBytes} bytes (an emoji is 4 or more)`;
	return [
		...(sizeBytes > youtubeRules.maxDescriptionBytes
			? [violation('description.bytes', sizeBytes, allowed, 'Shorten the description.')]
			: []),
		...bracketViolations('description', description),
	];
}

function bracketViolations(field: string, text: string): Violation[] {
	if (!/[<>]/.test(text)) return [];
	return [
		violation(`${field}.characters`, '< or >', 'no angle brackets', `Remove < and > from the ${field}.`),
	];
}

/** The commas between tags count, and a tag with a space is counted with two quotes around it. */
export function countTagChars(tags: readonly string[]): number {
	const counted = tags.map((tag) => [...tag].length + (tag.includes(' ') ? 2 : 0));
	return counted.reduce((sum, chars) => sum + chars, Math.max(0, tags.length - 1));
}

function tagViolations(tags: readonly string[]): Violation[] {
	const chars = countTagChars(tags);
	const allowed = `at most ${youtubeRules.maxTagChars} characters in all`;
	return [
		...(chars > youtubeRules.maxTagChars
			? [violation('tags.length', chars, allowed, 'Use fewer tags.')]
			: []),
		...(tags.some((tag) => tag.trim() === '')
			? [violation('tags', 'an empty tag', 'no empty tags', 'Remove the empty tag.')]
			: []),
		...bracketViolations('tags', tags.join(' ')),
	];
}

function hashtagViolations(text: string): Violation[] {
	const count = text.match(/#[\p{L}\p{N}_]+/gu)?.length ?? 0;
	if (count <= youtubeRules.maxHashtags) return [];
	const allowed = `at most ${youtubeRules.maxHashtags}; beyond that YouTube ignores all of them`;
	return [violation('hashtags', count, allowed, 'Use fewer hashtags.')];
}

function scheduleViolations(content: PostContent): Violation[] {
	const options = readOptions(content);
	if (!options?.publishAt || options.privacyStatus === 'private') return [];
	const fix = 'Set the privacy to private; YouTube makes the video public at that time.';
	return [violation('publishAt', `with ${options.privacyStatus}`, 'only with private', fix)];
}

/** YouTube has to know which language the others are translations of. */
function localizationViolations(content: PostContent): Violation[] {
	const { localizations, language } = readOptions(content) ?? {};
	if (!localizations) return [];
	const fix = 'Say in which language the title and the description are.';
	return [
		...(language ? [] : [violation('localizations', 'no language', 'with a language', fix)]),
		...Object.entries(localizations).flatMap(([translated, { title, description }]) =>
			[...titleViolations(title), ...descriptionViolations(description)].map((found) => ({
				...found,
				rule: `localizations.${translated}.${found.rule}`,
			})),
		),
	];
}
