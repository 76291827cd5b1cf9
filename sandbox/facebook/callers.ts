// Who calls: a person (lists pages) or a page (does everything else). Facts 6.1, 6.4, 6.5.
import type { Answer, Exchange } from '../core/answer';
import { secret } from '../core/ids';
import { invalidParameter, refuseGraph } from '../graph/errors';
import { noPermission, tokenRefused } from './errors';
import { pageIdsOf, type Facebook, type PageToken, type User } from './model';

export interface PageCaller {
	readonly user: User;
	readonly pageId: string;
}

const DAY_MS = 24 * 3_600_000;
/** 4800 × engaged users (facts 6.4), with one user. */
const CALLS_PER_DAY = 4_800;
const MINUTES_TO_REGAIN = 42;

interface Usage {
	readonly startedAtMs: number;
	readonly used: number;
}

function tokenOf(exchange: Exchange, scheme: 'Bearer' | 'OAuth'): string {
	const header = exchange.headers.authorization ?? '';
	if (!header.startsWith(`${scheme} `)) throw tokenRefused('missing');
	return header.slice(scheme.length + 1);
}

/** The page that the token belongs to. The upload host wants the scheme `OAuth` (facts 6.2). */
export function enterAsPage(
	facebook: Facebook,
	exchange: Exchange,
	scopes: readonly string[],
	scheme: 'Bearer' | 'OAuth' = 'Bearer',
): PageCaller {
	const token = tokenOf(exchange, scheme);
	const known = facebook.pageTokens.get(token);
	if (known === undefined) {
		const state = facebook.oauth.stateOf(token);
		if (state !== 'valid') throw tokenRefused(state);
		throw refuseGraph({
			code: 210,
			message: '(#210) A page access token is required to request this resource.',
		});
	}
	if (exchange.faults.expireToken === true) facebook.pageTokens.set(token, { ...known, isExpired: true });
	const grant = facebook.oauth.grantOf(known.userToken);
	if (grant === undefined || !isValid(facebook, facebook.pageTokens.get(token) ?? known)) {
		throw tokenRefused('expired');
	}
	const missing = scopes.filter((scope) => !grant.scopes.includes(scope));
	if (missing.length > 0) throw noPermission(10, `${missing.join(', ')} permission`);
	charge(facebook, exchange, known.pageId);
	return { user: facebook.accounts.get(grant.account), pageId: known.pageId };
}

function isValid(facebook: Facebook, token: PageToken): boolean {
	if (token.isExpired === true) return false;
	const state = facebook.oauth.stateOf(token.userToken);
	return state === 'valid' || (state === 'expired' && token.outlivesUserToken);
}

/** As `enterAsPage`, for what changes the page: its own id in the path, and the task CREATE_CONTENT. */
export function enterToPublish(facebook: Facebook, exchange: Exchange): PageCaller {
	const caller = enterAsPage(facebook, exchange, ['pages_manage_posts', 'pages_read_engagement']);
	if (exchange.params['id'] !== caller.pageId) throw noPermission(200, 'the token of this page');
	if (!caller.user.mayCreateContent) throw noPermission(200, 'the CREATE_CONTENT task');
	if (caller.user.isBlocked) {
		throw refuseGraph({
			code: 368,
			message: 'The action attempted has been deemed abusive or is otherwise disallowed.',
		});
	}
	return caller;
}

function charge(facebook: Facebook, exchange: Exchange, pageId: string): void {
	const usages = facebook.frame.store.collection<Usage>('facebook.usage');
	const nowMs = facebook.frame.clock.nowMs();
	const known = usages.get(pageId);
	const running = known && nowMs < known.startedAtMs + DAY_MS ? known : { startedAtMs: nowMs, used: 0 };
	const { quotaLeft } = exchange.faults;
	const before = quotaLeft === undefined ? running.used : Math.max(0, CALLS_PER_DAY - quotaLeft);
	const isFull = before >= CALLS_PER_DAY;
	usages.set(pageId, { ...running, used: isFull ? before : before + 1 });
	const percent = Math.floor((100 * before) / CALLS_PER_DAY);
	Object.assign(exchange.responseHeaders, {
		'x-app-usage': JSON.stringify({ call_count: 1, total_cputime: 1, total_time: 1 }),
		'x-business-use-case-usage': JSON.stringify({
			[pageId]: [
				{
					type: 'pages',
					call_count: percent,
					total_cputime: 1,
					total_time: 1,
					estimated_time_to_regain_access: isFull ? MINUTES_TO_REGAIN : 0,
				},
			],
		}),
	});
	if (isFull) {
		throw refuseGraph({
			code: 80001,
			message: '(#80001) There have been too many calls to this Page account.',
		});
	}
}

