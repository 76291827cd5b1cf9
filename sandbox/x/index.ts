import { Accounts } from '../core/accounts';
import type { Answer, Handler } from '../core/answer';
import type { Frame, Network } from '../core/network';
import { authorize, exchangeToken } from '../core/oauth-endpoints';
import { OAuth } from '../core/oauth';
import { errorPage, postPage } from '../core/page';
import type { Route } from '../core/router';
import { errorForStatus } from './errors';
import { appendMedia, Finalizer, initializeMedia, mediaStatus, setMetadata, uploadOnce } from './media';
import { settingsSchema, switchesSchema, type X } from './model';
import { endpointRules, oauthRules, revoke } from './oauth';
import { createTweet, deleteTweet, getTweet, getTweets, userTweets } from './tweets';
import { usersMe } from './users';

/** Pretend X: API v2 and its OAuth under one base url. */
export function createX(frame: Frame): Network {
	const { store, clock, ids } = frame;
	const x: X = {
		frame,
		oauth: new OAuth(store, clock, oauthRules),
		accounts: new Accounts(store, 'x', switchesSchema, () => ids.snowflake(clock.nowMs())),
		media: store.collection('x.media'),
		tweets: store.collection('x.tweets'),
		settings: settingsSchema.parse({}),
	};
	return {
		title: 'X',
		routes: routesOf(x),
		oauth: x.oauth,
		refuse: (status, reason) => withReset(x, errorForStatus(status, reason)),
		account: (name, patch) => x.accounts.get(name, patch),
		configure: (patch) => (x.settings = settingsSchema.parse({ ...x.settings, ...patch })),
	};
}

/** A 429 on command also says when to come back, as every real one does; a fault's own headers win. */
function withReset(x: X, answer: Answer): Answer {
	if (answer.status !== 429) return answer;
	const resetSec = Math.ceil(x.frame.clock.nowMs() / 1000) + 900;
	const limits = {
		'x-rate-limit-limit': '100',
		'x-rate-limit-remaining': '0',
		'x-rate-limit-reset': String(resetSec),
	};
	return { ...answer, headers: { ...limits, ...answer.headers } };
}

function routesOf(x: X): Route[] {
	const { oauth } = x;
	const finalizer = new Finalizer(x);
	const on = (method: string, path: string, handler: Handler): Route => ({ method, path, handler });
	return [
		on('GET', '/i/oauth2/authorize', (exchange) => authorize(oauth, endpointRules, exchange)),
		on('GET', '/2/oauth2/authorize', (exchange) => authorize(oauth, endpointRules, exchange)),
		on('POST', '/2/oauth2/token', (exchange) => exchangeToken(oauth, endpointRules, exchange)),
		on('POST', '/2/oauth2/revoke', (exchange) => revoke(oauth, exchange)),
		on('POST', '/2/media/upload/initialize', (exchange) => initializeMedia(x, exchange)),
		on('POST', '/2/media/upload/:id/append', (exchange) => appendMedia(x, exchange)),
		on('POST', '/2/media/upload/:id/finalize', (exchange) => finalizer.finalize(exchange)),
		on('GET', '/2/media/upload', (exchange) => mediaStatus(x, exchange)),
		on('POST', '/2/media/upload', (exchange) => uploadOnce(x, exchange)),
		on('POST', '/2/media/metadata', (exchange) => setMetadata(x, exchange)),
		on('POST', '/2/tweets', (exchange) => createTweet(x, exchange)),
		on('GET', '/2/tweets', (exchange) => getTweets(x, exchange)),
		on('GET', '/2/tweets/:id', (exchange) => getTweet(x, exchange)),
		on('DELETE', '/2/tweets/:id', (exchange) => deleteTweet(x, exchange)),
		on('GET', '/2/users/me', (exchange) => usersMe(x, exchange)),
		on('GET', '/2/users/:id/tweets', (exchange) => userTweets(x, exchange)),
		on('GET', '/:user/status/:id', (exchange) => statusPage(x, exchange.params['id'] ?? '')),
		on('GET', '/i/web/status/:id', (exchange) => statusPage(x, exchange.params['id'] ?? '')),
	];
}

function statusPage(x: X, id: string): Answer {
	const post = x.frame.journal.find('x', id);
	if (post === undefined) return { status: 404, html: errorPage('Not found', 'There is no such post.') };
	return { status: 200, html: postPage('X', post) };
}
