import type { Answer, Exchange } from '../core/answer';
import { refuse } from './errors';
import { readParts } from './metadata';
import type { Channel, Video, YouTube } from './model';
import { callerOf, READ_SCOPES } from './oauth';
import { charge, COST } from './quota';
import { etagOf } from './resource';
import { countsAt, visibilityOf } from './video-state';
import { listAnswer } from './videos';

/** The uploads playlist of `UC…` is `UU…`. */
export function uploadsPlaylistOf(channelId: string): string {
	return `UU${channelId.slice(2)}`;
}

export function videosOf(youtube: YouTube, channel: Channel, viewer: string): Video[] {
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
