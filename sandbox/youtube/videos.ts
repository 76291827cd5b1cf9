import { createHash } from 'node:crypto';
import type { Answer, Exchange } from '../core/answer';
import { mediaTypeOf, readJson } from '../core/body';
import { refuse } from './errors';
import { readMetadata, readParts, VIDEO_PARTS } from './metadata';
import type { Video, YouTube } from './model';
import { callerOf, EDIT_SCOPES, READ_SCOPES, UPLOAD_SCOPES } from './oauth';
import { charge, COST } from './quota';
import { etagOf, iso, thumbnailsOf, videoResource } from './resource';
import { statisticsOf, visibilityOf } from './video-state';

const MAX_IDS = 50;
const OWNER_PARTS = ['fileDetails', 'processingDetails', 'suggestions'];
const MAX_THUMBNAIL_BYTES = 50 * 1024 * 1024;

export function videoIds(url: URL): string[] {
	const ids = url.searchParams
		.getAll('id')
		.flatMap((value) => value.split(','))
		.map((id) => id.trim())
		.filter((id) => id !== '');
	const place = { location: 'id', locationType: 'parameter' } as const;
	if (ids.length === 0) {
		throw refuse(
			400,
			'missingRequiredParameter',
			'No filter selected. Expected one of: id, myRating, chart',
			{
				...place,
				domain: 'youtube.parameter',
			},
		);
	}
	if (ids.length > MAX_IDS)
		throw refuse(400, 'invalidFilters', `At most ${MAX_IDS} ids may be given.`, place);
	return [...new Set(ids)];
}

function liveVideo(youtube: YouTube, id: string): Video | undefined {
	const video = youtube.videos.get(id);
	return video?.deletedAtMs === undefined ? video : undefined;
}

/** Unknown, deleted and other people's private videos are simply missing from the answer. */
function visibleVideos(youtube: YouTube, ids: readonly string[], account: string): Video[] {
	const nowMs = youtube.frame.clock.nowMs();
	return ids.flatMap((id) => {
		const video = liveVideo(youtube, id);
		const isVisible = video && (video.account === account || visibilityOf(video, nowMs) !== 'private');
		return isVisible ? [video] : [];
	});
}

/** Facts 1.3. */
export function listVideos(youtube: YouTube, exchange: Exchange): Answer {
	const { channel, clientId } = callerOf(youtube, exchange, READ_SCOPES);
	charge(youtube, exchange, clientId, { bucket: 'general', units: COST.list });
	const parts = readParts(exchange.url, VIDEO_PARTS);
	const videos = visibleVideos(youtube, videoIds(exchange.url), channel.account);
	const isForeign = videos.some((video) => video.account !== channel.account);
	if (isForeign && parts.some((part) => OWNER_PARTS.includes(part))) {
		throw refuse(403, 'forbidden', 'The request cannot access user rating information.', {
			domain: 'youtube.video',
		});
	}
	return listAnswer(
		'youtube#videoListResponse',
		videos.map((video) => videoResource(youtube, video, parts)),
	);
}

export function listAnswer(kind: string, items: readonly unknown[], more: object = {}): Answer {
	const pageInfo = { totalResults: items.length, resultsPerPage: items.length };
	return { status: 200, body: { kind, etag: etagOf(items), items, pageInfo, ...more } };
}

/** Facts 1.5 and 1.7; the item's exact shape is not in the facts, so it carries what `part` names and no more. */
export function batchGetStats(youtube: YouTube, exchange: Exchange): Answer {
	const { channel, clientId } = callerOf(youtube, exchange, READ_SCOPES);
	charge(youtube, exchange, clientId, { bucket: 'stats', units: COST.stats });
	const parts = readParts(exchange.url, ['id', 'snippet', 'statistics', 'contentDetails']);
	const nowMs = youtube.frame.clock.nowMs();
	const items = visibleVideos(youtube, videoIds(exchange.url), channel.account).map((video) => {
		const owner = youtube.accounts.get(video.account);
		const content = {
			...(parts.includes('snippet') ? { snippet: { publishTime: iso(video.createdAtMs) } } : {}),
			...(parts.includes('statistics') ? { statistics: statisticsOf(video, owner, nowMs) } : {}),
		};
		return { kind: 'youtube#videoStats', etag: etagOf(content), id: video.id, ...content };
	});
	return { status: 200, body: { kind: 'youtube#batchGetStatsResponse', etag: etagOf(items), items } };
}

function ownVideo(youtube: YouTube, id: string, account: string): Video {
	const video = liveVideo(youtube, id);
	if (video === undefined) {
		throw refuse(404, 'videoNotFound', 'The video that you are trying to change cannot be found.', {
			domain: 'youtube.video',
		});
	}
	if (video.account !== account) throw refuse(403, 'forbidden', 'Forbidden', { domain: 'youtube.video' });
	return video;
}

