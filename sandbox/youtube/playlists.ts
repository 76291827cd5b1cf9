import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Answer, Exchange } from '../core/answer';
import { mediaTypeOf, readJson } from '../core/body';
import { uploadsPlaylistOf, videosOf } from './channels';
import { refuse } from './errors';
import { readParts } from './metadata';
import type { Channel, PlaylistEntry, Video, YouTube } from './model';
import { callerOf, EDIT_SCOPES, READ_SCOPES } from './oauth';
import { charge, COST } from './quota';
import { etagOf, iso } from './resource';
import { visibilityOf } from './video-state';
import { listAnswer } from './videos';

interface Playlist {
	readonly id: string;
	readonly title: string;
	readonly owner: Channel;
}

/** The playlists that a channel made itself; which ones is a switch of the account. */
function playlistsOf(owner: Channel): Playlist[] {
	return owner.playlists.map((title, index) => {
		const hash = createHash('sha256').update(`${owner.accountId}/${index}`).digest('base64url');
		return { id: `PL${hash.replace(/[-_]/g, 'x').slice(0, 32)}`, title, owner };
	});
}

function notFound() {
	return refuse(
		404,
		'playlistNotFound',
		"The playlist identified with the request's playlistId parameter cannot be found.",
		{ domain: 'youtube.playlistItem', location: 'playlistId', locationType: 'parameter' },
	);
}

interface Page {
	readonly start: number;
	readonly end: number;
}

function readPage(url: URL): Page {
	const maxResults = Number(url.searchParams.get('maxResults') ?? 5);
	if (!Number.isInteger(maxResults) || maxResults < 0 || maxResults > 50) {
		throw refuse(400, 'invalidValue', 'Invalid value for maxResults.', {
			location: 'maxResults',
			locationType: 'parameter',
		});
	}
	const start = Number(/^page-(\d+)$/.exec(url.searchParams.get('pageToken') ?? 'page-0')?.[1] ?? Number.NaN);
	if (Number.isNaN(start))
		throw refuse(400, 'invalidPageToken', 'The request specifies an invalid page token.');
	return { start, end: start + maxResults };
}

function pageAnswer(kind: string, { start, end }: Page, items: readonly unknown[]): Answer {
	return listAnswer(kind, items.slice(start, end), {
		pageInfo: { totalResults: items.length, resultsPerPage: end - start },
		...(end < items.length ? { nextPageToken: `page-${end}` } : {}),
	});
}

/** Beyond the facts: Google's reference page of playlists.list. */
export function listPlaylists(youtube: YouTube, exchange: Exchange): Answer {
	const { channel, clientId } = callerOf(youtube, exchange, READ_SCOPES);
	charge(youtube, exchange, clientId, { bucket: 'general', units: COST.list });
	const parts = readParts(exchange.url, ['id', 'snippet', 'status', 'contentDetails']);
	if (exchange.url.searchParams.get('mine') !== 'true') {
		throw refuse(
			400,
			'missingRequiredParameter',
			'No filter selected. Expected one of: id, mine, channelId',
			{ domain: 'youtube.parameter' },
		);
	}
	const items = playlistsOf(channel).map(({ id, title }) => {
		const snippet = { channelId: channel.accountId, channelTitle: channel.account, title, description: '' };
		const content = parts.includes('snippet') ? { snippet } : {};
		return { kind: 'youtube#playlist', etag: etagOf([id, content]), id, ...content };
	});
	return pageAnswer('youtube#playlistListResponse', readPage(exchange.url), items);
}

/** Also the way back to a video whose session is gone (facts 1.8): uploads, newest first. */
export function listPlaylistItems(youtube: YouTube, exchange: Exchange): Answer {
	const { channel, clientId } = callerOf(youtube, exchange, READ_SCOPES);
	charge(youtube, exchange, clientId, { bucket: 'general', units: COST.list });
	const parts = readParts(exchange.url, ['id', 'snippet', 'contentDetails', 'status']);
	const query = exchange.url.searchParams;
	const playlistId = query.get('playlistId') ?? '';
	const videoId = query.get('videoId');
	const entries = entriesOf(youtube, playlistId, channel.account)
		.map((entry, position) => ({ ...entry, position }))
		.filter(({ video }) => videoId === null || video.id === videoId)
		.map((entry) => entryResource(youtube, entry, { parts, playlistId }));
	return pageAnswer('youtube#playlistItemListResponse', readPage(exchange.url), entries);
}

interface Entry {
	readonly id: string;
	readonly video: Video;
}

