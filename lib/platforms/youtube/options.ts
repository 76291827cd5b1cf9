// YouTube's own extras of a post (facts 1.2), as they stand in `content.options`.
import { z } from 'zod';
import type { PostContent } from '../../publishing/post';
import { youtubeRules } from './limits';

/** BCP 47, such as `en` or `pt-BR`. */
const languageSchema = z
	.string()
	.regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, { error: 'a language such as en or pt-BR' });

const privacies = ['public', 'unlisted', 'private'] as const;

export const youtubeOptionsSchema = z.strictObject({
	privacyStatus: z.enum(privacies).default('private'),
	categoryId: z.string().regex(/^\d+$/, { error: 'the number of a category' }).default('22'),
	madeForKids: z.boolean().default(false),
	containsSyntheticMedia: z.boolean().optional(),
	publishAt: z.iso.datetime({ offset: true }).optional(),
	notifySubscribers: z.boolean().default(true),
	language: languageSchema.optional(),
	audioLanguage: languageSchema.optional(),
	embeddable: z.boolean().optional(),
	license: z.enum(['youtube', 'creativeCommon']).optional(),
	publicStatsViewable: z.boolean().optional(),
	recordingDate: z.iso.datetime({ offset: true }).optional(),
	hasPaidProductPlacement: z.boolean().optional(),
	/** Title and description in other languages, by language. */
	localizations: z
		.record(languageSchema, z.strictObject({ title: z.string(), description: z.string().default('') }))
		.optional(),
	/** The video is put into them once it is there. */
	playlistIds: z.array(z.string().trim().min(1)).max(youtubeRules.maxPlaylists).default([]),
});

export type YouTubeOptions = z.infer<typeof youtubeOptionsSchema>;

/** What can be read of the options, for rules about what belongs together; each wrong one is told by itself. */
export function readOptions({ options }: PostContent): YouTubeOptions | null {
	const parsed = youtubeOptionsSchema.safeParse(options ?? {});
	return parsed.success ? parsed.data : null;
}
