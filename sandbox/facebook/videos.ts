import { z } from 'zod';
import type { Answer, Exchange, Refusal } from '../core/answer';
import { mediaTypeOf } from '../core/body';
import { readMultipart } from '../core/multipart';
import { SessionBytes } from '../core/session-bytes';
import { invalidParameter, noSuchObject, refuseGraph } from '../graph/errors';
import { readParameters } from '../graph/parameters';
import { Rupload } from '../graph/rupload';
import { enterAsPage, enterToPublish, type PageCaller } from './callers';
import { wrongOffset } from './errors';
import { API_VERSION, type Facebook, type Video } from './model';
import { keepPost } from './posts';
import { heldBack, publishAtMsOf } from './schedule';
import { permalinkOf, postIdOf, publishedAtMs, stageOf } from './video-state';

const DAY_MS = 24 * 3_600_000;
/** Facts 6.2. */
const REELS_PER_DAY = 30;
/** Facts 6.3, older docs. */
const MAX_FILE_BYTES = 10 * 1024 ** 3;

/** A part counts as a whole or not at all, so this is only how much is hashed at once. */
const BLOCK_BYTES = 262_144;

const texts = { description: z.string().optional(), title: z.string().optional() };

const reelSchema = z.discriminatedUnion('upload_phase', [
	z.strictObject({ upload_phase: z.literal('start') }),
	z.strictObject({
		upload_phase: z.literal('finish'),
		video_id: z.string(),
		// DRAFT exists too; nothing of ours sends it.
		video_state: z.enum(['PUBLISHED', 'SCHEDULED']),
		scheduled_publish_time: z.int().optional(),
		...texts,
	}),
]);

const videoSchema = z.discriminatedUnion('upload_phase', [
	z.strictObject({ upload_phase: z.literal('start'), file_size: z.int().positive().max(MAX_FILE_BYTES) }),
	z.strictObject({ upload_phase: z.literal('finish'), upload_session_id: z.string(), ...heldBack, ...texts }),
]);

const transferSchema = z.strictObject({
	upload_phase: z.literal('transfer'),
	upload_session_id: z.string(),
	start_offset: z.string().regex(/^\d+$/).transform(Number),
});

const storySchema = z.discriminatedUnion('upload_phase', [
	z.strictObject({ upload_phase: z.literal('start') }),
	z.strictObject({ upload_phase: z.literal('finish'), video_id: z.string() }),
]);

interface Finish {
	readonly description?: string | undefined;
	readonly title?: string | undefined;
	readonly publishAtMs?: number | undefined;
}

function notUploaded(): Refusal {
	return refuseGraph({ code: 6000, message: 'The video is not uploaded, or its upload expired.' });
}

/** Reels in three phases (6.2) and videos in the older chunk protocol (6.3): only `finish` is public. */
export class Uploads {
	private readonly open = new Map<string, SessionBytes>();
	private readonly raw: Rupload;

	constructor(private readonly facebook: Facebook) {
		const change = (id: string, changed: Partial<Video>): void => {
			facebook.videos.set(id, { ...(facebook.videos.get(id) as Video), ...changed });
		};
		this.raw = new Rupload(facebook.frame.spool, 'facebook', {
			state: (id) => {
				const { storedBytes, totalBytes } = facebook.videos.get(id) as Video;
				return { storedBytes, ...(totalBytes === undefined ? {} : { totalBytes }) };
			},
			save: (id, { storedBytes, totalBytes }) => change(id, { storedBytes, totalBytes }),
			complete: (id, { sha256, sizeBytes }, failsWith) =>
				change(id, { sha256, storedBytes: sizeBytes, ...(failsWith === undefined ? {} : { failsWith }) }),
		});
	}

