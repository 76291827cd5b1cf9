import { z } from 'zod';
import { Refusal, type Answer, type Exchange } from '../core/answer';
import { accessDenied, errorForStatus, invalidField, refuse } from './errors';
import { checkWriter, enter } from './access';
import { ORGANIZATION, type Asset, type LinkedIn, type Part } from './model';
import { initializeVideo } from './open-assets';
import { parseBody } from './parse';
import { hashParts, partName, receivePart, removeParts } from './parts';

const finalizeSchema = z.strictObject({
	finalizeUploadRequest: z.strictObject({
		video: z.string(),
		uploadToken: z.string(),
		uploadedPartIds: z.array(z.string()).min(1),
	}),
});

export type AssetStatus = 'WAITING_UPLOAD' | 'PROCESSING' | 'AVAILABLE' | 'PROCESSING_FAILED';

export function statusOf(linkedIn: LinkedIn, { finished, kind }: Asset): AssetStatus {
	if (finished === undefined) return 'WAITING_UPLOAD';
	const { processingMs, imageProcessingMs } = linkedIn.settings;
	const ageMs = linkedIn.frame.clock.nowMs() - finished.atMs;
	if (ageMs < (kind === 'video' ? processingMs : imageProcessingMs)) return 'PROCESSING';
	return finished.failsWith === undefined ? 'AVAILABLE' : 'PROCESSING_FAILED';
}

/** `POST /rest/videos?action=…`, facts 5.2. */
export async function videoAction(linkedIn: LinkedIn, exchange: Exchange): Promise<Answer> {
	switch (exchange.url.searchParams.get('action')) {
		case 'initializeUpload':
			return await initializeVideo(linkedIn, exchange);
		case 'finalizeUpload':
			return await finalizeVideo(linkedIn, exchange);
		default:
			throw refuse(400, 'ILLEGAL_ARGUMENT', 'Unknown action');
	}
}

/** The bytes. The address alone is the right to write; no LinkedIn header is looked at (facts 5.2). */
export async function putPart(linkedIn: LinkedIn, exchange: Exchange): Promise<Answer> {
	const { spool, clock } = linkedIn.frame;
	const { asset, index, part } = addressedPart(linkedIn, exchange);
	const isOnePiece = asset.kind !== 'video';
	const wantedBytes = part.lastByte - part.firstByte + 1;
	const name = partName(asset, index);
	const received = await receivePart(spool, exchange, { name, limitBytes: wantedBytes });
	const fits = isOnePiece ? received.sizeBytes > 0 : received.sizeBytes === wantedBytes;
	if (!fits || received.sizeBytes > wantedBytes) {
		throw refuse(400, 'ILLEGAL_ARGUMENT', `${received.sizeBytes} bytes instead of ${wantedBytes}`);
	}
	received.keep();
	const etag = `/ambry-video/signedId/${linkedIn.frame.ids.text('etag', 30)}`;
	const current = linkedIn.assets.get(asset.urn) ?? asset;
	const parts = current.parts.map((one, at) => (at === index ? { ...one, etag } : one));
	const uploaded = { ...current, parts };
	if (!isOnePiece) {
		linkedIn.assets.set(asset.urn, uploaded);
		return { status: 200, headers: { etag } };
	}
	const sha256 = await hashParts(spool, uploaded);
	const finished = { atMs: clock.nowMs(), sha256, ...failure(exchange) };
	linkedIn.assets.set(asset.urn, { ...uploaded, sizeBytes: received.sizeBytes, finished });
	removeParts(spool, uploaded);
	return { status: 201, headers: { etag } };
}

function addressedPart(
	linkedIn: LinkedIn,
	exchange: Exchange,
): { readonly asset: Asset; readonly index: number; readonly part: Part } {
	const asset = linkedIn.assets.get(exchange.params['urn'] ?? '');
	const index = Number(exchange.params['index']);
	const part = asset?.parts[index];
	if (asset === undefined || part === undefined) throw new Refusal(errorForStatus(404));
	const isRight = exchange.url.searchParams.get('ut') === asset.key;
	if (!isRight || linkedIn.frame.clock.nowMs() >= asset.urlsExpireAtMs) {
		throw new Refusal({ status: 401 });
	}
	if (asset.kind === 'video' && asset.finished !== undefined) {
		throw refuse(400, 'ILLEGAL_ARGUMENT', 'The upload is already finished');
	}
	const type = exchange.headers['content-type'] ?? '';
	if (asset.kind === 'video' && type !== 'application/octet-stream') {
		throw refuse(400, 'ILLEGAL_ARGUMENT', 'Content-Type must be application/octet-stream');
	}
	return { asset, index, part };
}

function failure({ faults }: Exchange): { readonly failsWith?: string } {
	if (faults.failProcessing === undefined) return {};
	return { failsWith: faults.failProcessing || 'Unsupported video codec' };
}

async function finalizeVideo(linkedIn: LinkedIn, exchange: Exchange): Promise<Answer> {
	const caller = enter(linkedIn, exchange);
	const { finalizeUploadRequest: wanted } = await parseBody(exchange, finalizeSchema);
	const asset = linkedIn.assets.get(wanted.video);
	if (asset === undefined) throw new Refusal(errorForStatus(404));
	checkWriter(caller, asset.owner);
	if (asset.finished !== undefined) throw invalidField('/video', 'is not waiting for an upload');
	const etags = asset.parts.map(({ etag }) => etag);
	const isComplete =
		etags.length === wanted.uploadedPartIds.length &&
		etags.every((etag, index) => etag !== undefined && etag === wanted.uploadedPartIds[index]);
	if (!isComplete) throw invalidField('/uploadedPartIds', 'must be the ETag of every part, in order');
	const { spool, clock, store } = linkedIn.frame;
	const sha256 = await hashParts(spool, asset);
	store.batch(() =>
		linkedIn.assets.set(asset.urn, {
			...asset,
			finished: { atMs: clock.nowMs(), sha256, ...failure(exchange) },
		}),
	);
	removeParts(spool, asset);
	return { status: 200 };
}

/** Step 4 of facts 5.2. A member token may read its videos, but not its images and documents. */
export function readAsset(
	linkedIn: LinkedIn,
	exchange: Exchange,
	kind: 'videos' | 'images' | 'documents',
): Answer {
	const caller = enter(linkedIn, exchange);
	const asset = linkedIn.assets.get(exchange.params['urn'] ?? '');
	if (asset === undefined) throw new Refusal(errorForStatus(404));
	checkWriter(caller, asset.owner);
	if (`${asset.kind}s` !== kind) throw new Refusal(errorForStatus(404));
	if (asset.kind !== 'video' && !asset.owner.startsWith(ORGANIZATION)) {
		throw accessDenied(`${asset.kind}s.GET`);
	}
	const status = statusOf(linkedIn, asset);
	const failsWith = status === 'PROCESSING_FAILED' ? asset.finished?.failsWith : undefined;
	return {
		status: 200,
		body: {
			id: asset.urn,
			owner: asset.owner,
			status,
			...(failsWith === undefined ? {} : { processingFailureReason: failsWith }),
		},
	};
}