const ACCOUNT_FIELDS = ['id', 'name', 'access_token', 'tasks', 'category'];

/** `GET /me/accounts`, facts 6.1: the person's pages, each with its own token. */
export function listPages(facebook: Facebook, exchange: Exchange): Answer {
	const userToken = tokenOf(exchange, 'Bearer');
	if (exchange.faults.expireToken === true) facebook.oauth.expire(userToken);
	const grant = facebook.oauth.grantOf(userToken);
	if (grant === undefined || facebook.oauth.stateOf(userToken) !== 'valid') throw tokenRefused('expired');
	if (!grant.scopes.includes('pages_show_list')) throw noPermission(200, 'pages_show_list permission');
	const query = exchange.url.searchParams;
	const fields = (query.get('fields') ?? 'id,name,access_token,tasks').split(',');
	const unknown = fields.filter((field) => !ACCOUNT_FIELDS.includes(field));
	if (unknown.length > 0) throw invalidParameter(`Tried accessing nonexisting field (${unknown[0]})`);
	const user = facebook.accounts.get(grant.account);
	const ids = pageIdsOf(user);
	const limit = Math.min(Number(query.get('limit') ?? 25), facebook.settings.pageSize);
	const after = query.get('after');
	const start = after === null ? 0 : ids.indexOf(after) + 1;
	const page = ids.slice(start, start + limit);
	const data = page.map((pageId) => pickFields(pageEntry(facebook, { user, pageId, userToken }), fields));
	const last = page.at(-1);
	const hasMore = start + page.length < ids.length;
	const next = `${facebook.frame.baseUrl()}/v26.0/me/accounts?access_token=hidden&after=${last}`;
	const paging = last === undefined ? {} : { paging: { cursors: { after: last }, ...(hasMore && { next }) } };
	return { status: 200, body: { data, ...paging } };
}

function pageEntry(
	facebook: Facebook,
	{ user, pageId, userToken }: { user: User; pageId: string; userToken: string },
): Record<string, unknown> {
	const content = user.mayCreateContent ? ['CREATE_CONTENT', 'MANAGE'] : [];
	return {
		id: pageId,
		name: `Page ${pageId} of ${user.account}`,
		access_token: pageTokenOf(facebook, userToken, pageId),
		tasks: ['ANALYZE', 'ADVERTISE', 'MODERATE', ...content],
	};
}

/** The same person's token gives the same page token as long as that is good. */
function pageTokenOf(facebook: Facebook, userToken: string, pageId: string): string {
	const names = facebook.frame.store.collection<string>('facebook.pageTokenNames');
	const key = `${userToken}:${pageId}`;
	const name = names.get(key);
	const known = name === undefined ? undefined : facebook.pageTokens.get(name);
	if (name !== undefined && known !== undefined && isValid(facebook, known)) return name;
	const fresh = secret('page-');
	const outlivesUserToken = facebook.longLivedTokens.get(userToken) === true;
	facebook.frame.store.batch(() => {
		facebook.pageTokens.set(fresh, { userToken, pageId, outlivesUserToken });
		names.set(key, fresh);
	});
	return fresh;
}

export function pickFields(
	entry: Readonly<Record<string, unknown>>,
	fields: readonly string[],
): Record<string, unknown> {
	const wanted = fields.includes('id') ? fields : [...fields, 'id'];
	return Object.fromEntries(wanted.filter((name) => name in entry).map((name) => [name, entry[name]]));
}
