import { z } from 'zod';
import type { Answer, Exchange } from '../core/answer';
import { invalidParam, refuse } from './errors';
import { readBody, refuseForPrivacy } from './init';
import { charge, refuseSpam } from './limits';
import { PRIVACY_LEVELS, type PostInfo, type TikTok } from './model';
import { enter } from './oauth';
import { openPull } from './pull';

const words = { title: z.string().max(90).default(''), description: z.string().max(4_000).default('') };

const common = {
	media_type: z.literal('PHOTO'),
	source_info: z.strictObject({
		source: z.literal('PULL_FROM_URL'),
		photo_images: z.array(z.url()).min(1).max(35),
		photo_cover_index: z.int().nonnegative(),
	}),
};

/** Facts 2.2. That a draft has words and nothing else is our own reading. */
const photoSchema = z.discriminatedUnion('post_mode', [
	z.strictObject({
		...common,
		post_mode: z.literal('DIRECT_POST'),
		post_info: z.strictObject({
			...words,
			privacy_level: z.enum(PRIVACY_LEVELS),
			disable_comment: z.boolean().default(false),
			auto_add_music: z.boolean().default(false),
			brand_content_toggle: z.boolean().default(false),
			brand_organic_toggle: z.boolean().default(false),
		}),
	}),
	z.strictObject({
		...common,
		post_mode: z.literal('MEDIA_UPLOAD'),
		post_info: z.strictObject(words).default({ title: '', description: '' }),
	}),
]);

export async function initPhoto(tiktok: TikTok, exchange: Exchange): Promise<Answer> {
	const caller = enter(tiktok, exchange, ['video.publish', 'video.upload']);
	charge(tiktok, exchange, 'init', caller);
	const body = await readBody(exchange, photoSchema);
	const isDraft = body.post_mode === 'MEDIA_UPLOAD';
	enter(tiktok, exchange, [isDraft ? 'video.upload' : 'video.publish']);
	const { photo_images: urls, photo_cover_index: cover } = body.source_info;
	if (cover >= urls.length) throw invalidParam('source_info.photo_cover_index: there is no such photo');
	refuseSpam(tiktok, caller.creator, isDraft);
	if (isDraft && caller.creator.hasOldApp) {
		throw refuse(400, 'app_version_check_failed', 'The version of the TikTok app is too old.');
	}
	return await openPull(tiktok, exchange, caller, {
		kind: 'photo',
		urls,
		post: postOf(body, caller.creator),
	});
}

function postOf(
	body: z.output<typeof photoSchema>,
	creator: Parameters<typeof refuseForPrivacy>[0],
): PostInfo | null {
	if (body.post_mode === 'MEDIA_UPLOAD') return null;
	const { post_info: info } = body;
	refuseForPrivacy(creator, info);
	const { title, description, privacy_level: privacyLevel } = info;
	return { title, description, privacyLevel, isAiGenerated: false };
}
