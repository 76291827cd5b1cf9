import { z } from 'zod';
import { Refusal } from '../core/answer';
import { accessDenied, errorForStatus, invalidField } from './errors';
import { statusOf } from './assets';
import type { Asset, LinkedIn } from './model';

const owner = z.string().regex(/^urn:li:(person|organization):[\w-]+$/);

const image = z.string().regex(/^urn:li:image:[\w-]+$/);

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
					id: z.string().regex(/^urn:li:(video|image|document):[\w-]+$/),
					title: z.string().optional(),
					altText: z.string().optional(),
				}),
			}),
			z.strictObject({
				multiImage: z.strictObject({
					images: z
						.array(z.strictObject({ id: image, altText: z.string().optional() }))
						.min(2)
						.max(20),
				}),
			}),
			z.strictObject({
				article: z.strictObject({
					source: z.url(),
					title: z.string().min(1),
					description: z.string().optional(),
					thumbnail: image.optional(),
				}),
			}),
		])
		.optional(),
	lifecycleState: z.literal('PUBLISHED'),
	isReshareDisabledByAuthor: z.boolean().default(false),
});
export type PostBody = z.output<typeof postSchema>;

/** What the schema cannot say; returns the media, all ready to be shown. */
export function checkPost(linkedIn: LinkedIn, body: PostBody): readonly Asset[] {
	const { content } = body;
	if (content === undefined && body.commentary.trim() === '') {
		throw invalidField('/commentary', 'is required without content');
	}
	return namedIn(content).map(({ urn, input }) => checkAsset(linkedIn, body.author, { urn, input }));
}

interface Named {
	readonly urn: string;
	readonly input: string;
}

function namedIn(content: PostBody['content']): readonly Named[] {
	if (content === undefined) return [];
	if ('media' in content) return [{ urn: content.media.id, input: '/content/media/id' }];
	if ('article' in content) {
		const { thumbnail } = content.article;
		return thumbnail === undefined ? [] : [{ urn: thumbnail, input: '/content/article/thumbnail' }];
	}
	return content.multiImage.images.map(({ id }, index) => ({
		urn: id,
		input: `/content/multiImage/images/${index}/id`,
	}));
}

function checkAsset(linkedIn: LinkedIn, author: string, { urn, input }: Named): Asset {
	const asset = linkedIn.assets.get(urn);
	if (asset === undefined) throw new Refusal(errorForStatus(404));
	if (asset.owner !== author) throw accessDenied(`${asset.urn} as ${author}`);
	const status = statusOf(linkedIn, asset);
	if (status === 'AVAILABLE') return asset;
	const code = status === 'PROCESSING_FAILED' ? 'PROCESSING_FAILED' : 'WAITING_UPLOAD';
	throw invalidField(input, `is ${status}`, `MEDIA_ASSET_${code}`);
}