	async reels(exchange: Exchange): Promise<Answer> {
		const caller = enterToPublish(this.facebook, exchange);
		const params = await readParameters(exchange, reelSchema);
		if (params.upload_phase === 'finish') {
			const video = this.ownVideo(params.video_id, caller, 'reel');
			this.refuseTooMany(caller.pageId, video);
			const isScheduled = params.video_state === 'SCHEDULED';
			const publishAtMs = publishAtMsOf(this.facebook, isScheduled, params.scheduled_publish_time);
			this.finish(exchange, video, { ...params, publishAtMs });
			return { status: 200, body: { success: true, post_id: postIdOf(video) } };
		}
		return this.opened(this.create('reel', caller, undefined));
	}

	private opened({ id }: Video): Answer {
		const upload_url = `${this.facebook.frame.baseUrl()}/video-upload/${API_VERSION}/${id}`;
		return { status: 200, body: { video_id: id, upload_url } };
	}

	/** Facts 6.2, 6.7: `finish` can be asked about by nobody, and we let a second one publish a second time. */
	async stories(exchange: Exchange): Promise<Answer> {
		const caller = enterToPublish(this.facebook, exchange);
		const params = await readParameters(exchange, storySchema);
		if (params.upload_phase === 'start') return this.opened(this.create('story', caller, undefined));
		const video = this.ownVideo(params.video_id, caller, 'story');
		if (stageOf(this.facebook, video) !== 'upload_complete') throw notUploaded();
		const { account, pageId, sha256 = '', storedBytes: sizeBytes } = video;
		if (video.failsWith !== undefined) throw refuseGraph({ code: 6000, message: video.failsWith });
		const post = { account, pageId, message: '', link: '', photoIds: [], isStory: true } as const;
		const post_id = keepPost(this.facebook, post, [{ sha256, sizeBytes }]);
		return { status: 200, body: { success: true, post_id } };
	}

	/** `POST {upload_url}` with raw bytes from `offset` on (6.2). What arrives of a cut body stays. */
	async rupload(exchange: Exchange): Promise<Answer> {
		const caller = enterAsPage(this.facebook, exchange, ['pages_manage_posts'], 'OAuth');
		const video = this.ownVideo(exchange.params['id'] ?? '', caller, 'reel', 'story');
		if (stageOf(this.facebook, video) === 'expired') throw noSuchObject(video.id);
		return await this.raw.receive(exchange, video.id);
	}

	async videos(exchange: Exchange): Promise<Answer> {
		const caller = enterToPublish(this.facebook, exchange);
		if (mediaTypeOf(exchange) === 'multipart/form-data') return await this.transfer(exchange, caller);
		const params = await readParameters(exchange, videoSchema);
		if (params.upload_phase === 'finish') {
			const { published = true, scheduled_publish_time: scheduledSec } = params;
			const publishAtMs = publishAtMsOf(this.facebook, !published, scheduledSec);
			const video = this.ownVideo(params.upload_session_id, caller, 'video');
			this.finish(exchange, video, { ...params, publishAtMs });
			return { status: 200, body: { success: true } };
		}
		const video = this.create('video', caller, params.file_size);
		return {
			status: 200,
			body: { upload_session_id: video.id, video_id: video.id, ...this.nextRange(video) },
		};
	}

	private async transfer(exchange: Exchange, caller: PageCaller): Promise<Answer> {
		const pieces: Buffer[] = [];
		const fields = await readMultipart(exchange, {
			streamed: new Set(['video_file_chunk']),
			write: (piece) => void pieces.push(Buffer.from(piece)),
		});
		if (fields === undefined) throw invalidParameter('The body is not multipart/form-data.');
		const parsed = transferSchema.safeParse(fields);
		if (!parsed.success) throw invalidParameter('Invalid transfer.');
		const params = parsed.data;
		const video = this.ownVideo(params.upload_session_id, caller, 'video');
		const chunk = Buffer.concat(pieces);
		const range = this.nextRange(video);
		const wantedBytes = Number(range.end_offset) - Number(range.start_offset);
		if (params.start_offset !== video.storedBytes || chunk.length !== wantedBytes) {
			throw wrongOffset(range);
		}
		const bytes = this.bytesOf(video);
		bytes.add(chunk);
		return { status: 200, body: this.nextRange(this.keep(video, bytes)) };
	}

