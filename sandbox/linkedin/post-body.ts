import { z } from 'zod';
import { Refusal } from '../core/answer';
import { accessDenied, errorForStatus, invalidField } from './errors';
import { statusOf } from './assets';
import type { Asset, LinkedIn } from './model';

const owner = z.string().regex(/^urn:li:(person|organization):[\w-]+$/);

/** Facts 5.3. */
export const postSchema = z.strictObject({
	author: owner,
	commentary: z.string().max(3000),
	visibility: z.enum(['PUBLIC', 'CONNECTIONS', 'LOGGED_IN']),
	distribution: z.strictObject({
		feedDistribution: z.literal('MAIN_FEED'),
		targetEntities: z.array(z.unknown()).max(0),
		thirdPartyDistributionChannels: z.array(z.unknown()).max(0),
	}),
	content: z
		.union([
			z.strictObject({
				media: z.strictObject({
					id: z.string().regex(/^urn:li:(video|image):[\w-]+$/),
					title: z.string().optional(),
					altText: z.string().optional(),
				}),
			}),
			z.strictObject({
				article: z.strictObject({
					source: z.url(),
					title: z.string().min(1),
					description: z.string().optional(),
					thumbnail: z.string().optional(),
				}),
			}),
		])
		.optional(),
	lifecycleState: z.literal('PUBLISHED'),
	isReshareDisabledByAuthor: z.boolean().default(false),
});
export type PostBody = z.output<typeof postSchema>;

/** What the schema cannot say; returns the medium, which is ready to be shown. */
export function checkPost(linkedIn: LinkedIn, body: PostBody): Asset | undefined {
	const { content } = body;
	if (content === undefined) {
		if (body.commentary.trim() === '') throw invalidField('/commentary', 'is required without content');
		return undefined;
	}
	if (!('media' in content)) return undefined;
	const asset = linkedIn.assets.get(content.media.id);
	if (asset === undefined) throw new Refusal(errorForStatus(404));
	if (asset.owner !== body.author) throw accessDenied(`${asset.urn} as ${body.author}`);
	const status = statusOf(linkedIn, asset);
	if (status === 'AVAILABLE') return asset;
	const code = status === 'PROCESSING_FAILED' ? 'PROCESSING_FAILED' : 'WAITING_UPLOAD';
	throw invalidField('/content/media/id', `is ${status}`, `MEDIA_ASSET_${code}`);
}
