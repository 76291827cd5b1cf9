import { Accounts } from '../core/accounts';
import type { Answer, Handler } from '../core/answer';
import type { Frame, Network } from '../core/network';
import { OAuth } from '../core/oauth';
import { errorPage, postPage } from '../core/page';
import type { Route } from '../core/router';
import { listPages } from './callers';
import { graphErrorForStatus } from '../graph/errors';
import { API_VERSION, settingsSchema, switchesSchema, type Facebook } from './model';
import { postInsights, readNode, videoInsights } from './nodes';
import { consent, giveToken, oauthRules } from './oauth';
import { createPost, publishedPosts, uploadPhoto } from './posts';
import { publishPhotoStory } from './stories';
import { postIdOf } from './video-state';
import { Uploads } from './videos';

/** Pretend Facebook Pages: Graph, upload host and login under one base url. */
export function createFacebook(frame: Frame): Network {
	const { store, clock, ids } = frame;
	const facebook: Facebook = {
		frame,
		oauth: new OAuth(store, clock, oauthRules),
		accounts: new Accounts(store, 'facebook', switchesSchema, () => ids.snowflake(clock.nowMs())),
		longLivedTokens: store.collection('facebook.longLivedTokens'),
		pageTokens: store.collection('facebook.pageTokens'),
		videos: store.collection('facebook.videos'),
		photos: store.collection('facebook.photos'),
		posts: store.collection('facebook.posts'),
		settings: settingsSchema.parse({}),
	};
	return {
		title: 'Facebook',
		routes: routesOf(facebook),
		oauth: facebook.oauth,
		refuse: graphErrorForStatus,
		account: (name, patch) => facebook.accounts.get(name, patch),
		configure: (patch) => (facebook.settings = settingsSchema.parse({ ...facebook.settings, ...patch })),
	};
}

function routesOf(facebook: Facebook): Route[] {
	const uploads = new Uploads(facebook);
	const on = (method: string, path: string, handler: Handler): Route => ({ method, path, handler });
	const graph = (method: string, path: string, handler: Handler): Route =>
		on(method, `/${API_VERSION}${path}`, handler);
	return [
		graph('GET', '/dialog/oauth', (exchange) => consent(facebook, exchange)),
		graph('GET', '/oauth/access_token', (exchange) => giveToken(facebook, exchange)),
		graph('POST', '/oauth/access_token', (exchange) => giveToken(facebook, exchange)),
		graph('GET', '/me/accounts', (exchange) => listPages(facebook, exchange)),
		graph('POST', '/:id/video_reels', (exchange) => uploads.reels(exchange)),
		on('POST', `/video-upload/${API_VERSION}/:id`, async (exchange) => uploads.rupload(exchange)),
		graph('POST', '/:id/videos', (exchange) => uploads.videos(exchange)),
		graph('POST', '/:id/video_stories', (exchange) => uploads.stories(exchange)),
		graph('POST', '/:id/photo_stories', (exchange) => publishPhotoStory(facebook, exchange)),
		graph('POST', '/:id/photos', (exchange) => uploadPhoto(facebook, exchange)),
		graph('POST', '/:id/feed', (exchange) => createPost(facebook, exchange)),
		graph('GET', '/:id/published_posts', (exchange) => publishedPosts(facebook, exchange)),
		graph('GET', '/:id/insights', (exchange) => postInsights(facebook, exchange)),
		graph('GET', '/:id/video_insights', (exchange) => videoInsights(facebook, exchange)),
		graph('GET', '/:id', (exchange) => readNode(facebook, exchange)),
		on('GET', '/reel/:id/', (exchange) => videoPage(facebook, exchange.params['id'] ?? '')),
		on('GET', '/reel/:id', (exchange) => videoPage(facebook, exchange.params['id'] ?? '')),
		on('GET', '/:page/videos/:id/', (exchange) => videoPage(facebook, exchange.params['id'] ?? '')),
		on('GET', '/:page/videos/:id', (exchange) => videoPage(facebook, exchange.params['id'] ?? '')),
		on('GET', '/:id', (exchange) => page(facebook, exchange.params['id'] ?? '')),
	];
}

function videoPage(facebook: Facebook, videoId: string): Answer {
	const video = facebook.videos.get(videoId);
	return page(facebook, video === undefined ? videoId : postIdOf(video));
}

function page(facebook: Facebook, platformPostId: string): Answer {
	const post = facebook.frame.journal.find('facebook', platformPostId);
	if (post === undefined) {
		return { status: 404, html: errorPage('This content isn’t available', 'There is no such post.') };
	}
	return { status: 200, html: postPage('Facebook', post) };
}
