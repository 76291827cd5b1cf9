import { z } from 'zod';
import { secret } from '../core/ids';
import { Refusal, type Answer, type Exchange } from '../core/answer';
import { accessDenied, errorForStatus, invalidField, refuse } from './errors';
import { checkWriter, enter } from './access';
import { ORGANIZATION, type Asset, type LinkedIn, type Part } from './model';
import { parseBody } from './parse';
import { hashParts, partName, receivePart, removeParts } from './parts';

/** Facts 5.2: 4 MiB except the last. */
const PART_BYTES = 4 * 1024 * 1024;
/** Facts 5.4: the media limit says 500 MB, the field takes 5 GB. */
const MAX_FIELD_BYTES = 5_000_000_000;
const MIN_VIDEO_BYTES = 75_000;
const MAX_IMAGE_BYTES = 8_000_000;

const owner = z.string().regex(/^urn:li:(person|organization):[\w-]+$/);
const initializeVideoSchema = z.strictObject({
	initializeUploadRequest: z.strictObject({
		owner,
		fileSizeBytes: z.int().min(MIN_VIDEO_BYTES).max(MAX_FIELD_BYTES),
		uploadCaptions: z.boolean().default(false),
		uploadThumbnail: z.boolean().default(false),
	}),
});
const initializeImageSchema = z.strictObject({ initializeUploadRequest: z.strictObject({ owner }) });
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

async function initializeVideo(linkedIn: LinkedIn, exchange: Exchange): Promise<Answer> {
	const caller = enter(linkedIn, exchange);
	const { initializeUploadRequest: wanted } = await parseBody(exchange, initializeVideoSchema);
	checkWriter(caller, wanted.owner);
	const { member } = caller;
	const asset = newAsset(linkedIn, 'video', { ...wanted, account: member.account });
	linkedIn.assets.set(asset.urn, asset);
	const uploadInstructions = asset.parts.map(({ firstByte, lastByte }, index) => ({
		uploadUrl: uploadUrl(linkedIn, asset, index),
		firstByte,
		lastByte,
	}));
	return {
		status: 200,
		body: {
			value: {
				uploadUrlsExpireAt: asset.urlsExpireAtMs,
				video: asset.urn,
				uploadInstructions,
				uploadToken: '',
			},
		},
	};
}

function newAsset(
	{ frame, settings }: LinkedIn,
	kind: Asset['kind'],
	{ owner: ownerUrn, account, fileSizeBytes = 0 }: { owner: string; account: string; fileSizeBytes?: number },
): Asset {
	const nowMs = frame.clock.nowMs();
	const id = frame.ids.text(`linkedin-${kind}`, 20);
	const parts: Part[] = [];
	for (let firstByte = 0; firstByte < fileSizeBytes; firstByte += PART_BYTES) {
		parts.push({ firstByte, lastByte: Math.min(firstByte + PART_BYTES, fileSizeBytes) - 1 });
	}
	return {
		urn: `urn:li:${kind}:${id}`,
		kind,
		owner: ownerUrn,
		account,
		sizeBytes: fileSizeBytes,
		key: secret('').replace(/[^\w]/g, ''),
		urlsExpireAtMs: nowMs + settings.uploadUrlLifetimeMs,
		parts: kind === 'image' ? [{ firstByte: 0, lastByte: MAX_IMAGE_BYTES - 1 }] : parts,
	};
}

function uploadUrl({ frame }: LinkedIn, asset: Asset, index: number): string {
	const path = `/dms-uploads/${encodeURIComponent(asset.urn)}/${index}`;
	return `${frame.baseUrl()}${path}?e=${asset.urlsExpireAtMs}&v=beta&ut=${asset.key}`;
}

/** The bytes. The address alone is the right to write; no LinkedIn header is looked at (facts 5.2). */
export async function putPart(linkedIn: LinkedIn, exchange: Exchange): Promise<Answer> {
	const { spool, clock } = linkedIn.frame;
	const { asset, index, part } = addressedPart(linkedIn, exchange);
	const isImage = asset.kind === 'image';
	const wantedBytes = part.lastByte - part.firstByte + 1;
	const name = partName(asset, index);
	const received = await receivePart(spool, exchange, { name, limitBytes: wantedBytes });
	const fits = isImage ? received.sizeBytes > 0 : received.sizeBytes === wantedBytes;
	if (!fits || received.sizeBytes > wantedBytes) {
		throw refuse(400, 'ILLEGAL_ARGUMENT', `${received.sizeBytes} bytes instead of ${wantedBytes}`);
	}
	received.keep();
	const etag = `/ambry-video/signedId/${linkedIn.frame.ids.text('etag', 30)}`;
	const current = linkedIn.assets.get(asset.urn) ?? asset;
	const parts = current.parts.map((one, at) => (at === index ? { ...one, etag } : one));
	const uploaded = { ...current, parts };
	if (!isImage) {
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

/** `POST /rest/images?action=initializeUpload`, facts 5.2. */
export async function imageAction(linkedIn: LinkedIn, exchange: Exchange): Promise<Answer> {
	const caller = enter(linkedIn, exchange);
	if (exchange.url.searchParams.get('action') !== 'initializeUpload') {
		throw refuse(400, 'ILLEGAL_ARGUMENT', 'Unknown action');
	}
	const { initializeUploadRequest: wanted } = await parseBody(exchange, initializeImageSchema);
	checkWriter(caller, wanted.owner);
	const asset = newAsset(linkedIn, 'image', { ...wanted, account: caller.member.account });
	linkedIn.assets.set(asset.urn, asset);
	const value = {
		uploadUrlExpiresAt: asset.urlsExpireAtMs,
		uploadUrl: uploadUrl(linkedIn, asset, 0),
		image: asset.urn,
	};
	return { status: 200, body: { value } };
}

/** Step 4 of facts 5.2. A member token may read its videos, but not its images. */
export function readAsset(linkedIn: LinkedIn, exchange: Exchange): Answer {
	const caller = enter(linkedIn, exchange);
	const asset = linkedIn.assets.get(exchange.params['urn'] ?? '');
	if (asset === undefined) throw new Refusal(errorForStatus(404));
	checkWriter(caller, asset.owner);
	if (asset.kind === 'image' && !asset.owner.startsWith(ORGANIZATION)) throw accessDenied('images.GET');
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
