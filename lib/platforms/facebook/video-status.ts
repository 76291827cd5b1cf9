// A video has one id from the first call on, and tells at any time how far it is (facts 6.2, 6.7). That is what
// makes a lost answer on Facebook harmless: the video is asked, not the feed.
import type { z } from 'zod';
import type { AdapterContext } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import { graphCall } from '../graph-call';
import { facebookPaths, facebookUrl } from './constants';
import { facebookNetwork, noSuchObject } from './errors';
import { videoSchema, type Video } from './types';

export type VideoStage =
	| { readonly kind: 'uploading'; readonly storedBytes: number }
	/** Every byte is there; nobody sees it before it is finished. */
	| { readonly kind: 'uploaded' }
	/** Finished and on its way: it becomes public, or fails, by itself. */
	| { readonly kind: 'working' }
	| { readonly kind: 'live' }
	/** Taken and sure, for a time that has yet to come. */
	| { readonly kind: 'scheduled' }
	| { readonly kind: 'failed'; readonly reason: string }
	| { readonly kind: 'expired' };

export function stageOf({ status = {} }: Video): VideoStage {
	const published = status.publishing_phase?.publish_status ?? '';
	if (published === 'published') return { kind: 'live' };
	if (published === 'scheduled') return { kind: 'scheduled' };
	return failureOf(status) ?? stageOnTheWay(status);
}

type VideoStatus = NonNullable<Video['status']>;

/** Any phase that says `error` is the end (facts 6.2). */
function failureOf(status: VideoStatus): VideoStage | null {
	const whole = status.video_status ?? '';
	const phases = [status.uploading_phase, status.processing_phase, status.publishing_phase];
	const broken = phases.find((phase) => phase?.status === 'error');
	if (!broken && whole !== 'error' && !whole.endsWith('_failed')) return null;
	const said = [broken?.error, ...(broken?.errors ?? [])].map((problem) => problem?.message);
	return { kind: 'failed', reason: said.find(Boolean) ?? (whole || 'error') };
}

function stageOnTheWay(status: VideoStatus): VideoStage {
	const { video_status: whole, uploading_phase: upload, processing_phase: processing } = status;
	if (whole === 'expired') return { kind: 'expired' };
	if (whole === 'ready') return { kind: 'live' };
	if (whole === 'processing' || processing?.status === 'in_progress') return { kind: 'working' };
	if (whole === 'upload_complete' || upload?.status === 'complete') return { kind: 'uploaded' };
	return { kind: 'uploading', storedBytes: upload?.bytes_transferred ?? upload?.bytes_transfered ?? 0 };
}

/** @returns null when Facebook knows no such video. */
export async function readVideo(context: AdapterContext, videoId: string): Promise<Video | null> {
	return await readObject(context, videoSchema, {
		id: videoId,
		fields: 'status,permalink_url,published,post_id',
	});
}

export async function readObject<Schema extends z.ZodType>(
	context: AdapterContext,
	schema: Schema,
	{ id, fields }: { id: string; fields: string },
): Promise<z.infer<Schema> | null> {
	try {
		return await graphCall(facebookNetwork, context, schema, {
			method: 'GET',
			url: facebookUrl('graph', facebookPaths.node(id), context.apiBaseUrl),
			query: { fields },
			doing: 'Reading from the page',
		});
	} catch (error) {
		if (error instanceof PublishError && error.code === noSuchObject) return null;
		throw error;
	}
}

export function processingFailed(reason: string): PublishError {
	return new PublishError('rejected', `Facebook could not process the video: ${reason}`, {
		platform: 'facebook',
		code: 'processing-failed',
		remedy: 'Render the video as MP4 with H.264 and AAC, then publish again.',
	});
}
