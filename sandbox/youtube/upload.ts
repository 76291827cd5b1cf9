import { ConnectionCut, type Answer, type Exchange } from '../core/answer';
import { mediaTypeOf, readJson } from '../core/body';
import { secret } from '../core/ids';
import { SessionBytes } from '../core/session-bytes';
import { BLOCK_BYTES, readUploadRequest, type UploadRequest } from './content-range';
import { refuse } from './errors';
import { readMetadata, readParts, VIDEO_PARTS } from './metadata';
import type { UploadSession, YouTube } from './model';
import { callerOf, UPLOAD_SCOPES } from './oauth';
import { charge, COST } from './quota';
import { videoResource } from './resource';
import { visibilityOf } from './video-state';

const MAX_FILE_BYTES = 256 * 1024 ** 3;

/** One PUT at a time per session; a newer one takes over, as when a client gives up on a hanging connection. */
interface Writer {
	isReplaced: boolean;
}

/** Resumable upload, facts 1.2: the video exists exactly when the last byte is stored. */
export class Uploads {
	private readonly open = new Map<string, SessionBytes>();
	private readonly writers = new Map<string, Writer>();

	constructor(private readonly youtube: YouTube) {}

	async start(exchange: Exchange): Promise<Answer> {
		const { youtube } = this;
		const { channel, clientId } = callerOf(youtube, exchange, UPLOAD_SCOPES);
		charge(youtube, exchange, clientId, { bucket: 'uploads', units: COST.upload });
		if (channel.uploadLimitReached) {
			throw refuse(
				400,
				'uploadLimitExceeded',
				'The user has exceeded the number of videos they may upload.',
				{
					domain: 'youtube.video',
				},
			);
		}
		const parts = this.checkStart(exchange);
		const { frame } = youtube;
		const metadata = readMetadata(await readJson(exchange), parts, frame.clock.nowMs());
		const total = exchange.headers['x-upload-content-length'];
		const session: UploadSession = {
			id: secret(''),
			account: channel.account,
			createdAtMs: frame.clock.nowMs(),
			parts,
			metadata,
			mimeType: String(exchange.headers['x-upload-content-type']),
			totalBytes: total === undefined ? undefined : Number(total),
			storedBytes: 0,
			videoId: frame.ids.text('video', 11),
		};
		youtube.sessions.set(session.id, session);
		const address = new URL(`${frame.baseUrl()}/upload/youtube/v3/videos`);
		address.search = exchange.url.search;
		address.searchParams.set('upload_id', session.id);
		return { status: 200, headers: { location: address.toString(), 'x-guploader-uploadid': session.id } };
	}

	private checkStart(exchange: Exchange): string[] {
		const parts = readParts(exchange.url, VIDEO_PARTS);
		if (exchange.url.searchParams.get('uploadType') !== 'resumable') {
			throw refuse(400, 'badRequest', 'The sandbox speaks uploadType=resumable only.');
		}
		if (mediaTypeOf(exchange) !== 'application/json') {
			throw refuse(400, 'badContent', 'The metadata must be sent as application/json.');
		}
		const mediaType = String(exchange.headers['x-upload-content-type'] ?? '');
		if (!/^video\/[\w.+*-]+$/.test(mediaType) && mediaType !== 'application/octet-stream') {
			throw refuse(
				400,
				'badContent',
				`Media type '${mediaType}' is not supported. Valid media types: [application/octet-stream, video/*]`,
			);
		}
		const total = exchange.headers['x-upload-content-length'];
		if (total !== undefined && !/^\d+$/.test(String(total))) {
			throw refuse(400, 'badRequest', 'X-Upload-Content-Length is not a number.');
		}
		if (Number(total) === 0)
			throw refuse(400, 'mediaBodyRequired', 'The request does not include the video content.');
		if (Number(total) > MAX_FILE_BYTES) throw refuse(413, 'uploadTooLarge', 'Request is too large.');
		return parts;
	}

	/** A chunk, the whole file, or a probe. */
	async put(exchange: Exchange): Promise<Answer> {
		const { youtube } = this;
		const { channel } = callerOf(youtube, exchange, UPLOAD_SCOPES);
		const session = this.liveSession(exchange, channel.account);
		const upload = readUploadRequest(exchange);
		if (youtube.videos.get(session.videoId) !== undefined) return this.finished(session);
		const { totalBytes } = upload;
		if (totalBytes !== undefined && session.totalBytes !== undefined && totalBytes !== session.totalBytes) {
			throw refuse(400, 'badRequest', 'Invalid request. The total size differs from the one announced.');
		}
		if (upload.kind === 'probe') return this.progress(session);
		if (upload.firstByte + upload.sizeBytes > (session.totalBytes ?? MAX_FILE_BYTES)) {
			throw refuse(400, 'badRequest', 'Invalid request. The chunk ends behind the announced size.');
		}
		return this.takeOver(session, async (writer) => this.receive(exchange, session.id, upload, writer));
	}

	private liveSession(exchange: Exchange, account: string): UploadSession {
		const { youtube } = this;
		const session = youtube.sessions.get(exchange.url.searchParams.get('upload_id') ?? '');
		const bornAfterMs = youtube.frame.clock.nowMs() - youtube.settings.sessionLifetimeMs;
		if (session === undefined || session.createdAtMs < bornAfterMs)
			throw refuse(404, 'notFound', 'Not Found');
		if (session.account !== account)
			throw refuse(403, 'forbidden', 'Forbidden', { domain: 'youtube.common' });
		return session;
	}

