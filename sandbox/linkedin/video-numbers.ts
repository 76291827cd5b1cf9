// Facts 5.7. The facts name the calls and their types; the shape of the answers is that of the post numbers.
import { Refusal, type Answer, type Exchange } from '../core/answer';
import { shareOf, viewsAt } from '../core/growth';
import { checkOrganizationReader, enter, personUrn } from './access';
import { accessDenied, errorForStatus, invalidField } from './errors';
import type { LinkedIn, Post } from './model';
import { readEntity } from './numbers';
import { rawQuery, readUrn } from './parse';

const MS_PER_VIEW = 7_000;

interface VideoNumbers {
	readonly views: number;
	readonly viewers: number;
	readonly watchedMs: number;
}

function videoNumbersOf({ frame }: LinkedIn, post: Post): VideoNumbers {
	const seen = viewsAt(post.urn, frame.clock.nowMs() - post.createdAtMs);
	const views = shareOf(seen, post.urn, 'video-views', [300, 600]);
	return {
		views,
		viewers: shareOf(views, post.urn, 'viewers', [500, 900]),
		watchedMs: views * MS_PER_VIEW,
	};
}

const PAGE_TYPES: Readonly<Record<string, keyof VideoNumbers>> = {
	VIDEO_VIEW: 'views',
	VIEWER: 'viewers',
	TIME_WATCHED: 'watchedMs',
	TIME_WATCHED_FOR_VIDEO_VIEWS: 'watchedMs',
};

export function pageVideoAnalytics(linkedIn: LinkedIn, exchange: Exchange): Answer {
	const caller = enter(linkedIn, exchange);
	const query = rawQuery(exchange.url);
	if (query.get('q') !== 'entity') throw invalidField('q', 'must be entity');
	if (query.get('aggregation') !== 'ALL') throw invalidField('aggregation', 'must be ALL');
	const type = query.get('type') ?? '';
	const number = PAGE_TYPES[type];
	if (number === undefined) throw invalidField('type', `${type} is not known`);
	const entity = readUrn(query.get('entity') ?? '', 'entity');
	const post = videoPost(linkedIn, entity);
	checkOrganizationReader(caller, post.author, 'rw_organization_admin');
	const elements = [{ entity, statisticsType: type, value: videoNumbersOf(linkedIn, post)[number] }];
	return { status: 200, body: { elements, paging: { start: 0, count: 10, links: [] } } };
}

const MEMBER_TYPES: Readonly<Record<string, keyof VideoNumbers>> = {
	VIDEO_PLAY: 'views',
	VIDEO_VIEWER: 'viewers',
	VIDEO_WATCH_TIME: 'watchedMs',
};

export function memberVideoAnalytics(linkedIn: LinkedIn, exchange: Exchange): Answer {
	const { member, scopes } = enter(linkedIn, exchange);
	if (!scopes.includes('r_member_postAnalytics')) {
		throw accessDenied('memberCreatorVideoAnalytics.FINDER-entity');
	}
	const query = rawQuery(exchange.url);
	if (query.get('q') !== 'entity') throw invalidField('q', 'must be entity');
	if (query.get('aggregation') !== 'TOTAL') throw invalidField('aggregation', 'must be TOTAL');
	const { urn, kind } = readEntity(query.get('entity') ?? '');
	const metricType = query.get('queryType') ?? '';
	const number = MEMBER_TYPES[metricType];
	if (number === undefined) throw invalidField('queryType', `${metricType} is not known`);
	const post = videoPost(linkedIn, urn);
	if (post.author !== personUrn(member)) throw new Refusal(errorForStatus(404));
	const count = videoNumbersOf(linkedIn, post)[number];
	const elements = [{ count, metricType, targetEntity: { [kind]: urn } }];
	return { status: 200, body: { elements, paging: { start: 0, count: 10, links: [] } } };
}

function videoPost({ posts }: LinkedIn, urn: string): Post {
	const post = posts.get(urn);
	if (post === undefined) throw new Refusal(errorForStatus(404));
	if (post.content?.media?.id.startsWith('urn:li:video:') !== true) {
		throw invalidField('entity', 'has no video');
	}
	return post;
}
