// One published medium, read (facts 3.2, 3.6).
import type { AdapterContext } from '../../publishing/adapter';
import { graphCall } from '../graph-call';
import { instagramPaths, instagramUrl } from './constants';
import { instagram, isMissing } from './errors';
import { mediaSchema, type InstagramMedia } from './types';

/** Null when Instagram does not know it, or does not show it to this account. */
export async function readMedia(
	context: AdapterContext,
	mediaId: string,
	fields: string,
): Promise<InstagramMedia | null> {
	try {
		return await graphCall(instagram, context, mediaSchema, {
			method: 'GET',
			url: instagramUrl('graph', instagramPaths.node(mediaId), context.apiBaseUrl),
			query: { fields: `id,${fields}` },
			doing: 'Reading the post',
		});
	} catch (error) {
		if (isMissing(error)) return null;
		throw error;
	}
}