	/** The server dictates the range; equal offsets mean that all is there (6.3). */
	private nextRange({ storedBytes, totalBytes = 0 }: Video): { start_offset: string; end_offset: string } {
		const end = Math.min(storedBytes + this.facebook.settings.chunkBytes, totalBytes);
		return { start_offset: String(storedBytes), end_offset: String(end) };
	}

	private create(kind: Video['kind'], { user, pageId }: PageCaller, totalBytes: number | undefined): Video {
		const { clock, ids } = this.facebook.frame;
		const createdAtMs = clock.nowMs();
		const id = ids.snowflake(createdAtMs);
		const video = { id, kind, account: user.account, pageId, createdAtMs, totalBytes, storedBytes: 0 };
		this.facebook.videos.set(id, video);
		return video;
	}

	private ownVideo(id: string, { pageId }: PageCaller, ...kinds: Video['kind'][]): Video {
		const video = this.facebook.videos.get(id);
		if (video === undefined || video.pageId !== pageId || !kinds.includes(video.kind)) throw noSuchObject(id);
		return video;
	}

	private bytesOf(video: Video): SessionBytes {
		const { spool } = this.facebook.frame;
		const bytes =
			this.open.get(video.id) ??
			new SessionBytes(spool, `facebook-${video.id}`, video.storedBytes, BLOCK_BYTES);
		this.open.set(video.id, bytes);
		return bytes;
	}

	private keep(video: Video, bytes: SessionBytes): Video {
		bytes.keepRest();
		const { storedBytes } = bytes;
		const isComplete = storedBytes === video.totalBytes;
		const changed = { ...video, storedBytes, ...(isComplete ? { sha256: bytes.finish() } : {}) };
		if (isComplete) this.open.delete(video.id);
		this.facebook.videos.set(video.id, changed);
		return changed;
	}

	/** Thirty reels in any 24 hours and page (6.2); the code is our choice among those of 6.4. */
	private refuseTooMany(pageId: string, video: Video): void {
		const sinceMs = this.facebook.frame.clock.nowMs() - DAY_MS;
		const recent = this.facebook.videos
			.values()
			.filter((one) => one.pageId === pageId && one.kind === 'reel' && (one.finished?.atMs ?? 0) > sinceMs);
		if (video.finished === undefined && recent.length >= REELS_PER_DAY) {
			throw refuseGraph({ code: 613, message: '(#613) Calls to this api have exceeded the rate limit.' });
		}
	}

	/** Once per video, however often it is called: 6.7 says that a second finish is safe. */
	private finish(exchange: Exchange, video: Video, params: Finish): void {
		if (video.finished !== undefined) return;
		if (stageOf(this.facebook, video) !== 'upload_complete') {
			throw notUploaded();
		}
		const { clock, store, journal, baseUrl } = this.facebook.frame;
		const { description = '', title = '', publishAtMs } = params;
		const planned = publishAtMs === undefined ? {} : { publishAtMs };
		const failProcessing = exchange.faults.failProcessing ?? video.failsWith;
		const failure = failProcessing === undefined ? {} : { failsWith: failProcessing };
		const finished = {
			...video,
			finished: { atMs: clock.nowMs(), description, title, ...planned, ...failure },
		};
		store.batch(() => {
			this.facebook.videos.set(video.id, finished);
			// What fails in processing never becomes public; all else is on its way and cannot be stopped.
			if (failProcessing !== undefined) return;
			journal.addPost({
				network: 'facebook',
				account: video.account,
				accountId: video.pageId,
				platformPostId: postIdOf(video),
				url: baseUrl() + permalinkOf(video),
				createdAt: new Date(publishedAtMs(this.facebook, finished)).toISOString(),
				title,
				text: description,
				visibility: publishAtMs === undefined ? 'public' : 'scheduled',
				media: [{ sha256: video.sha256 ?? '', sizeBytes: video.storedBytes }],
			});
		});
	}
}
