import { z } from 'zod';
import { Refusal, type Answer, type Exchange } from '../core/answer';
import { mediaTypeOf } from '../core/body';
import { readMultipart } from '../core/multipart';
import { errorForStatus, invalidParameter, invalidRequest } from './errors';
import {
	checkMedia,
	initializeSchema,
	MAX_SEGMENTS,
	MAX_SEGMENT_BYTES,
	MEDIA_CATEGORIES,
	sniffImageType,
} from './media-rules';
import { mediaData, SESSION_LIFETIME_SEC } from './media-state';
import type { Media, User, X } from './model';
import { enter } from './oauth';
import { parseBody } from './parse';
import { hashSegments, isComplete, removeSegments, SegmentWriter, segmentName } from './segments';

const SCOPES = ['media.write'];
const BASE64_BODY_LIMIT_BYTES = 8 * 1024 * 1024;

const indexSchema = z.coerce
	.number()
	.int()
	.min(0)
	.max(MAX_SEGMENTS - 1);
const appendJsonSchema = z.strictObject({ media: z.base64(), segment_index: indexSchema });
const metadataSchema = z.strictObject({
	id: z.string().regex(/^\d+$/),
	metadata: z.looseObject({ alt_text: z.strictObject({ text: z.string().min(1).max(1000) }).optional() }),
});

function newMedia(x: X, user: User, rest: Pick<Media, 'kind' | 'mediaType' | 'totalBytes'>): Media {
	const id = x.frame.ids.snowflake(x.frame.clock.nowMs());
	const prefix = rest.kind === 'video' ? '13' : rest.kind === 'animated_gif' ? '16' : '3';
	const createdAtMs = x.frame.clock.nowMs();
	return { id, mediaKey: `${prefix}_${id}`, account: user.account, createdAtMs, segments: {}, ...rest };
}

function ownMedia(x: X, id: string, user: User): Media {
	const media = x.media.get(id);
	if (media === undefined || media.account !== user.account) throw new Refusal(errorForStatus(404));
	return media;
}

/** Facts 4.2, step 1. */
export async function initializeMedia(x: X, exchange: Exchange): Promise<Answer> {
	const user = enter(x, exchange, 'mediaInitialize', SCOPES);
	const body = await parseBody(exchange, initializeSchema);
	const kind = checkMedia(body.media_type, body.media_category, body.total_bytes);
	const media = newMedia(x, user, { kind, mediaType: body.media_type, totalBytes: body.total_bytes });
	x.media.set(media.id, media);
	const data = { id: media.id, media_key: media.mediaKey, expires_after_secs: SESSION_LIFETIME_SEC };
	return { status: 200, body: { data } };
}

/** Step 2: any order, any repetition, until finalize. */
export async function appendMedia(x: X, exchange: Exchange): Promise<Answer> {
	const user = enter(x, exchange, 'mediaAppend', SCOPES);
	const { id } = ownMedia(x, exchange.params['id'] ?? '', user);
	const writer = new SegmentWriter(x.frame.spool, `${id}-${exchange.seq}`);
	let isKept = false;
	try {
		const index = await receiveSegment(exchange, writer);
		const media = ownMedia(x, id, user);
		if (media.finalized !== undefined)
			throw invalidParameter('id', id, 'The media upload is already finalized.');
		writer.keepAs(segmentName(id, index));
		isKept = true;
		x.media.set(id, { ...media, segments: { ...media.segments, [index]: writer.sizeBytes } });
		const expiresAt = Math.floor(media.createdAtMs / 1000) + SESSION_LIFETIME_SEC;
		return { status: 200, body: { data: { expires_at: expiresAt } } };
	} finally {
		if (!isKept) writer.discard();
	}
}

async function receiveSegment(exchange: Exchange, writer: SegmentWriter): Promise<number> {
	let index: number;
	if (mediaTypeOf(exchange) === 'application/json') {
		const body = await parseBody(exchange, appendJsonSchema, BASE64_BODY_LIMIT_BYTES);
		writer.write(Buffer.from(body.media, 'base64'), MAX_SEGMENT_BYTES);
		index = body.segment_index;
	} else {
		const fields = await receiveForm(exchange, writer);
		const unknown = Object.keys(fields).find((name) => name !== 'segment_index');
		if (unknown !== undefined) throw invalidParameter(unknown, fields[unknown], 'Unknown form field.');
		const parsed = indexSchema.safeParse(fields['segment_index'] || undefined);
		if (!parsed.success) {
			throw invalidParameter('segment_index', fields['segment_index'], 'segment_index must be 0 to 999.');
		}
		index = parsed.data;
	}
	if (writer.sizeBytes === 0) throw invalidParameter('media', '', 'media is required.');
	if (writer.sizeBytes > MAX_SEGMENT_BYTES) {
		throw invalidParameter(
			'media',
			writer.sizeBytes,
			`A segment may have at most ${MAX_SEGMENT_BYTES} bytes.`,
		);
	}
	return index;
}

