// From the plan's posts to requests, each with a mark by which its public post is known.
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { writeOwnMedia } from './media-files';
import type { IntakePost } from './messages';
import type { Plan } from './plan';

export interface Drafted {
	readonly request: IntakePost;
	/** Stands in this public post and in no other. */
	readonly mark: string;
}

interface Ground {
	readonly mediaFolder: string;
	/** Of each post, what its account had to have before. */
	readonly neededIds: readonly string[];
}

export async function draftPosts(
	plan: Plan,
	{ mediaFolder, neededIds }: Ground,
): Promise<readonly Drafted[]> {
	return await Promise.all(
		plan.posts.map(async ({ kind, words }, index): Promise<Drafted> => {
			const { platform } = kind;
			const key = `seed-${plan.seed}-${index}`;
			const content = kind.contentOf(words, neededIds[index] ?? '');
			const media = kind.media.map((file) => path.join(mediaFolder, file));
			const [first, ...more] = media;
			if (!first || content.text !== undefined || content.title !== undefined) {
				return { request: { key, platform, content, media }, mark: words };
			}
			const target = path.join(mediaFolder, `${key}${path.extname(first)}`);
			const own = await writeOwnMedia(first, target, words);
			return { request: { key, platform, content, media: [own.path, ...more] }, mark: own.sha256 };
		}),
	);
}

/** Thousands of seeds would fill the disk. */
export async function removeOwnMedia(plan: Plan, mediaFolder: string): Promise<void> {
	for (const [index, { kind }] of plan.posts.entries()) {
		const [first = ''] = kind.media;
		const own = `seed-${plan.seed}-${index}${path.extname(first)}`;
		await rm(path.join(mediaFolder, own), { force: true });
	}
}
