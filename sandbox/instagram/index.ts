import { Accounts } from '../core/accounts';
import type { Answer, Handler } from '../core/answer';
import type { Frame, Network } from '../core/network';
import { authorize } from '../core/oauth-endpoints';
import { OAuth } from '../core/oauth';
import { errorPage, postPage } from '../core/page';
import type { Route } from '../core/router';
import { graphErrorForStatus } from '../graph/errors';
import { exchangeCode, exchangeForLongLived, refreshLongLived } from '../graph/tokens';
import { createComment, listComments } from './comments';
import { ContainerUploads, createContainer } from './containers';
import { insights, listMedia, listStories, readNode } from './media';
import { isOver, permalinkOf, settingsSchema, switchesSchema, type Instagram } from './model';
import { endpointRules, oauthRules } from './oauth';
import { publishContainer, publishingLimit } from './publish';

/** Pretend Instagram: its Graph API with Instagram Login, the upload host and OAuth under one base url. */
export function createInstagram(frame: Frame): Network {
	const { store, clock, ids } = frame;
	const instagram: Instagram = {
		frame,
		oauth: new OAuth(store, clock, oauthRules),
		accounts: new Accounts(store, 'instagram', switchesSchema, () => ids.snowflake(clock.nowMs())),
		containers: store.collection('instagram.containers'),
		media: store.collection('instagram.media'),
		comments: store.collection('instagram.comments'),
		settings: settingsSchema.parse({}),
	};
	return {
		title: 'Instagram',
		routes: [...oauthRoutes(instagram), ...apiRoutes(instagram)],
		oauth: instagram.oauth,
		refuse: graphErrorForStatus,
		account: (name, patch) => instagram.accounts.get(name, patch),
		configure: (patch) => (instagram.settings = settingsSchema.parse({ ...instagram.settings, ...patch })),
	};
}

const on = (method: string, path: string, handler: Handler): Route => ({ method, path, handler });

/** Facts 3.1, Instagram Login. */
function oauthRoutes({ oauth, accounts }: Instagram): Route[] {
	return [
		on('GET', '/oauth/authorize', (exchange) => authorize(oauth, endpointRules, exchange)),
		on('POST', '/oauth/access_token', (exchange) =>
			exchangeCode(oauth, exchange, ({ access_token, scope }, account) => ({
				access_token,
				user_id: accounts.get(account).accountId,
				permissions: scope.replaceAll(' ', ','),
			})),
		),
		on('GET', '/access_token', (exchange) => exchangeForLongLived(oauth, exchange, 'ig_exchange_token')),
		on('GET', '/refresh_access_token', (exchange) => refreshLongLived(oauth, exchange, 'ig_refresh_token')),
	];
}

function apiRoutes(instagram: Instagram): Route[] {
	const uploads = new ContainerUploads(instagram);
	/** A version that is no version is a path that is not there; a dead one is served by the oldest (facts 3). */
	const versioned =
		(handler: Handler): Handler =>
		(exchange) =>
			/^v\d{2}\.0$/.test(exchange.params['version'] ?? '') ? handler(exchange) : graphErrorForStatus(404);
	const onNode = (method: string, edge: string, handler: Handler): Route =>
		on(method, `/:version/:id${edge}`, versioned(handler));
	return [
		on('POST', '/ig-api-upload/:version/:id', (exchange) => uploads.receive(exchange)),
		on('GET', '/reel/:code/', ({ params }) => mediaPage(instagram, params['code'] ?? '')),
		on('GET', '/p/:code/', ({ params }) => mediaPage(instagram, params['code'] ?? '')),
		on('GET', '/stories/:user/:code/', ({ params }) => mediaPage(instagram, params['code'] ?? '')),
		onNode('POST', '/media', (exchange) => createContainer(instagram, exchange)),
		onNode('GET', '/media', (exchange) => listMedia(instagram, exchange)),
		onNode('GET', '/stories', (exchange) => listStories(instagram, exchange)),
		onNode('POST', '/comments', (exchange) => createComment(instagram, exchange)),
		onNode('GET', '/comments', (exchange) => listComments(instagram, exchange)),
		onNode('POST', '/media_publish', (exchange) => publishContainer(instagram, exchange)),
		onNode('GET', '/content_publishing_limit', (exchange) => publishingLimit(instagram, exchange)),
		onNode('GET', '/insights', (exchange) => insights(instagram, exchange)),
		onNode('GET', '', (exchange) => readNode(instagram, exchange)),
	];
}

function mediaPage(instagram: Instagram, shortcode: string): Answer {
	const media = instagram.media
		.values()
		.find((one) => one.shortcode === shortcode && !isOver(instagram, one));
	const post = media && instagram.frame.journal.find('instagram', media.id);
	if (media === undefined || post === undefined) {
		return { status: 404, html: errorPage('Not found', 'There is no such post.') };
	}
	return { status: 200, html: postPage('Instagram', { ...post, url: permalinkOf(instagram, media) }) };
}
