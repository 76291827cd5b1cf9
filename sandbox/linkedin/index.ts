import { Accounts } from '../core/accounts';
import type { Answer, Exchange, Handler } from '../core/answer';
import type { Frame, Network } from '../core/network';
import { authorize } from '../core/oauth-endpoints';
import { OAuth } from '../core/oauth';
import { errorPage, listPage, postPage } from '../core/page';
import type { Route } from '../core/router';
import { callerOf, enter } from './access';
import { putPart, readAsset, videoAction } from './assets';
import { accessDenied, errorForStatus, invalidField } from './errors';
import { ORGANIZATION, settingsSchema, switchesSchema, type LinkedIn } from './model';
import { memberPostAnalytics, shareStatistics, socialActions } from './numbers';
import { wholeAction } from './open-assets';
import { endpointRulesOf, oauthRules, token } from './oauth';
import { createPost, listPosts, readPost } from './posts';
import { memberVideoAnalytics, pageVideoAnalytics } from './video-numbers';

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
		on('POST', '/rest/images', (exchange) => wholeAction(linkedIn, exchange, 'image')),
		on('POST', '/rest/documents', (exchange) => wholeAction(linkedIn, exchange, 'document')),
		...(['videos', 'images', 'documents'] as const).map((kind) =>
			on('GET', `/rest/${kind}/:urn`, (exchange) => readAsset(linkedIn, exchange, kind)),
		),
		on('PUT', '/dms-uploads/:urn/:index', (exchange) => putPart(linkedIn, exchange)),
		on('POST', '/rest/posts', (exchange) => createPost(linkedIn, exchange)),
		on('GET', '/rest/posts', (exchange) => listPosts(linkedIn, exchange)),
		on('GET', '/rest/posts/:urn', (exchange) => readPost(linkedIn, exchange)),
		on('GET', '/rest/organizationalEntityShareStatistics', (exchange) => shareStatistics(linkedIn, exchange)),
		on('GET', '/rest/memberCreatorPostAnalytics', (exchange) => memberPostAnalytics(linkedIn, exchange)),
		on('GET', '/rest/socialActions/:urn', (exchange) => socialActions(linkedIn, exchange)),
		on('GET', '/rest/videoAnalytics', (exchange) => pageVideoAnalytics(linkedIn, exchange)),
		on('GET', '/rest/memberCreatorVideoAnalytics', (exchange) => memberVideoAnalytics(linkedIn, exchange)),
		on('GET', '/in/me/recent-activity/all/', () => ownActivity(linkedIn)),
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
	const query = exchange.url.searchParams;
	for (const [name, value] of [
		['q', 'roleAssignee'],
		['role', 'ADMINISTRATOR'],
		['state', 'APPROVED'],
	] as const) {
		if (query.get(name) !== value) throw invalidField(name, `must be ${value}`);
	}
	const [start, count] = [Number(query.get('start') ?? 0), Number(query.get('count') ?? 10)];
	const elements = member.organizationIds.slice(start, start + count).map((id) => ({
		organization: ORGANIZATION + id,
		role: 'ADMINISTRATOR',
		state: 'APPROVED',
	}));
	return { status: 200, body: { elements, paging: { start, count, links: [] } } };
}

/** For people: where members see their own posts. */
function ownActivity({ frame }: LinkedIn): Answer {
	const posts = frame.journal.posts.filter(({ network }) => network === 'linkedin');
	return { status: 200, html: listPage('LinkedIn', posts) };
}

function postPageOf({ frame }: LinkedIn, urn: string): Answer {
	const post = frame.journal.find('linkedin', urn);
	if (post === undefined) return { status: 404, html: errorPage('Not found', 'There is no such post.') };
	return { status: 200, html: postPage('LinkedIn', post) };
}
