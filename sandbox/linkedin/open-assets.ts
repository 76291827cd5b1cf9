import { z } from 'zod';
import type { Answer, Exchange } from '../core/answer';
import { secret } from '../core/ids';
import { checkWriter, enter } from './access';
import { refuse } from './errors';
import type { Asset, LinkedIn, Part } from './model';
import { parseBody } from './parse';

/** Facts 5.2: 4 MiB except the last. */
const PART_BYTES = 4 * 1024 * 1024;
/** Facts 5.4: the media limit says 500 MB, the field takes 5 GB. */
const MAX_FIELD_BYTES = 5_000_000_000;
const MIN_VIDEO_BYTES = 75_000;
/** Facts 5.4. */
const MAX_BYTES = { image: 8_000_000, document: 100_000_000 } as const;

const owner = z.string().regex(/^urn:li:(person|organization):[\w-]+$/);
const initializeVideoSchema = z.strictObject({
	initializeUploadRequest: z.strictObject({
		owner,
		fileSizeBytes: z.int().min(MIN_VIDEO_BYTES).max(MAX_FIELD_BYTES),
		// What is done with the addresses that `true` would give is not in the facts, so it is refused.
		uploadCaptions: z.literal(false).default(false),
		uploadThumbnail: z.literal(false).default(false),
	}),
});
const initializeWholeSchema = z.strictObject({ initializeUploadRequest: z.strictObject({ owner }) });

export async function initializeVideo(linkedIn: LinkedIn, exchange: Exchange): Promise<Answer> {
	const caller = enter(linkedIn, exchange);
	const { initializeUploadRequest: wanted } = await parseBody(exchange, initializeVideoSchema);
	checkWriter(caller, wanted.owner);
	const parts: Part[] = [];
	for (let firstByte = 0; firstByte < wanted.fileSizeBytes; firstByte += PART_BYTES) {
		parts.push({ firstByte, lastByte: Math.min(firstByte + PART_BYTES, wanted.fileSizeBytes) - 1 });
	}
	const asset = newAsset(linkedIn, { kind: 'video', owner: wanted.owner, account: caller.member.account });
	linkedIn.assets.set(asset.urn, { ...asset, sizeBytes: wanted.fileSizeBytes, parts });
	const uploadInstructions = parts.map(({ firstByte, lastByte }, index) => ({
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

/** `POST /rest/images?action=initializeUpload`, and documents in the same way (facts 5.2). */
export async function wholeAction(
	linkedIn: LinkedIn,
	exchange: Exchange,
	kind: 'image' | 'document',
): Promise<Answer> {
	const caller = enter(linkedIn, exchange);
	if (exchange.url.searchParams.get('action') !== 'initializeUpload') {
		throw refuse(400, 'ILLEGAL_ARGUMENT', 'Unknown action');
	}
	const { initializeUploadRequest: wanted } = await parseBody(exchange, initializeWholeSchema);
	checkWriter(caller, wanted.owner);
	const asset = newAsset(linkedIn, { kind, owner: wanted.owner, account: caller.member.account });
	linkedIn.assets.set(asset.urn, { ...asset, parts: [{ firstByte: 0, lastByte: MAX_BYTES[kind] - 1 }] });
	const value = {
		uploadUrlExpiresAt: asset.urlsExpireAtMs,
		uploadUrl: uploadUrl(linkedIn, asset, 0),
		[kind]: asset.urn,
	};
	return { status: 200, body: { value } };
}

function newAsset(
	{ frame, settings }: LinkedIn,
	wanted: { kind: Asset['kind']; owner: string; account: string },
): Asset {
	const id = frame.ids.text(`linkedin-${wanted.kind}`, 20);
	return {
		...wanted,
		urn: `urn:li:${wanted.kind}:${id}`,
		sizeBytes: 0,
		key: secret('').replace(/[^\w]/g, ''),
		urlsExpireAtMs: frame.clock.nowMs() + settings.uploadUrlLifetimeMs,
		parts: [],
	};
}

function uploadUrl({ frame }: LinkedIn, asset: Asset, index: number): string {
	const path = `/dms-uploads/${encodeURIComponent(asset.urn)}/${index}`;
	return `${frame.baseUrl()}${path}?e=${asset.urlsExpireAtMs}&v=beta&ut=${asset.key}`;
}
