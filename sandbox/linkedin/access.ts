import { Refusal, type Exchange } from '../core/answer';
import { mediaTypeOf } from '../core/body';
import { bearerOf } from '../core/oauth-endpoints';
import { accessDenied, dayLimit, refuse, unauthorized } from './errors';
import { ORGANIZATION, PERSON, type LinkedIn, type Member } from './model';

export interface Caller {
	readonly member: Member;
	readonly clientId: string;
	readonly scopes: readonly string[];
}

/** Only the token: what `/v2/userinfo` looks at. */
export function callerOf(linkedIn: LinkedIn, exchange: Exchange): Caller {
	const token = bearerOf(exchange);
	if (token === undefined) throw new Refusal(unauthorized('unknown'));
	if (exchange.faults.expireToken === true) linkedIn.oauth.expire(token);
	const grant = linkedIn.oauth.grantOf(token);
	const state = linkedIn.oauth.stateOf(token);
	if (grant === undefined || state !== 'valid') {
		throw new Refusal(unauthorized(state === 'valid' ? 'unknown' : state));
	}
	return { member: linkedIn.accounts.get(grant.account), clientId: grant.clientId, scopes: grant.scopes };
}

/** Headers of every `/rest` call (facts 5.1), then the token. */
export function enter(linkedIn: LinkedIn, exchange: Exchange): Caller {
	checkVersion(linkedIn, exchange);
	if (exchange.headers['x-restli-protocol-version'] !== '2.0.0') {
		throw refuse(400, 'ILLEGAL_ARGUMENT', 'X-Restli-Protocol-Version must be 2.0.0');
	}
	if (exchange.method === 'POST' && mediaTypeOf(exchange) !== 'application/json') {
		throw refuse(400, 'ILLEGAL_ARGUMENT', 'Content-Type must be application/json');
	}
	return callerOf(linkedIn, exchange);
}

function checkVersion({ settings }: LinkedIn, exchange: Exchange): void {
	const version = exchange.headers['linkedin-version'];
	if (typeof version !== 'string' || version === '') {
		throw refuse(
			400,
			'VERSION_MISSING',
			'A version must be present. Please specify a version by adding the LinkedIn-Version header.',
		);
	}
	const isMonth = /^20\d{2}(0[1-9]|1[0-2])$/.test(version);
	if (!isMonth || version < settings.oldestVersion || version > settings.newestVersion) {
		throw refuse(426, 'NONEXISTENT_VERSION', `Requested version ${version} is not active`);
	}
}

export function personUrn(member: Member): string {
	return PERSON + member.accountId;
}

/** A member writes as itself, or as a page that it administers and with the scope for it (facts 5.1). */
export function checkWriter(caller: Caller, urn: string): void {
	checkActor(caller, urn, { person: 'w_member_social', organization: 'w_organization_social' });
}

/** Own posts of a member cannot be read: `r_member_social` is closed (facts 5.8). */
export function checkOrganizationReader(caller: Caller, urn: string, scope: string): void {
	if (!urn.startsWith(ORGANIZATION)) throw accessDenied('partnerApiPosts.GET');
	checkActor(caller, urn, { person: scope, organization: scope });
}

function checkActor(
	{ member, scopes }: Caller,
	urn: string,
	needed: { readonly person: string; readonly organization: string },
): void {
	const isOrganization = urn.startsWith(ORGANIZATION);
	const isOwn = isOrganization
		? member.organizationIds.includes(urn.slice(ORGANIZATION.length))
		: urn === personUrn(member);
	const scope = isOrganization ? needed.organization : needed.person;
	if (!isOwn || !scopes.includes(scope)) throw accessDenied(`${scope} as ${urn}`);
}

interface DayUse {
	readonly day: string;
	readonly used: number;
}

/** Facts 5.5: per member and per application, until midnight UTC. */
const POST_LIMITS = [
	{ whose: 'MEMBER DAY', limit: 150 },
	{ whose: 'APPLICATION DAY', limit: 100_000 },
] as const;

export function chargePost({ frame }: LinkedIn, exchange: Exchange, { member, clientId }: Caller): void {
	const uses = frame.store.collection<DayUse>('linkedin.days');
	const day = frame.clock.nowIso().slice(0, 10);
	for (const { whose, limit } of POST_LIMITS) {
		const key = whose === 'MEMBER DAY' ? `${clientId}:${member.accountId}` : clientId;
		const known = uses.get(key);
		let used = known?.day === day ? known.used : 0;
		const { quotaLeft } = exchange.faults;
		if (quotaLeft !== undefined && whose === 'MEMBER DAY') used = Math.max(0, limit - quotaLeft);
		const isFull = used >= limit;
		uses.set(key, { day, used: isFull ? used : used + 1 });
		if (isFull) throw new Refusal(dayLimit(whose));
	}
}