export async function updateVideo(youtube: YouTube, exchange: Exchange): Promise<Answer> {
	const { channel, clientId } = callerOf(youtube, exchange, EDIT_SCOPES);
	charge(youtube, exchange, clientId, { bucket: 'general', units: COST.write });
	const parts = readParts(exchange.url, VIDEO_PARTS);
	if (mediaTypeOf(exchange) !== 'application/json') throw refuse(400, 'badContent', 'Send application/json.');
	const body = await readJson(exchange);
	const id = typeof body === 'object' && body !== null && 'id' in body ? String(body.id) : '';
	const video = ownVideo(youtube, id, channel.account);
	const { clock, journal, store } = youtube.frame;
	// videos.update replaces whole parts; a part that is not named keeps what it had.
	const fresh = readMetadata(withKept(body, parts, video), [...parts, 'snippet', 'status'], clock.nowMs());
	const changed: Video = { ...video, metadata: fresh };
	store.batch(() => {
		youtube.videos.set(id, changed);
		journal.changePost('youtube', id, {
			title: fresh.title,
			text: fresh.description,
			visibility: visibilityOf(changed, clock.nowMs()),
		});
	});
	return { status: 200, body: videoResource(youtube, changed, parts) };
}

function withKept(body: unknown, parts: readonly string[], video: Video): unknown {
	const { title, description, tags, categoryId, extras } = video.metadata;
	const given = body as Readonly<Record<string, unknown>>;
	const kept = {
		snippet: { title, description, tags, categoryId },
		status: extras['status'] ?? {},
	};
	return {
		...given,
		snippet: parts.includes('snippet') ? given['snippet'] : kept.snippet,
		status: parts.includes('status') ? given['status'] : kept.status,
	};
}

export function deleteVideo(youtube: YouTube, exchange: Exchange): Answer {
	const { channel, clientId } = callerOf(youtube, exchange, EDIT_SCOPES);
	charge(youtube, exchange, clientId, { bucket: 'general', units: COST.write });
	const video = ownVideo(youtube, exchange.url.searchParams.get('id') ?? '', channel.account);
	const { clock, journal, store } = youtube.frame;
	store.batch(() => {
		youtube.videos.set(video.id, { ...video, deletedAtMs: clock.nowMs() });
		journal.changePost('youtube', video.id, { deletedAt: clock.nowIso() });
	});
	return { status: 204 };
}

/** Facts 1.2: JPEG or PNG, at most 50 MB, verified channels only. */
export async function setThumbnail(youtube: YouTube, exchange: Exchange): Promise<Answer> {
	const { channel, clientId } = callerOf(youtube, exchange, UPLOAD_SCOPES);
	charge(youtube, exchange, clientId, { bucket: 'general', units: COST.write });
	const video = ownVideo(youtube, exchange.url.searchParams.get('videoId') ?? '', channel.account);
	const domain = 'youtube.thumbnail';
	if (!channel.isVerified) {
		throw refuse(
			403,
			'forbidden',
			"The authenticated user doesn't have permissions to upload and set custom video thumbnails.",
			{ domain },
		);
	}
	const picture = await readPicture(exchange);
	const { sizeBytes, head } = picture;
	if (sizeBytes === 0)
		throw refuse(400, 'mediaBodyRequired', 'The request does not include the image content.', { domain });
	if (sizeBytes > MAX_THUMBNAIL_BYTES)
		throw refuse(413, 'uploadTooLarge', 'Media larger than: 52428800', { domain });
	const isJpeg = head.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]));
	const isPng = head.subarray(1, 4).toString('latin1') === 'PNG';
	if (!isJpeg && !isPng)
		throw refuse(400, 'invalidImage', 'The provided image content is invalid.', { domain });
	const changed: Video = { ...video, thumbnailSha256: picture.sha256 };
	youtube.videos.set(video.id, changed);
	const items = [thumbnailsOf(youtube, changed)];
	return { status: 200, body: { kind: 'youtube#thumbnailSetResponse', etag: etagOf(items), items } };
}

interface Picture {
	readonly sizeBytes: number;
	readonly head: Buffer;
	readonly sha256: string;
}

async function readPicture(exchange: Exchange): Promise<Picture> {
	const hash = createHash('sha256');
	let sizeBytes = 0;
	let head = Buffer.alloc(0);
	for await (const piece of exchange.body()) {
		if (head.length < 8) head = Buffer.concat([head, piece.subarray(0, 8)]);
		hash.update(piece);
		sizeBytes += piece.length;
	}
	return { sizeBytes, head, sha256: hash.digest('hex') };
}