function entriesOf(youtube: YouTube, playlistId: string, viewer: string): Entry[] {
	const channels = youtube.accounts.all();
	const uploader = channels.find((one) => uploadsPlaylistOf(one.accountId) === playlistId);
	if (uploader) {
		return videosOf(youtube, uploader, viewer).map((video) => ({ id: `${playlistId}.${video.id}`, video }));
	}
	if (!channels.flatMap(playlistsOf).some(({ id }) => id === playlistId)) throw notFound();
	return youtube.playlistEntries
		.values()
		.filter((entry) => entry.playlistId === playlistId)
		.flatMap(({ id, videoId }) => {
			const video = youtube.videos.get(videoId);
			return video && video.deletedAtMs === undefined ? [{ id, video }] : [];
		});
}

function entryResource(
	youtube: YouTube,
	{ id, video, position }: Entry & { readonly position: number },
	{ parts, playlistId }: { readonly parts: readonly string[]; readonly playlistId: string },
): Record<string, unknown> {
	const all: Readonly<Record<string, unknown>> = {
		snippet: {
			publishedAt: iso(video.createdAtMs),
			channelId: video.channelId,
			title: video.metadata.title,
			description: video.metadata.description,
			channelTitle: video.account,
			playlistId,
			position,
			resourceId: { kind: 'youtube#video', videoId: video.id },
		},
		contentDetails: { videoId: video.id, videoPublishedAt: iso(video.createdAtMs) },
		status: { privacyStatus: visibilityOf(video, youtube.frame.clock.nowMs()) },
	};
	const content = Object.fromEntries(parts.flatMap((part) => (part in all ? [[part, all[part]]] : [])));
	return { kind: 'youtube#playlistItem', etag: etagOf(content), id, ...content };
}

const bodySchema = z.strictObject({
	kind: z.string().optional(),
	snippet: z.strictObject({
		playlistId: z.string().optional(),
		position: z.int().nonnegative().optional(),
		resourceId: z.strictObject({ kind: z.string(), videoId: z.string().optional() }).optional(),
	}),
});

/** Facts 1.5 for the price; the rest beyond the facts: Google's reference page. The same video twice stands there twice. */
export async function insertPlaylistItem(youtube: YouTube, exchange: Exchange): Promise<Answer> {
	const { channel, clientId } = callerOf(youtube, exchange, EDIT_SCOPES);
	charge(youtube, exchange, clientId, { bucket: 'general', units: COST.write });
	const parts = readParts(exchange.url, ['id', 'snippet', 'contentDetails', 'status']);
	const { playlistId, videoId } = await readEntry(exchange, parts);
	const domain = 'youtube.playlistItem';
	const playlist = youtube.accounts
		.all()
		.flatMap(playlistsOf)
		.find(({ id }) => id === playlistId);
	if (!playlist) throw notFound();
	if (playlist.owner.account !== channel.account) {
		const message = 'The request is not properly authorized to add an item to the specified playlist.';
		throw refuse(403, 'playlistItemsNotAccessible', message, { domain });
	}
	const video = youtube.videos.get(videoId);
	if (video === undefined || video.deletedAtMs !== undefined) {
		throw refuse(404, 'videoNotFound', 'Video not found.', { domain });
	}
	const entry: PlaylistEntry = { id: youtube.frame.ids.text('entry', 24), playlistId, videoId };
	youtube.playlistEntries.set(entry.id, entry);
	const position = entriesOf(youtube, playlistId, channel.account).length - 1;
	return {
		status: 200,
		body: entryResource(youtube, { id: entry.id, video, position }, { parts, playlistId }),
	};
}

async function readEntry(
	exchange: Exchange,
	parts: readonly string[],
): Promise<{ playlistId: string; videoId: string }> {
	const domain = 'youtube.playlistItem';
	if (mediaTypeOf(exchange) !== 'application/json') throw refuse(400, 'badContent', 'Send application/json.');
	const parsed = bodySchema.safeParse(await readJson(exchange));
	if (!parsed.success) {
		throw refuse(400, 'badRequest', 'Invalid JSON payload received.', { status: 'INVALID_ARGUMENT' });
	}
	// What `part` does not name is not read, so a snippet without part=snippet is no snippet.
	const snippet = parts.includes('snippet') ? parsed.data.snippet : {};
	const { playlistId, resourceId } = snippet;
	if (!playlistId) throw refuse(400, 'playlistIdRequired', 'The playlistId is required.', { domain });
	if (!resourceId?.videoId)
		throw refuse(400, 'resourceIdRequired', 'The resourceId is required.', { domain });
	if (resourceId.kind !== 'youtube#video') {
		throw refuse(400, 'invalidResourceType', 'The type specified for the resource is not supported.', {
			domain,
		});
	}
	return { playlistId, videoId: resourceId.videoId };
}