	private async takeOver(
		session: UploadSession,
		write: (writer: Writer) => Promise<Answer>,
	): Promise<Answer> {
		const previous = this.writers.get(session.id);
		const writer: Writer = { isReplaced: false };
		this.writers.set(session.id, writer);
		if (previous !== undefined) previous.isReplaced = true;
		try {
			return await write(writer);
		} finally {
			if (this.writers.get(session.id) === writer) this.writers.delete(session.id);
		}
	}

	private async receive(
		exchange: Exchange,
		sessionId: string,
		upload: Extract<UploadRequest, { kind: 'chunk' }>,
		writer: Writer,
	): Promise<Answer> {
		const bytes = this.bytesOf(sessionId);
		bytes.forgetRest();
		if (upload.firstByte > bytes.storedBytes) {
			throw refuse(
				400,
				'badRequest',
				`Invalid request. According to the Content-Range header, the upload offset is ${upload.firstByte} byte(s), which exceeds already uploaded size of ${bytes.storedBytes} byte(s).`,
			);
		}
		// Bytes that are stored already may come again; they are skipped, not compared.
		let skipLeft = bytes.storedBytes - upload.firstByte;
		let keepLeft = exchange.faults.storeLessBytes ?? Number.POSITIVE_INFINITY;
		try {
			for await (const piece of exchange.body()) {
				if (writer.isReplaced) continue;
				const fresh = piece.subarray(Math.min(skipLeft, piece.length));
				skipLeft -= piece.length - fresh.length;
				const kept = fresh.subarray(0, Math.min(fresh.length, keepLeft));
				keepLeft -= kept.length;
				if (kept.length > 0) bytes.add(kept);
			}
		} catch (error) {
			if (error instanceof ConnectionCut && !writer.isReplaced) this.record(sessionId, bytes);
			throw error;
		}
		if (writer.isReplaced) throw new ConnectionCut();
		bytes.keepRest();
		return this.afterChunk(exchange, sessionId, bytes, upload.totalBytes);
	}

	private afterChunk(
		exchange: Exchange,
		sessionId: string,
		bytes: SessionBytes,
		totalBytes: number | undefined,
	): Answer {
		const session = this.record(sessionId, bytes, totalBytes);
		if (session.totalBytes === undefined || bytes.storedBytes < session.totalBytes)
			return this.progress(session);
		this.create(session, bytes.finish(), exchange.faults.failProcessing);
		this.open.delete(sessionId);
		return this.finished(session);
	}

	private record(sessionId: string, bytes: SessionBytes, totalBytes?: number): UploadSession {
		bytes.forgetRest();
		const session = this.youtube.sessions.get(sessionId) as UploadSession;
		const changed = {
			...session,
			storedBytes: bytes.storedBytes,
			totalBytes: session.totalBytes ?? totalBytes,
		};
		this.youtube.sessions.set(sessionId, changed);
		return changed;
	}

	private create(session: UploadSession, sha256: string, failsWith: string | undefined): void {
		const { youtube } = this;
		const { clock, store, journal, baseUrl } = youtube.frame;
		const { accountId } = youtube.accounts.get(session.account);
		const video = {
			id: session.videoId,
			account: session.account,
			channelId: accountId,
			createdAtMs: clock.nowMs(),
			metadata: session.metadata,
			sha256,
			sizeBytes: session.storedBytes,
			mimeType: session.mimeType,
			...(failsWith === undefined ? {} : { failsWith: failsWith || 'conversion' }),
		};
		store.batch(() => {
			youtube.videos.set(video.id, video);
			journal.addPost({
				network: 'youtube',
				account: session.account,
				accountId,
				platformPostId: video.id,
				url: `${baseUrl()}/watch?v=${video.id}`,
				createdAt: clock.nowIso(),
				title: session.metadata.title,
				text: session.metadata.description,
				visibility: visibilityOf(video, clock.nowMs()),
				media: [{ sha256, sizeBytes: session.storedBytes }],
			});
		});
	}

	private bytesOf(sessionId: string): SessionBytes {
		const known = this.open.get(sessionId);
		if (known !== undefined) return known;
		const storedBytes = this.youtube.sessions.get(sessionId)?.storedBytes ?? 0;
		const bytes = new SessionBytes(
			this.youtube.frame.spool,
			`youtube-${sessionId}`,
			storedBytes,
			BLOCK_BYTES,
		);
		this.open.set(sessionId, bytes);
		return bytes;
	}

	/** 308 Resume Incomplete: no Range header means that nothing is stored. */
	private progress(session: UploadSession): Answer {
		const storedBytes = this.open.get(session.id)?.storedBytes ?? session.storedBytes;
		return { status: 308, headers: storedBytes === 0 ? {} : { range: `bytes=0-${storedBytes - 1}` } };
	}

	private finished(session: UploadSession): Answer {
		const video = this.youtube.videos.get(session.videoId);
		if (video === undefined || video.deletedAtMs !== undefined) throw refuse(410, 'gone', 'Gone');
		return { status: 200, body: videoResource(this.youtube, video, session.parts) };
	}
}
