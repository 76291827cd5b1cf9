import { Accounts } from '../core/accounts';
import type { Answer, Handler } from '../core/answer';
import type { Frame, Network } from '../core/network';
import { OAuth } from '../core/oauth';
import { errorPage, listPage, postPage } from '../core/page';
import type { Route } from '../core/router';
import { listVideos, queryVideos, userInfo } from './display';
import { errorForStatus } from './errors';
import { creatorInfo, initDirect, initDraft } from './init';
import { settingsSchema, switchesSchema, type TikTok } from './model';
import { consent, oauthRules, revoke, token } from './oauth';
import { initPhoto } from './photos';
import { fetchStatus, Uploads } from './upload';

/** Pretend TikTok: Content Posting API, Display API and OAuth under one base url. */
export function createTikTok(frame: Frame): Network {
	const { store, clock, ids } = frame;
	const tiktok: TikTok = {
		frame,
		oauth: new OAuth(store, clock, oauthRules),
		accounts: new Accounts(store, 'tiktok', switchesSchema, () => `-000${ids.text('open-id', 32)}`),
		publishes: store.collection('tiktok.publishes'),
		settings: settingsSchema.parse({}),
	};
	return {
		title: 'TikTok',
		routes: routesOf(tiktok),
		oauth: tiktok.oauth,
		refuse: errorForStatus,
		account: (name, patch) => tiktok.accounts.get(name, patch),
		configure: (patch) => (tiktok.settings = settingsSchema.parse({ ...tiktok.settings, ...patch })),
	};
}

function routesOf(tiktok: TikTok): Route[] {
	const uploads = new Uploads(tiktok);
	const on = (method: string, path: string, handler: Handler): Route => ({ method, path, handler });
	return [
		on('GET', '/v2/auth/authorize/', (exchange) => consent(tiktok, exchange)),
		on('POST', '/v2/oauth/token/', (exchange) => token(tiktok, exchange)),
		on('POST', '/v2/oauth/revoke/', (exchange) => revoke(tiktok, exchange)),
		on('POST', '/v2/post/publish/creator_info/query/', (exchange) => creatorInfo(tiktok, exchange)),
		on('POST', '/v2/post/publish/video/init/', (exchange) => initDirect(tiktok, exchange)),
		on('POST', '/v2/post/publish/inbox/video/init/', (exchange) => initDraft(tiktok, exchange)),
		on('POST', '/v2/post/publish/content/init/', (exchange) => initPhoto(tiktok, exchange)),
		on('POST', '/v2/post/publish/status/fetch/', (exchange) => fetchStatus(tiktok, exchange)),
		on('PUT', '/video/', (exchange) => uploads.put(exchange)),
		on('POST', '/v2/video/list/', (exchange) => listVideos(tiktok, exchange)),
		on('POST', '/v2/video/query/', (exchange) => queryVideos(tiktok, exchange)),
		on('GET', '/v2/user/info/', (exchange) => userInfo(tiktok, exchange)),
		on('GET', '/:user/photo/:id', (exchange) => videoPage(tiktok, exchange.params['id'] ?? '')),
		on('GET', '/:user/video/:id', (exchange) => videoPage(tiktok, exchange.params['id'] ?? '')),
		on('GET', '/:user', (exchange) => profilePage(tiktok, exchange.params['user'] ?? '')),
	];
}

const notFound: Answer = {
	status: 404,
	html: errorPage('Not found', 'There is no such video or account.'),
};

function videoPage(tiktok: TikTok, id: string): Answer {
	const post = tiktok.frame.journal.find('tiktok', id);
	return post === undefined ? notFound : { status: 200, html: postPage('TikTok', post) };
}

function profilePage(tiktok: TikTok, user: string): Answer {
	const name = /^@(.+)$/.exec(user)?.[1];
	const account = tiktok.accounts.all().find((known) => known.account === name);
	if (account === undefined) return notFound;
	const posts = tiktok.frame.journal.posts.filter(
		(post) => post.network === 'tiktok' && post.account === account.account,
	);
	return { status: 200, html: listPage('TikTok', posts) };
}
