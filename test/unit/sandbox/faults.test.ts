import { request as httpRequest } from 'node:http';
import { waitFor } from '../../../scripts/stack/wait-for';
import { useSandbox, XClient, YouTubeClient, type Reply } from './support';

const held = useSandbox();
const client = (): XClient => new XClient(held.sandbox, held.wire);
const control = (path: string, json?: unknown): Promise<Reply> =>
	held.wire.send(`${held.sandbox.x.baseUrl}/_sandbox/${path}`, json === undefined ? {} : { json });
const POST_TWEET = { method: 'POST', pathPattern: '^/2/tweets$' } as const;
const postCount = (): number => held.sandbox.journal.posts.length;

describe('faults on command', () => {
	it('answers a status before the effect, in the shape of the network', async () => {
		held.sandbox.faults.add({ kind: 'status', status: 503, ...POST_TWEET });
		const refused = await client().tweet({ text: 'a' });
		expect([refused.status, refused.body.type, postCount()]).toEqual([503, 'about:blank', 0]);
		expect((await client().tweet({ text: 'a' })).status).toBe(201);
	});

	it('answers a status although the effect happened', async () => {
		held.sandbox.faults.add({ kind: 'status-after-effect', status: 502, ...POST_TWEET });
		expect([(await client().tweet({ text: 'a' })).status, postCount()]).toEqual([502, 1]);
	});

	it('drops the connection before the effect, and after it', async () => {
		held.sandbox.faults.add({ kind: 'drop-before', ...POST_TWEET });
		await expect(client().tweet({ text: 'a' })).rejects.toThrow();
		expect(postCount()).toBe(0);
		held.sandbox.faults.add({ kind: 'drop-after-effect', ...POST_TWEET });
		await expect(client().tweet({ text: 'a' })).rejects.toThrow();
		expect(postCount()).toBe(1);
		expect(held.sandbox.journal.requests.map(({ outcome }) => outcome)).toEqual(['dropped', 'dropped']);
	});

	it('lets the first ones pass, strikes as often as ordered, and then no more', async () => {
		held.sandbox.faults.add({ kind: 'status', status: 500, skip: 1, times: 2, ...POST_TWEET });
		const statuses = [];
		for (const text of ['a', 'b', 'c', 'd']) statuses.push((await client().tweet({ text })).status);
		expect(statuses).toEqual([201, 500, 500, 201]);
		expect(held.sandbox.faults.list()).toEqual([]);
	});

	it('waits before it answers when told to', async () => {
		held.sandbox.faults.add({ kind: 'delay', delayMs: 80 });
		const startedAt = performance.now();
		await client().get('/2/users/me');
		expect(performance.now() - startedAt).toBeGreaterThanOrEqual(75);
	});

	it('has done it before the late answer comes', async () => {
		held.sandbox.faults.add({ kind: 'delay-after-effect', delayMs: 60_000, ...POST_TWEET });
		const answer = client()
			.tweet({ text: 'late' })
			.then(
				() => 'answered',
				() => 'cut',
			);
		await waitFor(() => (postCount() === 1 ? true : undefined), { deadlineMs: 20_000, pollMs: 10 });
		expect(postCount()).toBe(1);
		expect(held.sandbox.journal.requests.at(-1)?.outcome).toBe('open');
		await held.sandbox.stop();
		await expect(answer).resolves.toBe('cut');
	});

	it('lets quota run out where it is charged', async () => {
		held.sandbox.faults.add({ kind: 'quota-left', left: 1, ...POST_TWEET });
		const statuses = [
			(await client().tweet({ text: 'a' })).status,
			(await client().tweet({ text: 'b' })).status,
		];
		expect(statuses).toEqual([201, 429]);
		expect((await client().get('/2/users/me')).status).toBe(200);
	});

	it('gives a 429 its reset, and an own header where one is wanted', async () => {
		held.sandbox.faults.add({ kind: 'status', status: 429, responseHeaders: { 'retry-after': '7' } });
		const { headers } = await client().get('/2/users/me');
		expect([headers['retry-after'], headers['x-rate-limit-remaining']]).toEqual(['7', '0']);
		expect(Number(headers['x-rate-limit-reset']) * 1000).toBeGreaterThan(held.sandbox.clock.nowMs());
	});

	it("speaks YouTube's language on YouTube", async () => {
		held.sandbox.faults.add({ kind: 'status', status: 403, reason: 'quotaExceeded', network: 'youtube' });
		expect((await client().get('/2/users/me')).status).toBe(200);
		const refused = await new YouTubeClient(held.sandbox, held.wire).start(10);
		expect(refused.body.error.errors[0].reason).toBe('quotaExceeded');
	});
});

