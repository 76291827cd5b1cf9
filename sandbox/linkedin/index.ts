import { Accounts } from '../core/accounts';
import type { Answer, Exchange, Handler } from '../core/answer';
import type { Frame, Network } from '../core/network';
import { authorize } from '../core/oauth-endpoints';
import { OAuth } from '../core/oauth';
import { errorPage, postPage } from '../core/page';
import type { Route } from '../core/router';
import { callerOf, enter } from './access';
import { imageAction, putPart, readAsset, videoAction } from './assets';
import { accessDenied, errorForStatus } from './errors';
import { ORGANIZATION, settingsSchema, switchesSchema, type LinkedIn } from './model';
import { memberPostAnalytics, shareStatistics, socialActions } from './numbers';
import { endpointRulesOf, oauthRules, token } from './oauth';
import { createPost, listPosts, readPost } from './posts';

/** Pretend LinkedIn: the Posts, Videos and Images REST API and its OAuth under one base url. */
export function createLinkedIn(frame: Frame): Network {
	const { store, clock, ids } = frame;
	const linkedIn: LinkedIn = {
		frame,
		oauth: new OAuth(store, clock, oauthRules),
		accounts: new Accounts(store, 'linkedin', switchesSchema, () => ids.text('person', 10)),
		assets: store.collection('linkedin.assets'),
		posts: store.collection('linkedin.posts'),
		settings: settingsSchema.parse({}),
	};
	return {
		title: 'LinkedIn',
		routes: routesOf(linkedIn),
		oauth: linkedIn.oauth,
		refuse: errorForStatus,
		account: (name, patch) => linkedIn.accounts.get(name, patch),
		configure: (patch) => (linkedIn.settings = settingsSchema.parse({ ...linkedIn.settings, ...patch })),
	};
}

function routesOf(linkedIn: LinkedIn): Route[] {
	const on = (method: string, path: string, handler: Handler): Route => ({ method, path, handler });
	return [
		on('GET', '/oauth/v2/authorization', (exchange) =>
			authorize(linkedIn.oauth, endpointRulesOf(linkedIn), exchange),
		),
		on('POST', '/oauth/v2/accessToken', (exchange) => token(linkedIn, exchange)),
		on('GET', '/v2/userinfo', (exchange) => userInfo(linkedIn, exchange)),
		on('GET', '/rest/organizationAcls', (exchange) => organizationAcls(linkedIn, exchange)),
		on('POST', '/rest/videos', (exchange) => videoAction(linkedIn, exchange)),
		on('GET', '/rest/videos/:urn', (exchange) => readAsset(linkedIn, exchange)),
		on('POST', '/rest/images', (exchange) => imageAction(linkedIn, exchange)),
		on('GET', '/rest/images/:urn', (exchange) => readAsset(linkedIn, exchange)),
		on('PUT', '/dms-uploads/:urn/:index', (exchange) => putPart(linkedIn, exchange)),
		on('POST', '/rest/posts', (exchange) => createPost(linkedIn, exchange)),
		on('GET', '/rest/posts', (exchange) => listPosts(linkedIn, exchange)),
		on('GET', '/rest/posts/:urn', (exchange) => readPost(linkedIn, exchange)),
		on('GET', '/rest/organizationalEntityShareStatistics', (exchange) => shareStatistics(linkedIn, exchange)),
		on('GET', '/rest/memberCreatorPostAnalytics', (exchange) => memberPostAnalytics(linkedIn, exchange)),
		on('GET', '/rest/socialActions/:urn', (exchange) => socialActions(linkedIn, exchange)),
		on('GET', '/feed/update/:urn', (exchange) => postPageOf(linkedIn, exchange.params['urn'] ?? '')),
	];
}

/** Facts 5.1: `sub` is what a person's urn is made of. */
function userInfo(linkedIn: LinkedIn, exchange: Exchange): Answer {
	const { member, scopes } = callerOf(linkedIn, exchange);
	if (!scopes.includes('openid') || !scopes.includes('profile'))
		throw accessDenied('userinfo.GET.NO_VERSION');
	return { status: 200, body: { sub: member.accountId, name: member.account, locale: 'en_US' } };
}

function organizationAcls(linkedIn: LinkedIn, exchange: Exchange): Answer {
	const { member, scopes } = enter(linkedIn, exchange);
	if (!scopes.includes('rw_organization_admin')) throw accessDenied('organizationAcls.FINDER-roleAssignee');
	const elements = member.organizationIds.map((id) => ({
		organization: ORGANIZATION + id,
		role: 'ADMINISTRATOR',
		state: 'APPROVED',
	}));
	return { status: 200, body: { elements, paging: { start: 0, count: 10, links: [] } } };
}

function postPageOf({ frame }: LinkedIn, urn: string): Answer {
	const post = frame.journal.find('linkedin', urn);
	if (post === undefined) return { status: 404, html: errorPage('Not found', 'There is no such post.') };
	return { status: 200, html: postPage('LinkedIn', post) };
}
