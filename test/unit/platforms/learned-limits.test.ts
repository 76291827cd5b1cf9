import { instagramAdapter } from '../../../lib/platforms/instagram/adapter';
import { threadsAdapter } from '../../../lib/platforms/threads/adapter';
import { xAdapter } from '../../../lib/platforms/x/adapter';
import type { PlatformAdapter } from '../../../lib/publishing/adapter';
import type { HttpResponse } from '../../../lib/publishing/ports';

const now = new Date('2026-11-20T10:00:00Z');

/** What each window of the network learns from one answer. */
function learned(
	{ description }: PlatformAdapter,
	call: { method: 'GET' | 'POST'; url: string },
	answer: Partial<HttpResponse>,
): readonly unknown[] {
	const request = { ...call, deadlineMs: 1_000 };
	const response = { status: 200, headers: {}, bodyText: '', ...answer };
	return description.limits.flatMap(({ learnFrom }) => learnFrom?.(request, response, now) ?? []);
}

const quotaOf = (entry: object): Partial<HttpResponse> => ({ bodyText: JSON.stringify({ data: [entry] }) });

it('learns from the headers of a post to X, and from no other call', () => {
	const headers = {
		'x-rate-limit-limit': '100',
		'x-rate-limit-remaining': '7',
		'x-rate-limit-reset': '1795170600',
	};
	const url = 'https://api.x.com/2/tweets';
	expect(learned(xAdapter, { method: 'POST', url }, { status: 201, headers })).toEqual([
		{ limitTotal: 100, limitRemaining: 7, resetAt: new Date(1_795_170_600_000) },
	]);
	expect(learned(xAdapter, { method: 'GET', url }, { headers })).toEqual([]);
	expect(learned(xAdapter, { method: 'POST', url: `${url}/1/hidden` }, { headers })).toEqual([]);
});

it('learns how many posts Instagram leaves, whatever the docs say', () => {
	const url = 'https://graph.instagram.com/v26.0/17/content_publishing_limit?fields=config,quota_usage';
	const answer = quotaOf({ quota_usage: 3, config: { quota_total: 100, quota_duration: 86_400 } });
	expect(learned(instagramAdapter, { method: 'GET', url }, answer)).toEqual([
		{ limitTotal: 100, limitRemaining: 97, resetAt: { afterSec: 3_600 } },
	]);
});

it('learns posts and replies of Threads apart', () => {
	const url = 'https://graph.threads.net/v1.0/17/threads_publishing_limit?fields=quota_usage';
	const answer = quotaOf({
		quota_usage: 250,
		config: { quota_total: 250 },
		reply_quota_usage: 10,
		reply_config: { quota_total: 1_000 },
	});
	expect(learned(threadsAdapter, { method: 'GET', url }, answer)).toMatchObject([
		{ limitRemaining: 0 },
		{ limitRemaining: 990 },
	]);
});

it.each([
	['a refusal', { status: 400, bodyText: '{"error":{}}' }],
	['no JSON', { bodyText: '<html>' }],
	['an empty list', { bodyText: '{"data":[]}' }],
	['a figure that is none', quotaOf({ quota_usage: 'many', config: { quota_total: 250 } })],
])('learns nothing from %s', (_name, answer) => {
	const url = 'https://graph.threads.net/v1.0/17/threads_publishing_limit';
	expect(learned(threadsAdapter, { method: 'GET', url }, answer)).toEqual([]);
});
