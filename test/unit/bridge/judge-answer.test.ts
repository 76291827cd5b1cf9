import fc from 'fast-check';
import { judgeAnswer, judgeFailure } from '../../../lib/bridge/judge-answer';
import { TransportError } from '../../../lib/publishing/ports';

const now = new Date('2026-11-20T10:00:00Z');

function judge(status: number, bodyText = '{}', headers: Record<string, string> = {}) {
	return judgeAnswer({ status, headers, bodyText }, now);
}

describe('an answer lets the message go', () => {
	it.each([
		['the last node’s first item', 200, '{"postId":"1"}'],
		['all items of the last node', 200, '[{"a":1}]'],
		['an empty list of items', 200, '[]'],
		['a status that the workflow chose', 201, '{"message":"created"}'],
	])('when it is %s', (_what, status, body) => {
		expect(judge(status, body)).toEqual({ kind: 'done' });
	});

	it('only when it is 2xx and JSON, whatever else comes', () => {
		const body = fc.oneof(fc.string(), fc.json(), fc.constant(''), fc.constant('<html></html>'));
		fc.assert(
			fc.property(fc.integer({ min: 100, max: 599 }), body, (status, bodyText) => {
				if (judge(status, bodyText).kind !== 'done') return;
				expect(Math.floor(status / 100)).toBe(2);
				expect(() => void JSON.parse(bodyText)).not.toThrow();
			}),
		);
	});
});

describe('an answer that comes before the work is done', () => {
	it.each([
		['n8n’s immediate answer', '{"message":"Workflow was started"}'],
		['nothing', ' '],
		['a text that somebody chose for the immediate answer', 'thanks'],
	])('is refused when it is %s', (_what, body) => {
		expect(judge(200, body)).toMatchObject({
			kind: 'misconfigured',
			reason: expect.stringContaining('When Last Node Finishes'),
		});
	});

	it('is no finished workflow when n8n says success and had no run', () => {
		const body = '{"message":"Workflow executed successfully but no data was returned"}';
		expect(judge(200, body)).toMatchObject({ kind: 'retry', errorClass: 'not-run' });
	});
});

describe('a webhook that is away', () => {
	it.each([301, 302, 401, 403, 404, 405, 429, 503])('keeps the message’s attempts on %i', (status) => {
		expect(judge(status)).toMatchObject({ kind: 'unavailable', isCertain: true });
	});

	it('is a login page in front of n8n, however successful it looks', () => {
		const answer = judge(200, '<html>Sign in</html>', { 'content-type': 'text/html; charset=utf-8' });
		expect(answer).toMatchObject({ kind: 'unavailable' });
	});

	it('is a proxy without n8n, and only probably', () => {
		expect(judge(502)).toMatchObject({ kind: 'unavailable', isCertain: false });
	});

	it('says when to come again, in seconds or as a date', () => {
		const inSeconds = judge(429, '', { 'retry-after': '30' });
		expect(inSeconds).toMatchObject({ notBefore: new Date('2026-11-20T10:00:30Z') });
		const asDate = judge(503, '', { 'retry-after': 'Fri, 20 Nov 2026 10:05:00 GMT' });
		expect(asDate).toMatchObject({ notBefore: new Date('2026-11-20T10:05:00Z') });
	});

	it('was never reached, when the request surely did not leave', () => {
		expect(judgeFailure(new TransportError('refused', false))).toMatchObject({ kind: 'unavailable' });
		expect(judgeFailure(new TransportError('cut', true))).toMatchObject({
			kind: 'retry',
			errorClass: 'no-answer',
		});
	});

	it('is not what our own mistake looks like', () => {
		expect(() => judgeFailure(new TypeError('ours'))).toThrow('ours');
	});
});

it.each([
	[500, { kind: 'retry', errorClass: 'workflow-error' }],
	[504, { kind: 'retry', errorClass: 'no-answer' }],
	[400, { kind: 'retry', errorClass: 'workflow-error' }],
	[413, { kind: 'dead', errorClass: 'too-large' }],
	[422, { kind: 'dead', errorClass: 'rejected' }],
])('%i is a verdict about the message', (status, verdict) => {
	expect(judge(status, '{"message":"Error in workflow"}')).toMatchObject(verdict);
});

it('never quotes what the webhook said, because it may say what it was sent', () => {
	const statuses = [200, 201, 302, 400, 401, 404, 413, 422, 429, 500, 502, 503, 504];
	for (const status of statuses) {
		for (const body of ['pl4nted', '{"message":"pl4nted"}', '<html>pl4nted</html>']) {
			expect(JSON.stringify(judge(status, body))).not.toContain('pl4nted');
		}
	}
});