describe('what is no request at all', () => {
	it.each(['//', '/%', '/2/tweets/%E0%A4%A'])(
		'the path %s is answered like any unknown one',
		async (path) => {
			const { hostname, port } = new URL(held.sandbox.youtube.baseUrl);
			const status = await new Promise((resolve, reject) => {
				httpRequest({ hostname, port, path }, (response) => resolve(response.resume().statusCode))
					.on('error', reject)
					.end();
			});
			expect(status).toBe(404);
			expect(held.sandbox.journal.unexpected).toMatchObject([{ why: 'unknown path' }]);
		},
	);
});

describe('the control plane', () => {
	it('orders faults, moves the clock and issues tokens over HTTP as in process', async () => {
		const added = await control('faults', { add: { kind: 'status', status: 500, times: 'always' } });
		expect(added.body.faults).toMatchObject([{ kind: 'status', network: 'x' }]);
		expect((await client().get('/2/users/me')).status).toBe(500);
		expect((await new YouTubeClient(held.sandbox, held.wire).start(10)).status).toBe(200);
		expect((await control('faults', { clear: true })).body.faults).toEqual([]);

		const before = held.sandbox.clock.nowMs();
		await control('clock', { advanceMs: 3_600_000 });
		expect(held.sandbox.clock.nowMs() - before).toBeGreaterThanOrEqual(3_600_000);

		const tokens = (await control('tokens', { account: 'http', expiresInSeconds: 60 })).body;
		const me = await held.wire.send(`${held.sandbox.x.baseUrl}/2/users/me`, { token: tokens.accessToken });
		expect(me.body.data).toMatchObject({ id: tokens.accountId, username: 'http' });
		held.sandbox.clock.advance(60_000);
		expect(
			(await held.wire.send(`${held.sandbox.x.baseUrl}/2/users/me`, { token: tokens.accessToken })).status,
		).toBe(401);
	});

	it('shows the journal and does not record itself', async () => {
		await client().tweet({ text: 'hello' });
		expect((await control('journal')).body).toMatchObject({ posts: [{ text: 'hello' }], unexpected: [] });
		expect((await control('journal?network=youtube')).body.posts).toEqual([]);
		const { requests } = (await control('requests')).body;
		expect(requests).toMatchObject([{ method: 'POST', path: '/2/tweets', status: 201, outcome: 'answered' }]);
		expect(requests[0].headers.authorization).toMatch(/^redacted-/);
	});

	it('says what is wrong with an order that it does not understand', async () => {
		const refused = await control('faults', { add: { kind: 'status', stat: 500 } });
		expect([refused.status, refused.body.sandbox]).toEqual([400, expect.stringContaining('"stat"')]);
		expect((await control('settings', { unknown: 1 })).status).toBe(400);
		expect((await control('nonsense')).status).toBe(404);
	});
});

it('lets no time pass by itself once its time is held, and moves it as ordered', async () => {
	const { clock } = held.sandbox;
	clock.holdAt('2026-12-31T23:59:59Z');
	const startedMs = Date.now();
	while (Date.now() === startedMs) await new Promise(setImmediate);
	expect(clock.nowIso()).toBe('2026-12-31T23:59:59.000Z');
	clock.advance(1_000);
	expect(clock.nowIso()).toBe('2027-01-01T00:00:00.000Z');
	clock.setTo('2026-03-01T00:00:00Z');
	expect(clock.nowIso()).toBe('2026-03-01T00:00:00.000Z');
});

describe('pages', () => {
	it('say that nothing is public, list the posts, and show each of them without running its text', async () => {
		const video = {
			snippet: { title: 'Tom & "Jerry"', categoryId: '22' },
			status: { privacyStatus: 'public' },
		};
		const id = await new YouTubeClient(held.sandbox, held.wire).upload(video);
		const tweet = (await client().tweet({ text: '<script>alert(1)</script>' })).body.data.id;
		const label = (network: string): string =>
			`StackKraft sandbox — pretend ${network}, nothing here is public`;
		const base = held.sandbox.youtube.baseUrl;
		const list = await held.wire.send(`${base}/`);
		expect(list.body).toContain(label('YouTube'));
		expect(list.body).toContain(`${base}/watch?v&#61;${id}`.replace('&#61;', '='));
		expect((await held.wire.send(`${base}/watch?v=${id}`)).body).toContain('Tom &#38; &#34;Jerry&#34;');
		const page = await held.wire.send(`${held.sandbox.x.baseUrl}/demo/status/${tweet}`);
		expect(page.body).toContain(label('X'));
		expect(page.body).not.toContain('<script>');
	});
});
