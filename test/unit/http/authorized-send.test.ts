import { authorizedSend, patientSend, redact } from '../../../lib/http';
import {
	TransportError,
	type Clock,
	type HttpRequest,
	type HttpResponse,
} from '../../../lib/publishing/ports';

const signal = new AbortController().signal;

function answering(...statuses: number[]) {
	const seen: HttpRequest[] = [];
	return {
		seen,
		send: async (message: HttpRequest): Promise<HttpResponse> => {
			seen.push(message);
			return { status: statuses[seen.length - 1] ?? 200, headers: {}, bodyText: '' };
		},
	};
}

describe('authorizedSend', () => {
	const authorizer = { getToken: async () => 'old', refreshToken: async (stale: string) => `${stale}-new` };

	it('builds the request anew after a 401, with the new token', async () => {
		const http = answering(401, 200);
		let built = 0;
		const answer = await authorizedSend({ http, authorizer, signal }, () => ({
			method: 'GET',
			url: 'http://x',
			deadlineMs: 1,
			body: `body ${++built}`,
		}));
		expect(answer.status).toBe(200);
		expect(http.seen.map(({ headers, body }) => [headers?.['authorization'], body])).toEqual([
			['Bearer old', 'body 1'],
			['Bearer old-new', 'body 2'],
		]);
	});

	it('never sends a third time', async () => {
		const http = answering(401, 401, 200);
		const answer = await authorizedSend({ http, authorizer, signal }, () => ({
			method: 'GET',
			url: 'http://x',
			deadlineMs: 1,
		}));
		expect([answer.status, http.seen.length]).toEqual([401, 2]);
	});
});

describe('patientSend', () => {
	const slept: number[] = [];
	const clock: Clock = { now: () => new Date(0), sleep: async (delayMs) => void slept.push(delayMs) };
	beforeEach(() => slept.splice(0));

	it('repeats what passes by itself, and no more often than it may', async () => {
		const http = answering(503, 503, 503, 200);
		const send = async (): Promise<HttpResponse> => http.send({ method: 'GET', url: '', deadlineMs: 1 });
		expect((await patientSend({ clock, signal }, send)).status).toBe(503);
		expect(http.seen).toHaveLength(3);
		expect(slept).toEqual([500, 1000]);
	});

	it('repeats no refusal', async () => {
		const http = answering(404);
		await patientSend({ clock, signal }, async () => http.send({ method: 'GET', url: '', deadlineMs: 1 }));
		expect(http.seen).toHaveLength(1);
	});

	it('leaves a wait that is longer than a pause to its caller', async () => {
		let sent = 0;
		const answer = await patientSend({ clock, signal }, async () => {
			sent++;
			return { status: 503, headers: { 'retry-after': '120' }, bodyText: '' };
		});
		expect([answer.status, sent, slept]).toEqual([503, 1, []]);
	});

	it('repeats after a broken line, and gives its last failure', async () => {
		let sent = 0;
		const failing = patientSend({ clock, signal }, async () => {
			throw new TransportError(`broken ${++sent}`, true);
		});
		await expect(failing).rejects.toThrow('broken 3');
	});
});

describe('redact', () => {
	it.each([
		['Authorization: Bearer abc.def-123', 'abc.def'],
		['{"access_token":"abcdef","x":1}', 'abcdef'],
		['refresh_token=abcdef&x=1', 'abcdef'],
		['see https://host/path?upload_id=abcdef now', 'abcdef'],
		['URL with credentials: http://planted:abcdef@host/v1', 'abcdef'],
		['URL with credentials: http://planted:abcdef@host/v1', 'planted'],
		['Malformed access token EAAGm0PX4ZCpsBAKZBzabcdef', 'abcdef'],
	])('hides the secret in %s', (text, secret) => {
		expect(redact(text)).not.toContain(secret);
	});

	it('keeps the words that a person needs', () => {
		expect(redact('Title is too long, see https://host/help')).toBe(
			'Title is too long, see https://host/help',
		);
		const expired = 'Error validating access token: Session has expired on Tuesday.';
		expect(redact(expired)).toBe(expired);
	});
});
