import { z } from 'zod';
import { toJsonb, storableText } from './json';
import type { Queryable } from './pool';

/** What the extractor says of one clip; further fields are allowed and not kept. */
export const newClipSchema = z.object({
	clipId: z.string().min(1).max(200),
	source: z.string().default(''),
	startSec: z.number().min(0),
	endSec: z.number().positive(),
	title: z.string().default(''),
	hook: z.string().default(''),
	transcript: z.string().default(''),
	score: z.number().nullish(),
	scoreParts: z.record(z.string(), z.unknown()).default({}),
	reason: z.string().default(''),
	/** Absolute path or URL of the rendered file. */
	path: z.string().min(1),
	sha256: z.string().nullish(),
	sizeBytes: z.number().int().min(0).nullish(),
	width: z.number().int().positive().nullish(),
	height: z.number().int().positive().nullish(),
	suggestions: z
		.looseObject({
			title: z.string().optional(),
			description: z.string().optional(),
			text: z.string().optional(),
			hashtags: z.array(z.string()).optional(),
		})
		.default({}),
});

export type NewClip = z.infer<typeof newClipSchema>;

// A clip that was rendered again is the same clip at a new place.
const upsertClipSql = `
	insert into stackkraft.clips (
		clip_id, source, start_sec, end_sec, title, hook, transcript, score, score_parts, reason,
		media_ref, sha256, size_bytes, width_px, height_px, suggestions, request_id
	) values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10, $11, $12, $13, $14, $15, $16::jsonb, $17)
	on conflict (clip_id) do update set
		media_ref = excluded.media_ref, sha256 = excluded.sha256, size_bytes = excluded.size_bytes`;

export async function upsertClip(client: Queryable, clip: NewClip, requestId: string): Promise<void> {
	await client.query(upsertClipSql, [
		clip.clipId,
		storableText(clip.source),
		clip.startSec,
		clip.endSec,
		storableText(clip.title),
		storableText(clip.hook),
		storableText(clip.transcript),
		clip.score ?? null,
		toJsonb(clip.scoreParts),
		storableText(clip.reason),
		clip.path,
		clip.sha256 ?? null,
		clip.sizeBytes ?? null,
		clip.width ?? null,
		clip.height ?? null,
		toJsonb(clip.suggestions),
		requestId,
	]);
}
