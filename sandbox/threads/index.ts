import { Accounts } from '../core/accounts';
import type { Answer, Handler } from '../core/answer';
import type { Frame, Network } from '../core/network';
import { OAuth } from '../core/oauth';
import { errorPage, postPage } from '../core/page';
import type { Route } from '../core/router';
import { createContainer } from './containers';
import { errorForStatus } from './errors';
import { postInsights } from './insights';
import { newId, settingsSchema, switchesSchema, type Threads } from './model';
import { consent, exchangeCode, exchangeForLongLived, oauthRules, refreshLongLived } from './oauth';
import { getObject, listPosts, listReplies, publish, publishingLimit } from './posts';
import { getProfile } from './profile';

/** Pretend Threads: the Graph API of graph.threads.net and its OAuth under one base url. */
export function createThreads(frame: Frame): Network {
	const { store, clock } = frame;
	const threads: Threads = {
		frame,
		oauth: new OAuth(store, clock, oauthRules),
		accounts: new Accounts(store, 'threads', switchesSchema, () => newId(frame)),
		containers: store.collection('threads.containers'),
		posts: store.collection('threads.posts'),
		tokens: store.collection('threads.tokens'),
		pulls: new Map(),
		settings: settingsSchema.parse({}),
	};
	return {
		title: 'Threads',
		routes: routesOf(threads),
		oauth: threads.oauth,
		refuse: errorForStatus,
		account: (name, patch) => threads.accounts.get(name, patch),
		configure: (patch) => (threads.settings = settingsSchema.parse({ ...threads.settings, ...patch })),
	};
}

function routesOf(threads: Threads): Route[] {
	const on = (method: string, path: string, handler: Handler): Route => ({ method, path, handler });
	return [
		on('GET', '/oauth/authorize', (exchange) => consent(threads, exchange)),
		on('POST', '/oauth/access_token', (exchange) => exchangeCode(threads, exchange)),
		on('GET', '/access_token', (exchange) => exchangeForLongLived(threads, exchange)),
		on('GET', '/refresh_access_token', (exchange) => refreshLongLived(threads, exchange)),
		on('GET', '/v1.0/me', (exchange) => getProfile(threads, exchange)),
		on('POST', '/v1.0/:user/threads', (exchange) => createContainer(threads, exchange)),
		on('POST', '/v1.0/:user/threads_publish', (exchange) => publish(threads, exchange)),
		on('GET', '/v1.0/:user/threads', (exchange) => listPosts(threads, exchange)),
		on('GET', '/v1.0/:user/replies', (exchange) => listReplies(threads, exchange)),
		on('GET', '/v1.0/:user/threads_publishing_limit', (exchange) => publishingLimit(threads, exchange)),
		on('GET', '/v1.0/:id/insights', (exchange) => postInsights(threads, exchange)),
		on('GET', '/v1.0/:id', (exchange) => getObject(threads, exchange)),
		on('GET', '/:user/post/:code', (exchange) => threadPage(threads, exchange.params['code'] ?? '')),
	];
}

function threadPage(threads: Threads, shortcode: string): Answer {
	const thread = threads.posts.values().find((post) => post.shortcode === shortcode);
	const post = thread && threads.frame.journal.find('threads', thread.id);
	if (post === undefined) return { status: 404, html: errorPage('Not found', 'There is no such post.') };
	return { status: 200, html: postPage('Threads', post) };
}
