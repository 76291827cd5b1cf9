import type { Answer, Exchange } from '../core/answer';
import { mediaTypeOf } from '../core/body';
import { endOfChunk, readRange, type Range } from './chunk-rules';
import { ok, refuse, uploadRefusal } from './errors';
import { readPublishId } from './init';
import { charge } from './limits';
import { stateOf, type Publish, type TikTok } from './model';
import { enter } from './oauth';
import { addPost } from './posts';
import { StoredBytes } from './stored-bytes';

const VIDEO_TYPES = ['video/mp4', 'video/quicktime', 'video/webm'];

/** Facts 2.3: chunks in their order to the address that init gave; the last byte starts the post. */
export class Uploads {
	private readonly open = new Map<string, StoredBytes>();

	constructor(private readonly tiktok: TikTok) {}

	async put(exchange: Exchange): Promise<Answer> {
		const publish = this.addressed(exchange);
		const range = readRange(exchange.headers['content-range']);
		const length = exchange.headers['content-length'];
		const isWellFormed =
			range !== undefined &&
			range.totalBytes === publish.videoSize &&
			length !== undefined &&
			Number(length) === range.endByte - range.firstByte &&
			VIDEO_TYPES.includes(mediaTypeOf(exchange)) &&
			// Facts 2.3: the address is the permission, a token has no business here.
			exchange.headers.authorization === undefined;
		if (!isWellFormed) throw uploadRefusal(400);
		this.refuseOutOfStep(publish, range);
		if (range.endByte !== endOfChunk(publish, range.firstByte)) throw uploadRefusal(400);
		return await this.receive(exchange, publish.publishId, range);
	}

	private addressed(exchange: Exchange): Publish {
		const { frame, publishes, settings } = this.tiktok;
		const query = exchange.url.searchParams;
		const publish = publishes.values().find(({ uploadId }) => uploadId === query.get('upload_id'));
		if (publish === undefined || publish.uploadToken !== query.get('upload_token')) throw uploadRefusal(404);
		if (frame.clock.nowMs() >= publish.createdAtMs + settings.uploadLifetimeMs) throw uploadRefusal(403);
		return publish;
	}

	private refuseOutOfStep(publish: Publish, range: Range): void {
		if (range.firstByte === publish.uploadedBytes && publish.done === undefined) return;
		throw uploadRefusal(416, progressHeader(publish));
	}

	private async receive(exchange: Exchange, publishId: string, range: Range): Promise<Answer> {
		const chunk = this.bytesOf(publishId).beginChunk(range.firstByte);
		let keepLeft = exchange.faults.storeLessBytes ?? Number.POSITIVE_INFINITY;
		try {
			for await (const piece of exchange.body()) {
				const kept = piece.subarray(0, Math.min(piece.length, keepLeft));
				keepLeft -= kept.length;
				if (kept.length > 0) chunk.add(kept);
			}
		} finally {
			chunk.close();
		}
		// Another PUT may have been faster meanwhile.
		const current = this.tiktok.publishes.get(publishId) as Publish;
		this.refuseOutOfStep(current, range);
		this.bytesOf(publishId).keep(chunk);
		const changed = { ...current, uploadedBytes: range.firstByte + chunk.sizeBytes };
		if (changed.uploadedBytes < changed.videoSize) {
			this.tiktok.publishes.set(publishId, changed);
			return { status: 206, headers: progressHeader(changed) };
		}
		this.complete(changed, exchange.faults.failProcessing);
		return { status: 201, headers: progressHeader(changed) };
	}

	private complete(publish: Publish, failsWith: string | undefined): void {
		const { publishes, frame } = this.tiktok;
		const sha256 = this.bytesOf(publish.publishId).finish();
		this.open.delete(publish.publishId);
		const failure = failsWith === undefined ? {} : { failsWith: failsWith || 'file_format_check_failed' };
		frame.store.batch(() => {
			publishes.set(publish.publishId, {
				...publish,
				done: { atMs: frame.clock.nowMs(), sha256, ...failure },
			});
			if (failsWith === undefined) {
				addPost(this.tiktok, publish, [{ sha256, sizeBytes: publish.videoSize }]);
			}
		});
	}

	private bytesOf(publishId: string): StoredBytes {
		const known = this.open.get(publishId);
		if (known !== undefined) return known;
		const storedBytes = this.tiktok.publishes.get(publishId)?.uploadedBytes ?? 0;
		const bytes = StoredBytes.open(this.tiktok.frame.spool, `tiktok-${safeName(publishId)}`, storedBytes);
		this.open.set(publishId, bytes);
		return bytes;
	}
}

function safeName(publishId: string): string {
	return publishId.replace(/[^\w.-]/g, '-');
}

function progressHeader({ uploadedBytes, videoSize }: Publish): Record<string, string> {
	return { 'content-range': `bytes 0-${uploadedBytes}/${videoSize}` };
}

/** Facts 2.4. */
export async function fetchStatus(tiktok: TikTok, exchange: Exchange): Promise<Answer> {
	const caller = enter(tiktok, exchange, ['video.publish', 'video.upload']);
	charge(tiktok, exchange, 'statusFetch', caller);
	const publish = tiktok.publishes.get(await readPublishId(exchange));
	if (publish === undefined) throw refuse(400, 'invalid_publish_id', 'The publish_id does not exist.');
	if (publish.account !== caller.creator.account || publish.clientId !== caller.clientId) {
		throw refuse(
			400,
			'token_not_authorized_for_specified_publish_id',
			'The access token does not own this publish_id.',
		);
	}
	const state = stateOf(tiktok, publish);
	return ok({
		status: state.status,
		[publish.pulled ? 'downloaded_bytes' : 'uploaded_bytes']: publish.uploadedBytes,
		...(state.status === 'FAILED' ? { fail_reason: state.reason } : {}),
		// A number beyond 2^53, as TikTok sends it (facts 2.4).
		...(state.status === 'PUBLISH_COMPLETE' && state.isListed
			? { publicaly_available_post_id: [BigInt(publish.videoId)] }
			: {}),
	});
}
