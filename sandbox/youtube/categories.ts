import type { Answer, Exchange } from '../core/answer';
import { refuse } from './errors';
import { readParts } from './metadata';
import type { YouTube } from './model';
import { callerOf, READ_SCOPES } from './oauth';
import { charge, COST } from './quota';
import { etagOf } from './resource';
import { listAnswer } from './videos';

interface Category {
	readonly title: string;
	/** Some categories exist, but a video cannot have them. */
	readonly isAssignable: boolean;
}

const assignable = (title: string): Category => ({ title, isAssignable: true });

export const CATEGORIES: ReadonlyMap<string, Category> = new Map([
	['1', assignable('Film & Animation')],
	['2', assignable('Autos & Vehicles')],
	['10', assignable('Music')],
	['15', assignable('Pets & Animals')],
	['17', assignable('Sports')],
	['18', { title: 'Short Movies', isAssignable: false }],
	['19', assignable('Travel & Events')],
	['20', assignable('Gaming')],
	['21', { title: 'Videoblogging', isAssignable: false }],
	['22', assignable('People & Blogs')],
	['23', assignable('Comedy')],
	['24', assignable('Entertainment')],
	['25', assignable('News & Politics')],
	['26', assignable('Howto & Style')],
	['27', assignable('Education')],
	['28', assignable('Science & Technology')],
	['29', assignable('Nonprofits & Activism')],
	['30', { title: 'Movies', isAssignable: false }],
]);

/** Beyond the facts: Google's reference page of videoCategories.list. */
export function listCategories(youtube: YouTube, exchange: Exchange): Answer {
	const { clientId } = callerOf(youtube, exchange, READ_SCOPES);
	charge(youtube, exchange, clientId, { bucket: 'general', units: COST.list });
	readParts(exchange.url, ['snippet']);
	const regionCode = exchange.url.searchParams.get('regionCode');
	if (regionCode === null) {
		throw refuse(400, 'missingRequiredParameter', 'No filter selected. Expected one of: id, regionCode', {
			domain: 'youtube.parameter',
		});
	}
	if (!/^[A-Z]{2}$/.test(regionCode)) {
		throw refuse(400, 'invalidRegionCode', 'Invalid region code.', {
			location: 'regionCode',
			locationType: 'parameter',
		});
	}
	const items = [...CATEGORIES].map(([id, { title, isAssignable }]) => {
		const snippet = { title, assignable: isAssignable, channelId: 'UCBR8-60-B28hp2BmDPdntcQ' };
		return { kind: 'youtube#videoCategory', etag: etagOf(snippet), id, snippet };
	});
	return listAnswer('youtube#videoCategoryListResponse', items);
}
