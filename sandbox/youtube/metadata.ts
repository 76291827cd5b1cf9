import { z } from 'zod';
import { CATEGORIES } from './categories';
import { refuse } from './errors';

const snippetSchema = z.strictObject({
	title: z.string().default(''),
	description: z.string().default(''),
	tags: z.array(z.string()).default([]),
	categoryId: z.string().default('22'),
	defaultLanguage: z.string().optional(),
	defaultAudioLanguage: z.string().optional(),
});
const statusSchema = z.strictObject({
	privacyStatus: z.enum(['public', 'unlisted', 'private']).optional(),
	publishAt: z.string().optional(),
	selfDeclaredMadeForKids: z.boolean().optional(),
	containsSyntheticMedia: z.boolean().optional(),
	embeddable: z.boolean().optional(),
	license: z.enum(['youtube', 'creativeCommon']).optional(),
	publicStatsViewable: z.boolean().optional(),
});
const videoSchema = z.strictObject({
	id: z.string().optional(),
	kind: z.string().optional(),
	etag: z.string().optional(),
	snippet: snippetSchema.optional(),
	status: statusSchema.optional(),
	recordingDetails: z.looseObject({ recordingDate: z.string().optional() }).optional(),
	paidProductPlacementDetails: z.strictObject({ hasPaidProductPlacement: z.boolean().optional() }).optional(),
	localizations: z
		.record(z.string(), z.strictObject({ title: z.string().optional(), description: z.string().optional() }))
		.optional(),
});

export interface VideoMetadata {
	readonly title: string;
	readonly description: string;
	readonly tags: readonly string[];
	readonly categoryId: string;
	readonly privacyStatus: 'public' | 'unlisted' | 'private';
	/** Nobody said how visible it should be: since 2026-11-02 that means public. */
	readonly isPrivacyDefaulted: boolean;
	readonly publishAt: string | undefined;
	readonly publicStatsViewable: boolean;
	readonly extras: Readonly<Record<string, unknown>>;
}

export const VIDEO_PARTS = [
	'contentDetails',
	'fileDetails',
	'id',
	'liveStreamingDetails',
	'localizations',
	'paidProductPlacementDetails',
	'player',
	'processingDetails',
	'recordingDetails',
	'snippet',
	'statistics',
	'status',
	'suggestions',
	'topicDetails',
];

/** `part` is required everywhere and knows a fixed set of words. */
export function readParts(url: URL, known: readonly string[]): string[] {
	const parts = url.searchParams
		.getAll('part')
		.flatMap((value) => value.split(','))
		.map((part) => part.trim())
		.filter((part) => part !== '');
	const place = { location: 'part', locationType: 'parameter' } as const;
	if (parts.length === 0) throw refuse(400, 'missingRequiredParameter', 'No part provided.', place);
	const unknown = parts.find((part) => !known.includes(part));
	if (unknown !== undefined) {
		throw refuse(400, 'unknownPart', `'${unknown}'`, { ...place, domain: 'youtube.part' });
	}
	return parts;
}

/** Checks a video resource as videos.insert and videos.update do (facts 1.2, 1.4, 1.6). */
export function readMetadata(body: unknown, parts: readonly string[], nowMs: number): VideoMetadata {
	const video = parseVideo(body);
	// What `part` does not name is not set, whatever the body says: a status without part=status is lost.
	const snippet = snippetSchema.parse((parts.includes('snippet') && video.snippet) || {});
	const status = statusSchema.parse((parts.includes('status') && video.status) || {});
	const { title, description, tags, categoryId, ...languages } = snippet;
	const metadata: VideoMetadata = {
		title,
		description,
		tags,
		categoryId,
		privacyStatus: status.privacyStatus ?? 'public',
		isPrivacyDefaulted: status.privacyStatus === undefined,
		publishAt: status.publishAt,
		publicStatsViewable: status.publicStatsViewable ?? true,
		extras: { ...extraParts(video, parts), ...languages, status },
	};
	checkText(metadata);
	checkPublishAt(metadata, nowMs);
	if (metadata.extras['localizations'] !== undefined && snippet.defaultLanguage === undefined) {
		throw invalid(
			'defaultLanguageNotSet',
			'The default language is not set.',
			'body.snippet.defaultLanguage',
		);
	}
	return metadata;
}

function extraParts(video: z.output<typeof videoSchema>, parts: readonly string[]): Record<string, unknown> {
	const known = ['recordingDetails', 'paidProductPlacementDetails', 'localizations'] as const;
	const given = known.filter((part) => parts.includes(part) && video[part] !== undefined);
	return Object.fromEntries(given.map((part) => [part, video[part]]));
}

function parseVideo(body: unknown): z.output<typeof videoSchema> {
	if (body === undefined) throw refuse(400, 'parseError', 'Parse Error');
	const parsed = videoSchema.safeParse(body);
	if (parsed.success) return parsed.data;
	const [issue] = parsed.error.issues;
	const path = ['video', ...(issue?.path ?? [])].join('.');
	const message =
		issue?.code === 'unrecognized_keys'
			? `Invalid JSON payload received. Unknown name "${issue.keys[0]}" at '${path}': Cannot find field.`
			: `Invalid value at '${path}'`;
	throw refuse(400, 'badRequest', message, { status: 'INVALID_ARGUMENT' });
}

function invalid(reason: string, message: string, location: string) {
	return refuse(400, reason, message, { domain: 'youtube.video', location });
}

function checkText(metadata: VideoMetadata): void {
	const { title, description, tags, categoryId } = metadata;
	if (title.trim() === '' || [...title].length > 100 || /[<>]/.test(title)) {
		throw invalid(
			'invalidTitle',
			'The request metadata specifies an invalid or empty video title.',
			'body.snippet.title',
		);
	}
	if (Buffer.byteLength(description) > 5000 || /[<>]/.test(description)) {
		throw invalid(
			'invalidDescription',
			'The request metadata specifies an invalid video description.',
			'body.snippet.description',
		);
	}
	if (tagCharacters(tags) > 500 || tags.some((tag) => tag === '' || /[<>]/.test(tag))) {
		throw invalid(
			'invalidTags',
			'The request metadata specifies invalid video keywords.',
			'body.snippet.tags',
		);
	}
	if (CATEGORIES.get(categoryId)?.isAssignable !== true) {
		throw invalid('invalidCategoryId', 'The snippet.categoryId is invalid.', 'body.snippet.categoryId');
	}
}

/** Facts 1.4: commas between tags count, and a tag with a space counts its two quotes. */
function tagCharacters(tags: readonly string[]): number {
	const own = tags.reduce((sum, tag) => sum + [...tag].length + (tag.includes(' ') ? 2 : 0), 0);
	return own + Math.max(0, tags.length - 1);
}

function checkPublishAt({ publishAt, privacyStatus }: VideoMetadata, nowMs: number): void {
	if (publishAt === undefined) return;
	const isTime = z.iso.datetime({ offset: true }).safeParse(publishAt).success;
	const isFarAway = isTime && new Date(publishAt).getTime() > nowMs + 2 * 365 * 86_400_000;
	if (!isTime || isFarAway || privacyStatus !== 'private') {
		throw invalid(
			'invalidPublishAt',
			'The request metadata specifies an invalid scheduled publishing time.',
			'body.status.publishAt',
		);
	}
}
