// LinkedIn works on the media before a post may name it (facts 5.2). It does not say when to ask again.
import type { AdapterContext } from '../../publishing/adapter';
import { redact } from '../../http/redact';
import { PublishError } from '../../publishing/errors';
import { HandleGoneError } from '../../publishing/publish';
import { linkedInRead } from './call';
import { linkedInPaths } from './constants';
import { assetSchema, type AssetState, type MediaHandle } from './types';

/** A video that takes longer comes back later, with its upload. */
const processingDeadlineMs = 20 * 60_000;
const firstPauseMs = 2_000;
const maxPauseMs = 15_000;
/** Facts 5.2: a member's token may not ask about an image. A post that is too early is refused without effect. */
const unseenImageGraceMs = 5_000;

export async function waitUntilAvailable(context: AdapterContext, media: MediaHandle): Promise<void> {
	const giveUpAtMs = context.clock.now().getTime() + processingDeadlineMs;
	for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(maxPauseMs, pauseMs * 1.5)) {
		const state = await readAsset(context, media).catch((error: unknown) => unseen(error, media));
		if (state === 'unseen') return await context.clock.sleep(unseenImageGraceMs, context.signal);
		if (state.status === 'AVAILABLE') return;
		if (state.status === 'PROCESSING_FAILED') throw processingFailed(state);
		if (context.clock.now().getTime() >= giveUpAtMs) {
			throw new PublishError('platform', 'LinkedIn is still working on the media.', {
				platform: 'linkedin',
				code: 'processing-timeout',
			});
		}
		await context.clock.sleep(pauseMs, context.signal);
	}
}

export async function readAsset(context: AdapterContext, { urn, kind }: MediaHandle): Promise<AssetState> {
	const path = kind === 'video' ? linkedInPaths.video(urn) : linkedInPaths.image(urn);
	return await linkedInRead(context, assetSchema, { path, doing: 'Asking about the media' });
}

function unseen(error: unknown, { kind }: MediaHandle): 'unseen' {
	const status = error instanceof PublishError ? error.httpStatus : undefined;
	if (status === 403 && kind === 'image') return 'unseen';
	if (status === 404) throw new HandleGoneError('LinkedIn no longer knows the media; it is uploaded anew.');
	throw error;
}

function processingFailed({ processingFailureReason: said }: AssetState): PublishError {
	return new PublishError(
		'rejected',
		`LinkedIn could not process the media${said ? `: ${redact(said)}` : '.'}`,
		{
			platform: 'linkedin',
			code: 'PROCESSING_FAILED',
			remedy: 'Render the video as MP4 with H.264 and AAC, 3 s to 30 min, and publish again.',
		},
	);
}
