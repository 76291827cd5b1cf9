import type { LimitWindow } from '../../publishing/adapter';
import { learnFromQuota } from '../graph-quota';
import { isReply } from './options';

const quota = '/threads_publishing_limit';

/**
 * Facts 7.3. A carousel is one post, and a reply is none: replies have a window of their own. Calls are counted too,
 * but by the profile's impressions, with a floor that posts never reach.
 */
export const threadsLimits: readonly LimitWindow[] = [
	{
		endpoint: 'POST /threads_publish',
		limitTotal: 250,
		scope: 'account',
		window: { kind: 'rolling', lengthSec: 24 * 3_600 },
		source: 'facts 7.3 (posts of a profile)',
		learnFrom: learnFromQuota(quota, { usage: 'quota_usage', config: 'config' }),
		counts: (content) => !isReply(content),
	},
	{
		endpoint: 'POST /threads_publish (replies)',
		limitTotal: 1_000,
		scope: 'account',
		window: { kind: 'rolling', lengthSec: 24 * 3_600 },
		source: 'facts 7.3 (replies of a profile)',
		learnFrom: learnFromQuota(quota, { usage: 'reply_quota_usage', config: 'reply_config' }),
		counts: isReply,
	},
];
