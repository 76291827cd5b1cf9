// What TikTok lets this creator do now. It must be asked before every post (facts 2.2), and what it says wins
// over every number in the documentation.
import type { AdapterContext, Draft } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import { tiktokRead } from './call';
import { tiktokPaths } from './constants';
import type { TikTokOptions } from './options';
import { creatorSchema, type Creator } from './types';

export async function readCreator(context: AdapterContext): Promise<Creator> {
	return await tiktokRead(context, creatorSchema, {
		path: tiktokPaths.creatorInfo,
		doing: 'Asking what the creator may post',
	});
}

/** @throws PublishError of class `validation`, before anything is opened. */
export function refuseForCreator(creator: Creator, draft: Draft, options: TikTokOptions): void {
	const allowed = creator.privacy_level_options;
	if (!allowed.includes(options.privacyLevel)) {
		throw new PublishError(
			'validation',
			`This creator may not post with the privacy ${options.privacyLevel}.`,
			{
				platform: 'tiktok',
				code: 'privacy_level_option_mismatch',
				remedy: `Choose one of: ${allowed.join(', ')}.`,
			},
		);
	}
	const maxSec = creator.max_video_post_duration_sec;
	const durationSec = draft.media[0]?.facts.durationSec;
	if (maxSec === undefined || durationSec === undefined || durationSec <= maxSec) return;
	throw new PublishError('validation', `The video lasts ${Math.ceil(durationSec)} s.`, {
		platform: 'tiktok',
		code: 'duration_check_failed',
		remedy: `This creator may post videos of at most ${maxSec} s. Cut the clip to fit.`,
	});
}
