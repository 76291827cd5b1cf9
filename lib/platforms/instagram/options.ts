// What Instagram offers beside media and caption, and which kind of post a draft is (facts 3.2).
import { z } from 'zod';
import type { MediaItem, Violation } from '../../publishing/adapter';
import type { PostContent } from '../../publishing/post';
import { optionViolations, violation } from '../violations';
import { instagramRules } from './limits';

const { maxCaptionChars, maxCollaborators, maxMedia, maxMentions } = instagramRules;
const publicUrl = z.url({ protocol: /^https?$/, error: 'a public web address' });
const username = z.string().min(1);
/** From the left or the top edge: 0 to 1. */
const place = z.number().min(0).max(1);

export const instagramOptionsSchema = z.strictObject({
	/** Missing means the feed: one video becomes a reel, one picture a picture, several media a carousel. */
	placement: z.enum(['feed', 'story']).optional(),
	/** Missing means true: the reel is in the feed as well. */
	shareToFeed: z.boolean().optional(),
	/** The frame that becomes the cover; `coverUrl` wins over it. */
	thumbOffsetMs: z.number().int().nonnegative().optional(),
	coverUrl: publicUrl.optional(),
	audioName: z.string().min(1).optional(),
	collaborators: z.array(username).max(maxCollaborators, `at most ${maxCollaborators} accounts`).optional(),
	userTags: z
		.array(
			z.strictObject({
				username,
				/** Missing means the middle. Only pictures have places. */
				x: place.optional(),
				y: place.optional(),
				/** Which medium of a carousel, counted from 1; missing means the first. */
				mediaNumber: z.number().int().min(1).max(maxMedia).optional(),
			}),
		)
		.max(maxMentions, `at most ${maxMentions} accounts`)
		.optional(),
	/** Shown to people who do not follow first; the word says how it becomes an ordinary reel. */
	trialReel: z.enum(['MANUAL', 'SS_PERFORMANCE']).optional(),
	isAiGenerated: z.boolean().optional(),
	/** Written under the post once it is live. */
	firstComment: z.string().min(1).max(maxCaptionChars, `at most ${maxCaptionChars} characters`).optional(),
});

export type InstagramOptions = z.infer<typeof instagramOptionsSchema>;

export type PostKind = 'reel' | 'image' | 'carousel' | 'story';

export function optionsOf({ options }: PostContent): InstagramOptions {
	return instagramOptionsSchema.parse(options ?? {});
}

export function postKind(content: PostContent, media: readonly MediaItem[]): PostKind {
	const placement = instagramOptionsSchema.safeParse(content.options ?? {}).data?.placement;
	if (placement === 'story') return 'story';
	if (media.length > 1) return 'carousel';
	return media[0]?.facts.kind === 'video' ? 'reel' : 'image';
}

const kindNames: Readonly<Record<PostKind, string>> = {
	reel: 'a reel',
	image: 'a picture',
	carousel: 'a carousel',
	story: 'a story',
};

const reelOnly = ['shareToFeed', 'thumbOffsetMs', 'coverUrl', 'audioName', 'trialReel'] as const;
const notInStories = ['collaborators', 'firstComment'] as const;

export function instagramOptionViolations(
	content: PostContent,
	media: readonly MediaItem[],
): readonly Violation[] {
	const parsed = instagramOptionsSchema.safeParse(content.options ?? {});
	if (!parsed.success) return optionViolations(instagramOptionsSchema, content.options);
	const kind = postKind(content, media);
	return [
		...misplaced(parsed.data, kind),
		...coverViolations(parsed.data, media),
		...tagViolations(parsed.data, media.length),
	];
}

/** What Instagram would silently leave out is refused: nobody would find out why it is missing. */
function misplaced(options: InstagramOptions, kind: PostKind): Violation[] {
	const wrong = (name: string, allowed: string): Violation =>
		violation(
			`option:${name}`,
			kindNames[kind],
			allowed,
			'Remove the option, or change the kind of the post.',
		);
	return [
		...reelOnly
			.filter((name) => kind !== 'reel' && options[name] !== undefined)
			.map((name) => wrong(name, 'only for a reel')),
		...notInStories
			.filter((name) => kind === 'story' && options[name] !== undefined)
			.map((name) => wrong(name, 'not for a story')),
	];
}

/** Facts 3.5: 1/2207057. */
function coverViolations({ thumbOffsetMs }: InstagramOptions, media: readonly MediaItem[]): Violation[] {
	const durationSec = media[0]?.facts.durationSec;
	if (thumbOffsetMs === undefined || durationSec === undefined) return [];
	if (thumbOffsetMs <= durationSec * 1000) return [];
	return [
		violation(
			'option:thumbOffsetMs',
			`${thumbOffsetMs} ms`,
			`at most ${Math.floor(durationSec * 1000)} ms, the length of the video`,
			'Choose an earlier moment for the cover.',
		),
	];
}

function tagViolations({ userTags = [] }: InstagramOptions, mediaCount: number): Violation[] {
	return userTags
		.filter(({ mediaNumber = 1 }) => mediaCount > 0 && mediaNumber > mediaCount)
		.map(({ username: name, mediaNumber }) =>
			violation(
				'option:userTags',
				`${name} on medium ${mediaNumber}`,
				`1 to ${mediaCount}`,
				'Tag the account on a medium that the post has.',
			),
		);
}
