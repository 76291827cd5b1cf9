import { Accounts } from '../core/accounts';
import type { Answer, Exchange, Handler } from '../core/answer';
import type { Frame, Network } from '../core/network';
import { authorize, exchangeToken } from '../core/oauth-endpoints';
import { OAuth } from '../core/oauth';
import { errorPage, postPage } from '../core/page';
import type { Route } from '../core/router';
import { listCategories } from './categories';
import { listChannels } from './channels';
import { errorForStatus } from './errors';
import { settingsSchema, switchesSchema, type YouTube } from './model';
import { insertPlaylistItem, listPlaylistItems, listPlaylists } from './playlists';
import { endpointRules, oauthRules, revoke } from './oauth';
import { queryReport } from './reports';
import { Uploads } from './upload';
import { batchGetStats, deleteVideo, listVideos, setThumbnail, updateVideo } from './videos';

/** Pretend YouTube: Data API v3, Analytics API v2 and Google's OAuth under one base url. */
export function createYouTube(frame: Frame): Network {
	const { store, clock, ids } = frame;
	const youtube: YouTube = {
		frame,
		oauth: new OAuth(store, clock, oauthRules),
		accounts: new Accounts(store, 'youtube', switchesSchema, () => `UC${ids.text('channel', 22)}`),
		videos: store.collection('youtube.videos'),
		sessions: store.collection('youtube.sessions'),
		playlistEntries: store.collection('youtube.playlist-entries'),
		settings: settingsSchema.parse({}),
	};
	return {
		title: 'YouTube',
		routes: routesOf(youtube),
		oauth: youtube.oauth,
		refuse: errorForStatus,
		account: (name, patch) => youtube.accounts.get(name, patch),
		configure: (patch) => (youtube.settings = settingsSchema.parse({ ...youtube.settings, ...patch })),
	};
}

function routesOf(youtube: YouTube): Route[] {
	const { oauth } = youtube;
	const uploads = new Uploads(youtube);
	const on = (method: string, path: string, handler: Handler): Route => ({ method, path, handler });
	return [
		on('GET', '/o/oauth2/v2/auth', (exchange) => authorize(oauth, endpointRules, exchange)),
		on('POST', '/token', (exchange) => exchangeToken(oauth, endpointRules, exchange)),
		on('POST', '/revoke', (exchange) => revoke(oauth, exchange)),
		on('POST', '/upload/youtube/v3/videos', (exchange) => uploads.start(exchange)),
		on('PUT', '/upload/youtube/v3/videos', (exchange) => uploads.put(exchange)),
		on('POST', '/upload/youtube/v3/thumbnails/set', (exchange) => setThumbnail(youtube, exchange)),
		on('GET', '/youtube/v3/videos', (exchange) => listVideos(youtube, exchange)),
		on('PUT', '/youtube/v3/videos', (exchange) => updateVideo(youtube, exchange)),
		on('DELETE', '/youtube/v3/videos', (exchange) => deleteVideo(youtube, exchange)),
		on('GET', '/youtube/v3/videos:batchGetStats', (exchange) => batchGetStats(youtube, exchange)),
		on('GET', '/youtube/v3/channels', (exchange) => listChannels(youtube, exchange)),
		on('GET', '/youtube/v3/playlists', (exchange) => listPlaylists(youtube, exchange)),
		on('GET', '/youtube/v3/playlistItems', (exchange) => listPlaylistItems(youtube, exchange)),
		on('POST', '/youtube/v3/playlistItems', (exchange) => insertPlaylistItem(youtube, exchange)),
		on('GET', '/youtube/v3/videoCategories', (exchange) => listCategories(youtube, exchange)),
		on('GET', '/v2/reports', (exchange) => queryReport(youtube, exchange)),
		on('GET', '/watch', (exchange) => watchPage(youtube, exchange.url.searchParams.get('v') ?? '')),
		on('GET', '/shorts/:id', (exchange: Exchange) => watchPage(youtube, exchange.params['id'] ?? '')),
	];
}

function watchPage(youtube: YouTube, id: string): Answer {
	const post = youtube.frame.journal.find('youtube', id);
	if (post === undefined)
		return { status: 404, html: errorPage('Video unavailable', 'There is no such video.') };
	return { status: 200, html: postPage('YouTube', post) };
}
