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
/**
 * Facts 5.2: a member's token may not ask about pictures and documents. A post that is too early is refused without
 * effect, and comes back.
 */
const unseenGraceMs = { image: 5_000, document: 20_000 } as const;

export async function waitUntilAvailable(
	context: AdapterContext,
	media: readonly MediaHandle[],
): Promise<void> {
	let graceMs = 0;
	for (const medium of media) {
		// What is hidden of one picture is hidden of all of them.
		if (medium.kind !== 'video' && graceMs > 0) continue;
		const isSeen = await waitForMedium(context, medium);
		if (!isSeen && medium.kind !== 'video') graceMs = unseenGraceMs[medium.kind];
	}
	if (graceMs > 0) await context.clock.sleep(graceMs, context.signal);
}

/** @returns false when the account may not see how far it is. */
async function waitForMedium(context: AdapterContext, medium: MediaHandle): Promise<boolean> {
	const giveUpAtMs = context.clock.now().getTime() + processingDeadlineMs;
	for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(maxPauseMs, pauseMs * 1.5)) {
		const state = await readAsset(context, medium).catch((error: unknown) => unseen(error, medium));
		if (state === 'unseen') return false;
		if (state.status === 'AVAILABLE') return true;
		if (state.status === 'PROCESSING_FAILED') throw processingFailed(state, medium);
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
	return await linkedInRead(context, assetSchema, {
		path: linkedInPaths[kind](urn),
		doing: 'Asking about the media',
	});
}

function unseen(error: unknown, { kind }: MediaHandle): 'unseen' {
	const status = error instanceof PublishError ? error.httpStatus : undefined;
	if (status === 403 && kind !== 'video') return 'unseen';
	if (status === 404) throw new HandleGoneError('LinkedIn no longer knows the media; it is uploaded anew.');
	throw error;
}

const remedies = {
	video: 'Render the video as MP4 with H.264 and AAC, 3 s to 30 min, and publish again.',
	image: 'Save the picture anew as JPEG or PNG, and publish again.',
	document: 'Save the document anew as PDF with at most 300 pages, and publish again.',
} as const;

function processingFailed(state: AssetState, { kind }: MediaHandle): PublishError {
	const { processingFailureReason: said } = state;
	return new PublishError(
		'rejected',
		`LinkedIn could not process the ${kind}${said ? `: ${redact(said)}` : '.'}`,
		{ platform: 'linkedin', code: 'PROCESSING_FAILED', remedy: remedies[kind] },
	);
}