async function receiveForm(
	exchange: Exchange,
	writer: SegmentWriter,
	onPiece: (piece: Buffer) => void = () => undefined,
): Promise<Record<string, string>> {
	if (mediaTypeOf(exchange) !== 'multipart/form-data') {
		throw invalidParameter('content-type', mediaTypeOf(exchange), 'Send multipart/form-data.');
	}
	const write = (piece: Buffer): void => {
		onPiece(piece);
		writer.write(piece, MAX_SEGMENT_BYTES);
	};
	const fields = await readMultipart(exchange, { streamed: new Set(['media']), write });
	if (fields === undefined)
		throw invalidRequest([{ message: 'The form is not well formed.', parameters: {} }]);
	return fields;
}

/** Step 3. Repeating it is harmless: the second answer is the first again. */
export class Finalizer {
	private readonly running = new Map<string, Promise<Media>>();

	constructor(private readonly x: X) {}

	async finalize(exchange: Exchange): Promise<Answer> {
		const { x } = this;
		const user = enter(x, exchange, 'mediaFinalize', SCOPES);
		const media = ownMedia(x, exchange.params['id'] ?? '', user);
		if (media.finalized === undefined && !isComplete(media)) {
			throw invalidParameter('id', media.id, 'Segments do not add up to provided total file size.');
		}
		const done = media.finalized ? media : await this.once(media, exchange.faults.failProcessing);
		return { status: 200, body: { data: mediaData(x, done) } };
	}

	private once(media: Media, failsWith: string | undefined): Promise<Media> {
		const running = this.running.get(media.id) ?? this.seal(media, failsWith);
		this.running.set(media.id, running);
		return running.finally(() => this.running.delete(media.id));
	}

	private async seal(media: Media, failsWith: string | undefined): Promise<Media> {
		const { spool, clock } = this.x.frame;
		const sha256 = await hashSegments(spool, media);
		const sealed = sealedMedia(media, { atMs: clock.nowMs(), sha256 }, failsWith);
		this.x.media.set(media.id, sealed);
		removeSegments(spool, media);
		return sealed;
	}
}

function sealedMedia(
	media: Media,
	finalized: { readonly atMs: number; readonly sha256: string },
	failsWith: string | undefined,
): Media {
	const failure = failsWith === undefined ? {} : { failsWith: failsWith || 'InvalidMedia' };
	return { ...media, finalized: { ...finalized, ...failure } };
}

/** Step 4. */
export function mediaStatus(x: X, exchange: Exchange): Answer {
	const user = enter(x, exchange, 'mediaStatus', SCOPES);
	const query = exchange.url.searchParams;
	if (query.get('command') !== 'STATUS') {
		throw invalidParameter('command', query.get('command'), 'command must be STATUS.');
	}
	return { status: 200, body: { data: mediaData(x, ownMedia(x, query.get('media_id') ?? '', user)) } };
}

/** One request for small images (facts 4.2). */
export async function uploadOnce(x: X, exchange: Exchange): Promise<Answer> {
	const user = enter(x, exchange, 'mediaOneShot', SCOPES);
	const writer = new SegmentWriter(x.frame.spool, `once-${exchange.seq}`);
	let isKept = false;
	try {
		let head = Buffer.alloc(0);
		const fields = await receiveForm(exchange, writer, (piece) => {
			if (head.length < 12) head = Buffer.concat([head, piece.subarray(0, 12)]);
		});
		const category = MEDIA_CATEGORIES.find((known) => known === fields['media_category']);
		if (category === undefined) {
			throw invalidParameter('media_category', fields['media_category'], 'media_category is required.');
		}
		const mediaType = sniffImageType(head);
		if (mediaType === undefined) throw invalidParameter('media', '', 'media type unrecognized.');
		const kind = checkMedia(mediaType, category, writer.sizeBytes);
		if (writer.sizeBytes > MAX_SEGMENT_BYTES)
			throw invalidParameter('media', '', 'File size exceeds the limit.');
		const media = {
			...newMedia(x, user, { kind, mediaType, totalBytes: writer.sizeBytes }),
			segments: { 0: writer.sizeBytes },
		};
		writer.keepAs(segmentName(media.id, 0));
		isKept = true;
		const sha256 = await hashSegments(x.frame.spool, media);
		const sealed = sealedMedia(
			media,
			{ atMs: x.frame.clock.nowMs(), sha256 },
			exchange.faults.failProcessing,
		);
		x.media.set(media.id, sealed);
		removeSegments(x.frame.spool, media);
		return { status: 200, body: { data: mediaData(x, sealed) } };
	} finally {
		if (!isKept) writer.discard();
	}
}

/** Alternative text, images and GIFs only. */
export async function setMetadata(x: X, exchange: Exchange): Promise<Answer> {
	const user = enter(x, exchange, 'mediaMetadata', SCOPES);
	const { id, metadata } = await parseBody(exchange, metadataSchema);
	const media = ownMedia(x, id, user);
	if (media.kind === 'video' || media.kind === 'other') {
		throw invalidParameter('id', id, 'Alternative text is for images and GIFs.');
	}
	x.media.set(id, { ...media, ...(metadata.alt_text && { altText: metadata.alt_text.text }) });
	return { status: 200, body: { data: { id, associated_metadata: metadata } } };
}
