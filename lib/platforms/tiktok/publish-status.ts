// The reader: what became of a publish id (facts 2.4). Every question about an upload ends here.
import type { AdapterContext } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import { tiktokRead } from './call';
import { tiktokPaths } from './constants';
import { publishStatusSchema } from './types';

export type PublishState =
	/** Bytes are missing, so there is no post and cannot be one before they come. */
	| { readonly kind: 'receiving'; readonly uploadedBytes: number }
	| { readonly kind: 'processing' }
	/** Published. The id is told only for public posts, and may come later than the rest. */
	| { readonly kind: 'complete'; readonly videoId: string | null }
	/** A draft waits in the creator's inbox. */
	| { readonly kind: 'inbox' }
	| { readonly kind: 'failed'; readonly reason: string };

export async function readPublish(
	context: AdapterContext,
	publishId: string,
	sizeBytes?: number,
): Promise<{ readonly state: PublishState; readonly raw: unknown }> {
	const raw = await tiktokRead(context, publishStatusSchema, {
		path: tiktokPaths.fetchStatus,
		body: { publish_id: publishId },
		doing: 'Asking what became of the upload',
	});
	const { status, fail_reason: reason, uploaded_bytes: uploadedBytes } = raw;
	switch (status) {
		case 'PROCESSING_UPLOAD':
			// Without both figures nobody can say that bytes are missing.
			return uploadedBytes !== undefined && sizeBytes !== undefined && uploadedBytes < sizeBytes
				? { state: { kind: 'receiving', uploadedBytes }, raw }
				: { state: { kind: 'processing' }, raw };
		case 'PROCESSING_DOWNLOAD':
			return { state: { kind: 'processing' }, raw };
		case 'SEND_TO_USER_INBOX':
			return { state: { kind: 'inbox' }, raw };
		case 'PUBLISH_COMPLETE':
			return { state: { kind: 'complete', videoId: raw.publicaly_available_post_id[0] ?? null }, raw };
		case 'FAILED':
			return { state: { kind: 'failed', reason: reason ?? 'unknown' }, raw };
		default:
			// Something new: neither published nor failed as far as we can tell.
			throw new PublishError('platform', `TikTok told a status that is not known (${status.slice(0, 40)}).`, {
				platform: 'tiktok',
				code: 'unknown-status',
			});
	}
}
