// X works on the media before a post may name it. It says when to ask again; we ask no earlier, and not for ever.
import type { AdapterContext } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import { HandleGoneError } from '../../publishing/publish';
import { xRead } from './call';
import { xPaths } from './constants';
import { mediaAnswerSchema, type Processing } from './types';

/** Longer than X takes for its largest video. A post that waits longer comes back later, with its upload. */
const processingDeadlineMs = 15 * 60_000;
const defaultPauseSec = 3;
const maxPauseSec = 30;

export async function waitUntilProcessed(context: AdapterContext, mediaId: string): Promise<void> {
	const giveUpAt = context.clock.now().getTime() + processingDeadlineMs;
	for (;;) {
		const info = await readProcessing(context, mediaId);
		if (!info || info.state === 'succeeded') return;
		if (info.state === 'failed') throw processingFailed(info);
		if (context.clock.now().getTime() >= giveUpAt) {
			throw new PublishError('platform', 'X is still working on the media.', {
				platform: 'x',
				code: 'processing-timeout',
			});
		}
		const pauseSec = Math.min(maxPauseSec, Math.max(1, info.check_after_secs ?? defaultPauseSec));
		await context.clock.sleep(pauseSec * 1000, context.signal);
	}
}

async function readProcessing(context: AdapterContext, mediaId: string): Promise<Processing | undefined> {
	try {
		const { data } = await xRead(context, mediaAnswerSchema, {
			path: xPaths.uploadStatus(mediaId),
			doing: 'Asking about the media',
		});
		return data.processing_info;
	} catch (error) {
		if (error instanceof PublishError && (error.httpStatus === 404 || error.httpStatus === 410)) {
			throw new HandleGoneError('X no longer knows the media; it is uploaded anew.');
		}
		throw error;
	}
}

function processingFailed({ error }: Processing): PublishError {
	const said = error?.message ?? error?.name;
	return new PublishError('rejected', `X could not process the media${said ? `: ${said}` : '.'}`, {
		platform: 'x',
		code: error?.name ?? 'processing-failed',
		remedy: 'Render the media as MP4 with H.264 and AAC, at most 140 s, and publish again.',
	});
}
