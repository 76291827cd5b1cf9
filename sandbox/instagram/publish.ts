import { z } from 'zod';
import type { Answer, Exchange } from '../core/answer';
import { invalidParameter, refuseGraph } from '../graph/errors';
import { pick, readFields, readParameters } from '../graph/parameters';
import {
	type Container,
	type Instagram,
	type Media,
	permalinkOf,
	type Professional,
	statusOf,
} from './model';
import { enterAs, PUBLISH } from './oauth';

const DAY_MS = 24 * 3_600_000;
const publishSchema = z.strictObject({ creation_id: z.string().regex(/^\d+$/) });

/** The one irreversible call (facts 3.2, step 3). */
export async function publishContainer(instagram: Instagram, exchange: Exchange): Promise<Answer> {
	const user = enterAs(instagram, exchange, PUBLISH);
	const { creation_id: id } = await readParameters(exchange, publishSchema);
	const container = instagram.containers.get(id);
	if (container === undefined || container.account !== user.account) {
		throw refuseGraph({ code: 24, subcode: 2207006, message: 'The requested resource does not exist' });
	}
	if (container.isCarouselItem) throw invalidParameter('An item of a carousel is not published by itself');
	refuseUnready(instagram, container);
	if (user.isRestricted) {
		throw refuseGraph({ code: 25, subcode: 2207050, message: 'The account is restricted' }, 403);
	}
	if (quotaUsed(instagram, exchange, user) >= user.quotaTotal) {
		throw refuseGraph({ code: 9, subcode: 2207042, message: '(#9) Application request limit reached' }, 403);
	}
	return { status: 200, body: { id: makePublic(instagram, user, container).id } };
}

/** Publishing one container twice is refused (facts 3.7). */
function refuseUnready(instagram: Instagram, container: Container): void {
	const status = statusOf(instagram, container);
	if (status === 'FINISHED') return;
	if (status === 'EXPIRED') {
		throw refuseGraph({ code: -2, subcode: 2207020, message: 'The media has expired' });
	}
	const message =
		status === 'PUBLISHED' ? 'The media was published before' : 'The media is not ready to be published';
	throw refuseGraph({ code: 9007, subcode: 2207027, message });
}

function makePublic(instagram: Instagram, user: Professional, container: Container): Media {
	const { ids, clock, store, journal } = instagram.frame;
	const media: Media = {
		id: ids.snowflake(clock.nowMs()),
		account: user.account,
		createdAtMs: clock.nowMs(),
		productType: container.productType,
		mediaType: container.mediaType,
		caption: container.caption,
		shortcode: ids.text('shortcode', 11),
	};
	const shown = container.children?.map((id) => instagram.containers.get(id)) ?? [container];
	store.batch(() => {
		instagram.media.set(media.id, media);
		instagram.containers.set(container.id, { ...container, mediaId: media.id });
		journal.addPost({
			network: 'instagram',
			account: user.account,
			accountId: user.accountId,
			platformPostId: media.id,
			url: permalinkOf(instagram, media),
			createdAt: clock.nowIso(),
			title: '',
			text: container.caption,
			visibility: 'public',
			media: shown.map((one) => ({
				sha256: one?.file?.sha256 ?? '',
				sizeBytes: one?.file?.sizeBytes ?? 0,
			})),
		});
	});
	return media;
}

/** Rolling 24 hours per account (facts 3.4). */
function quotaUsed(instagram: Instagram, exchange: Exchange, user: Professional): number {
	const { quotaLeft } = exchange.faults;
	if (quotaLeft !== undefined) return Math.max(0, user.quotaTotal - quotaLeft);
	const sinceMs = instagram.frame.clock.nowMs() - DAY_MS;
	return instagram.media
		.values()
		.filter(({ account, createdAtMs }) => account === user.account && createdAtMs > sinceMs).length;
}

export function publishingLimit(instagram: Instagram, exchange: Exchange): Answer {
	const user = enterAs(instagram, exchange, PUBLISH);
	const fields = readFields(exchange, ['config', 'quota_usage']);
	const all = {
		quota_usage: quotaUsed(instagram, exchange, user),
		config: { quota_total: user.quotaTotal, quota_duration: 86_400 },
	};
	return { status: 200, body: { data: [pick(all, fields)] } };
}
