// A container is the unpublished post, or one item of it. Threads fetches the media of it by itself, and then it says
// FINISHED (facts 7.2). Nobody sees any of it.
import type { AdapterContext, DraftMedia } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import { HandleGoneError } from '../../publishing/publish';
import { graphDeadlineMs } from '../graph-call';
import { parseAnswer } from '../parse-answer';
import { publicUrlOf } from '../public-media';
import { formPost, isMissing, patientPost, threadsRead } from './call';
import { threadsPaths, threadsUrl } from './constants';
import type { AddressedMedia } from './container-form';
import { containerRemedy, downloadFailed, threadsError, threadsNetwork } from './errors';
import { containerSchema, idSchema, type Container } from './types';

/** Facts 7.2 names five minutes; a large video on a slow line gets twice that before the post comes back later. */
const processingDeadlineMs = 10 * 60_000;
const firstPauseMs = 2_000;
/** Facts 7.2: not more often than once a minute, in the long run. */
const maxPauseMs = 60_000;

export async function addressed(media: DraftMedia): Promise<AddressedMedia> {
	return { ...media, url: await publicUrlOf(media, threadsNetwork) };
}

export async function makeContainer(
	context: AdapterContext,
	userId: string,
	form: Readonly<Record<string, string>>,
): Promise<string> {
	const url = threadsUrl('api', threadsPaths.containers(userId), context.apiBaseUrl);
	const response = await patientPost(context, formPost(url, form, graphDeadlineMs));
	if (response.status !== 200) throw threadsError(response, context.clock.now(), 'Handing over the post');
	return parseAnswer(idSchema, response, { platform: 'threads', ifUnreadable: 'platform' }).id;
}

/** @throws DownloadFailedError when only a new container can help. */
export async function waitUntilFinished(context: AdapterContext, containerId: string): Promise<void> {
	const giveUpAt = context.clock.now().getTime() + processingDeadlineMs;
	for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(maxPauseMs, pauseMs * 2)) {
		const container = await readContainer(context, containerId);
		if (!container || container.status === 'EXPIRED') {
			throw new HandleGoneError('Threads no longer knows the upload; it is made anew.');
		}
		// PUBLISHED is for whoever looks for a lost answer; publishing again is refused there and not here.
		if (container.status === 'FINISHED' || container.status === 'PUBLISHED') return;
		if (container.status === 'ERROR') throw containerFailed(container);
		if (context.clock.now().getTime() >= giveUpAt) {
			throw new PublishError('platform', 'Threads is still working on the media.', {
				platform: 'threads',
				code: 'processing-timeout',
			});
		}
		await context.clock.sleep(pauseMs, context.signal);
	}
}

/** Null when Threads has no such container. */
export async function readContainer(context: AdapterContext, containerId: string): Promise<Container | null> {
	try {
		return await threadsRead(context, containerSchema, {
			path: threadsPaths.object(containerId),
			query: { fields: 'status,error_message' },
			doing: 'Asking about the upload',
		});
	} catch (error) {
		if (isMissing(error)) return null;
		throw error;
	}
}

function containerFailed({ error_message: code = 'UNKNOWN' }: Container): PublishError {
	if (code === downloadFailed) return new DownloadFailedError();
	return new PublishError('rejected', `Threads could not process the media: ${code}`, {
		platform: 'threads',
		code,
		remedy: containerRemedy(code),
	});
}

/** A new container is needed, since this one stays broken; and the address has to be looked at. */
export class DownloadFailedError extends PublishError {
	constructor() {
		super('platform', 'Threads could not fetch the media from its public address.', {
			platform: 'threads',
			code: downloadFailed,
			remedy:
				'Check that the Public Base URL can be reached from the internet without a password and without a redirect.',
		});
	}
}
