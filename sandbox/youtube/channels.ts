import type { Answer, Exchange } from '../core/answer';
import { refuse } from './errors';
import { readParts } from './metadata';
import type { Channel, Video, YouTube } from './model';
import { callerOf, READ_SCOPES } from './oauth';
import { charge, COST } from './quota';
import { etagOf, iso } from './resource';
import { countsAt, visibilityOf } from './video-state';
import { listAnswer } from './videos';

/** The uploads playlist of `UC…` is `UU…`. */
function uploadsPlaylistOf(channelId: string): string {
	return `UU${channelId.slice(2)}`;
}

function videosOf(youtube: YouTube, channel: Channel, viewer: string): Video[] {
	const nowMs = youtube.frame.clock.nowMs();
	return youtube.videos
		.values()
		.filter((video) => video.account === channel.account && video.deletedAtMs === undefined)
		.filter((video) => channel.account === viewer || visibilityOf(video, nowMs) === 'public')
		.reverse();
}

export function listChannels(youtube: YouTube, exchange: Exchange): Answer {
	const { channel, clientId } = callerOf(youtube, exchange, READ_SCOPES);
	charge(youtube, exchange, clientId, { bucket: 'general', units: COST.list });
	const parts = readParts(exchange.url, ['id', 'snippet', 'contentDetails', 'statistics', 'status']);
	const query = exchange.url.searchParams;
	const ids = query.get('id')?.split(',');
	if (query.get('mine') !== 'true' && ids === undefined) {
		throw refuse(
			400,
			'missingRequiredParameter',
			'No filter selected. Expected one of: id, mine, forHandle',
			{
				domain: 'youtube.parameter',
			},
		);
	}
	const wanted = ids === undefined ? [channel] : ids.flatMap((id) => youtube.accounts.byAccountId(id) ?? []);
	return listAnswer(
		'youtube#channelListResponse',
		wanted.map((one) => channelResource(youtube, one, parts)),
	);
}

function channelResource(
	youtube: YouTube,
	channel: Channel,
	parts: readonly string[],
): Record<string, unknown> {
	const videos = videosOf(youtube, channel, channel.account);
	const nowMs = youtube.frame.clock.nowMs();
	const all: Readonly<Record<string, unknown>> = {
		snippet: { title: channel.account, description: '', customUrl: `@${channel.account}` },
		contentDetails: { relatedPlaylists: { likes: '', uploads: uploadsPlaylistOf(channel.accountId) } },
		statistics: {
			viewCount: String(videos.reduce((sum, video) => sum + countsAt(video, nowMs).views, 0)),
			subscriberCount: '1000',
			hiddenSubscriberCount: false,
			videoCount: String(videos.length),
		},
		status: { privacyStatus: 'public', isLinked: true },
	};
	const content = Object.fromEntries(parts.flatMap((part) => (part in all ? [[part, all[part]]] : [])));
	return { kind: 'youtube#channel', etag: etagOf(content), id: channel.accountId, ...content };
}

/** The way back to a video whose session is gone (facts 1.8): newest first. */
export function listPlaylistItems(youtube: YouTube, exchange: Exchange): Answer {
	const caller = callerOf(youtube, exchange, READ_SCOPES);
	charge(youtube, exchange, caller.clientId, { bucket: 'general', units: COST.list });
	const parts = readParts(exchange.url, ['id', 'snippet', 'contentDetails', 'status']);
	const query = exchange.url.searchParams;
	const playlistId = query.get('playlistId') ?? '';
	const owner = youtube.accounts.all().find((one) => uploadsPlaylistOf(one.accountId) === playlistId);
	if (owner === undefined) {
		throw refuse(
			404,
			'playlistNotFound',
			"The playlist identified with the request's playlistId parameter cannot be found.",
			{
				domain: 'youtube.playlistItem',
				location: 'playlistId',
				locationType: 'parameter',
			},
		);
	}
	const maxResults = Number(query.get('maxResults') ?? 5);
	if (!Number.isInteger(maxResults) || maxResults < 0 || maxResults > 50) {
		throw refuse(400, 'invalidValue', 'Invalid value for maxResults.', {
			location: 'maxResults',
			locationType: 'parameter',
		});
	}
	const videos = videosOf(youtube, owner, caller.channel.account);
	const start = Number(/^page-(\d+)$/.exec(query.get('pageToken') ?? 'page-0')?.[1] ?? Number.NaN);
	if (Number.isNaN(start))
		throw refuse(400, 'invalidPageToken', 'The request specifies an invalid page token.');
	const items = videos
		.slice(start, start + maxResults)
		.map((video, index) => playlistItem(youtube, video, { parts, playlistId, position: start + index }));
	const end = start + maxResults;
	return listAnswer('youtube#playlistItemListResponse', items, {
		pageInfo: { totalResults: videos.length, resultsPerPage: maxResults },
		...(end < videos.length ? { nextPageToken: `page-${end}` } : {}),
	});
}

function playlistItem(
	youtube: YouTube,
	video: Video,
	place: { readonly parts: readonly string[]; readonly playlistId: string; readonly position: number },
): Record<string, unknown> {
	const all: Readonly<Record<string, unknown>> = {
		snippet: {
			publishedAt: iso(video.createdAtMs),
			channelId: video.channelId,
			title: video.metadata.title,
			description: video.metadata.description,
			channelTitle: video.account,
			playlistId: place.playlistId,
			position: place.position,
			resourceId: { kind: 'youtube#video', videoId: video.id },
		},
		contentDetails: { videoId: video.id, videoPublishedAt: iso(video.createdAtMs) },
		status: { privacyStatus: visibilityOf(video, youtube.frame.clock.nowMs()) },
	};
	const content = Object.fromEntries(place.parts.flatMap((part) => (part in all ? [[part, all[part]]] : [])));
	return {
		kind: 'youtube#playlistItem',
		etag: etagOf(content),
		id: `${place.playlistId}.${video.id}`,
		...content,
	};
}
