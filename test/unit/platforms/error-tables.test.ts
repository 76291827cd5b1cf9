import type { HttpResponse } from '../../../lib/publishing/ports';
import { xError, xErrors } from '../../../lib/platforms/x/errors';
import { youtubeError, youtubeErrors } from '../../../lib/platforms/youtube/errors';

const now = new Date('2026-11-20T12:00:00Z');

function answer(status: number, body: unknown, headers: Record<string, string> = {}): HttpResponse {
	return { status, headers, bodyText: typeof body === 'string' ? body : JSON.stringify(body) };
}

function google(status: number, reason: string): HttpResponse {
	return answer(status, {
		error: { code: status, message: 'Said so.', errors: [{ message: 'Said so.', reason }] },
	});
}

describe('the error table of YouTube', () => {
	it.each([
		[401, 'authError', 'auth'],
		[401, 'youtubeSignupRequired', 'auth'],
		[403, 'quotaExceeded', 'quota'],
		[403, 'rateLimitExceeded', 'rate-limit'],
		[400, 'uploadLimitExceeded', 'quota'],
		[403, 'insufficientPermissions', 'auth'],
		[403, 'channelSuspended', 'rejected'],
		[400, 'invalidTitle', 'validation'],
		[404, 'videoNotFound', 'rejected'],
		[503, 'backendError', 'platform'],
		[400, 'somethingNew', 'validation'],
		[418, 'somethingNew', 'validation'],
		[502, 'somethingNew', 'platform'],
		[429, 'somethingNew', 'rate-limit'],
	])('makes %i %s a matter of %s', (status, reason, errorClass) => {
		const error = youtubeError(google(status, reason), now, 'Doing it');
		expect(error).toMatchObject({ class: errorClass, code: reason, httpStatus: status, platform: 'youtube' });
		expect(error.message).toContain('Said so.');
	});

	it('says when a full window has room again, for every reason that is about one', () => {
		for (const [reason, row] of Object.entries(youtubeErrors)) {
			if (row.class !== 'quota' && row.class !== 'rate-limit') continue;
			expect(youtubeError(google(403, reason), now, 'x').retryAt!.getTime()).toBeGreaterThan(now.getTime());
		}
	});

	it('waits for midnight Pacific across the end of summer time', () => {
		const night = new Date('2026-11-01T07:30:00Z');
		expect(youtubeError(google(403, 'quotaExceeded'), night, 'x').retryAt).toEqual(
			new Date('2026-11-02T08:00:00Z'),
		);
	});

	it('understands an answer that is no JSON by its status', () => {
		expect(youtubeError(answer(502, '<html>'), now, 'x')).toMatchObject({
			class: 'platform',
			code: 'http-502',
		});
	});

	it('hides a token that YouTube quotes', () => {
		const body = { error: { message: 'Bad header: Bearer ya29.secret-token' } };
		expect(youtubeError(answer(400, body), now, 'x').message).not.toContain('ya29');
	});
});

describe('the error table of X', () => {
	const problem = (status: number, type: string, detail = 'Said so.'): HttpResponse =>
		answer(status, { type, title: 'Title', detail, status });

	it.each([
		[400, 'https://api.x.com/2/problems/invalid-request', 'validation'],
		[401, 'about:blank', 'auth'],
		[402, 'https://api.x.com/2/problems/credits-depleted', 'rejected'],
		[403, 'https://api.x.com/2/problems/client-forbidden', 'auth'],
		[403, 'https://api.x.com/2/problems/user-suspended', 'rejected'],
		[403, 'https://api.x.com/2/problems/usage-capped', 'quota'],
		[429, 'https://api.x.com/2/problems/usage-capped', 'quota'],
		[429, 'about:blank', 'rate-limit'],
		[503, 'about:blank', 'platform'],
		[403, 'about:blank', 'rejected'],
	])('makes %i %s a matter of %s', (status, type, errorClass) => {
		expect(xError(problem(status, type), now, 'Doing it')).toMatchObject({
			class: errorClass,
			httpStatus: status,
		});
	});

	it('knows the duplicate by its sentence, since it carries no type', () => {
		const detail = 'You are not allowed to create a Tweet with duplicate content.';
		expect(xError(problem(403, 'about:blank', detail), now, 'x')).toMatchObject({
			class: 'unknown',
			code: 'duplicate-content',
		});
	});

	it('understands the older shape of errors', () => {
		const body = { errors: [{ code: 88, message: 'Rate limit exceeded' }] };
		expect(xError(answer(429, body), now, 'x')).toMatchObject({ class: 'rate-limit' });
	});

	it('waits a quarter of an hour when a 429 names no reset', () => {
		expect(xError(answer(429, {}), now, 'x').retryAt).toEqual(new Date('2026-11-20T12:15:00Z'));
	});

	it('names the section of the facts that every row comes from', () => {
		for (const row of [...Object.values(xErrors), ...Object.values(youtubeErrors)]) {
			expect(row.facts).toMatch(/^[01234]\.\d/);
		}
	});
});
