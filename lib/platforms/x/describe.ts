import type { AdapterContext } from '../../publishing/adapter';
import { xAsk } from './client';
import { describedSchema } from './types';

/** What a picture or GIF shows, for people who do not see it. Repeating it changes nothing (facts 4.2). */
export async function describeMedia(
	context: AdapterContext,
	mediaId: string,
	altText: string,
): Promise<void> {
	await xAsk(context, describedSchema, {
		ask: async (x) => await x.createMediaMetadata(mediaId, { alt_text: { text: altText } }),
		doing: 'Describing the media',
	});
}
