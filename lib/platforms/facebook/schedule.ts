import { PublishError } from '../../publishing/errors';
import { facebookRules } from './limits';
import type { FacebookOptions } from './options';

/**
 * Facts 6.2. Beside the other rules, because only here it is known how late it is.
 * @throws PublishError before a byte is sent.
 */
export function refuseOddTime({ scheduledPublishTime }: FacebookOptions, now: Date): void {
	if (scheduledPublishTime === undefined) return;
	const aheadMs = Date.parse(scheduledPublishTime) - now.getTime();
	const { minMs, maxMs } = facebookRules.schedule;
	if (aheadMs >= minMs && aheadMs <= maxMs) return;
	throw new PublishError(
		'validation',
		`Facebook plans posts from 10 minutes to 30 days ahead, and ${scheduledPublishTime} is not.`,
		{
			platform: 'facebook',
			code: 'option:scheduledPublishTime',
			remedy: 'Choose a time in between, or leave it out and let the post queue publish at the right moment.',
		},
	);
}
