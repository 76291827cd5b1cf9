import { someBytes, useSandbox, XClient, type Reply } from './support';

const held = useSandbox();
const client = (account = 'demo', scopes?: string[]): XClient =>
	new XClient(held.sandbox, held.wire, { account, ...(scopes ? { scopes } : {}) });
const HOUR_MS = 3_600_000;

describe('creating a post (facts 4.3)', () => {
	it('answers 201 with a snowflake and the text with t.co links, and journals what was sent', async () => {
		const x = client();
		const done = await x.tweet({ text: 'Look at https://example.com/a/long/path and example.org' });
		expect([done.status, /^\d{18,19}$/.test(done.body.data.id)]).toEqual([201, true]);
		expect(done.body.data.text).toMatch(/^Look at https:\/\/t\.co\/\w{10} and https:\/\/t\.co\/\w{10}$/);
		expect(held.sandbox.journal.posts).toEqual([
			expect.objectContaining({
				network: 'x',
				account: 'demo',
				accountId: x.userId,
				platformPostId: done.body.data.id,
				text: 'Look at https://example.com/a/long/path and example.org',
				url: `${x.baseUrl}/i/status/${done.body.data.id}`,
			}),
		]);
	});

	it.each([
		['an unknown key', { text: 'a', colour: 'red' }],
		['an unknown key inside media', { text: 'a', media: { media_ids: ['1'], alt: 'b' } }],
		['no text and no media', {}],
		['a poll with one option', { text: 'a', poll: { options: ['x'], duration_minutes: 5 } }],
		['an unknown reply setting', { text: 'a', reply_settings: 'everyone' }],
		['five media', { media: { media_ids: ['1', '2', '3', '4', '5'] } }],
	])('refuses %s with problem+json', async (_what, body) => {
		const refused = await client().tweet(body);
		expect(refused.status).toBe(400);
		expect(refused.body).toMatchObject({
			title: 'Invalid Request',
			type: 'https://api.x.com/2/problems/invalid-request',
			errors: [{ message: expect.any(String), parameters: expect.any(Object) }],
		});
		expect(held.sandbox.journal.posts).toEqual([]);
	});

	it.each([
		['280 Latin letters', 'a'.repeat(280), 201],
		['281 Latin letters', 'a'.repeat(281), 403],
		['140 Chinese characters', '字'.repeat(140), 201],
		['141 Chinese characters', '字'.repeat(141), 403],
		['140 family emoji', '👨‍👩‍👧'.repeat(140), 201],
		['a link of 300 characters as 23', `${'a'.repeat(256)} https://example.com/${'b'.repeat(300)}`, 201],
		['two cashtags', '$ABC and $DEF', 403],
		['one cashtag', '$ABC', 201],
	])('weighs %s (facts 4.4)', async (_what, text, status) => {
		expect((await client().tweet({ text })).status).toBe(status);
	});

	it('lets a Premium account write more', async () => {
		held.sandbox.x.account('rich', { isPremium: true });
		expect((await client('rich').tweet({ text: 'a'.repeat(25_000) })).status).toBe(201);
	});

	it('rejects the same text again for a while, in the exact words, but not for another account or once deleted', async () => {
		const x = client();
		const first = await x.tweet({ text: 'Once' });
		const again = await x.tweet({ text: ' Once ' });
		expect(again.status).toBe(403);
		expect(again.body).toMatchObject({
			detail: 'You are not allowed to create a Tweet with duplicate content.',
			type: 'about:blank',
		});
		expect((await client('other').tweet({ text: 'Once' })).status).toBe(201);
		await x.call('DELETE', `/2/tweets/${first.body.data.id}`);
		expect((await x.tweet({ text: 'Once' })).status).toBe(201);
		held.sandbox.clock.advance(HOUR_MS);
		expect((await client().tweet({ text: 'Once' })).status).toBe(201);
	});

	it('does not protect a post of media without words (facts 4.10)', async () => {
		const x = client();
		const media = { media_ids: [await x.media(Buffer.from('89504e470d0a1a0a', 'hex'))] };
		expect([(await x.tweet({ media })).status, (await x.tweet({ media })).status]).toEqual([201, 201]);
	});

	it('allows a reply only to oneself or to whoever addressed the account, and no quotes', async () => {
		const [x, other] = [client(), client('other')];
		const own = (await x.tweet({ text: 'own' })).body.data.id;
		const foreign = (await other.tweet({ text: 'foreign' })).body.data.id;
		const addressed = (await other.tweet({ text: 'hello @demo' })).body.data.id;
		const reply = async (id: string): Promise<number> =>
			(await x.tweet({ text: `re ${id}`, reply: { in_reply_to_tweet_id: id } })).status;
		expect([await reply(own), await reply(foreign), await reply(addressed)]).toEqual([201, 403, 201]);
		expect((await x.tweet({ text: 'q', quote_tweet_id: own })).status).toBe(403);
	});

	it('puts the name in front of a reply to somebody else, and the quoted post behind a quote', async () => {
		const [x, other] = [client(), client('other')];
		held.sandbox.x.account('demo', { isEnterprise: true });
		const addressed = (await other.tweet({ text: 'hello @demo' })).body.data.id;
		const reply = await x.tweet({ text: 'hi', reply: { in_reply_to_tweet_id: addressed } });
		expect(reply.body.data.text).toBe('@other hi');
		const quote = await x.tweet({ text: 'look', quote_tweet_id: addressed });
		expect(quote.body.data.text).toMatch(/^look https:\/\/t\.co\/\w{10}$/);
		const { data } = (await x.get(`/2/tweets/${quote.body.data.id}?tweet.fields=referenced_tweets`)).body;
		expect(data.referenced_tweets).toEqual([{ type: 'quoted', id: addressed }]);
		expect(held.sandbox.journal.posts.map(({ text }) => text)).toEqual(['hello @demo', 'hi', 'look']);
	});
});

describe('finding a post again (facts 4.10)', () => {
	it('shows the post in the timeline when the answer was lost, with its links expanded', async () => {
		const x = client();
		held.sandbox.faults.add({ kind: 'drop-after-effect', method: 'POST', pathPattern: '^/2/tweets$' });
		await expect(x.tweet({ text: 'Lost https://example.com/x & found' })).rejects.toThrow();
		const [post] = held.sandbox.journal.posts;
		const timeline = await x.get(
			`/2/users/${x.userId}/tweets?max_results=5&tweet.fields=created_at,entities`,
		);
		const [found] = timeline.body.data;
		expect(found.id).toBe(post?.platformPostId);
		expect(found.entities.urls[0].expanded_url).toBe('https://example.com/x');
		const [link] = found.entities.urls;
		expect(found.text.replace(link.url, link.expanded_url)).toBe('Lost https://example.com/x &amp; found');
	});

	it('appends the link of the media, with its key', async () => {
		const x = client();
		const media = { media_ids: [await x.media(Buffer.from('89504e470d0a1a0a', 'hex'))] };
		const { id } = (await x.tweet({ text: 'Look', media })).body.data;
		const query = 'tweet.fields=entities,attachments&expansions=attachments.media_keys';
		const { data, includes } = (await x.get(`/2/tweets/${id}?${query}`)).body;
		expect(data.text).toMatch(/^Look https:\/\/t\.co\/\w{10}$/);
		expect(data.entities.urls[0]).toMatchObject({
			media_key: data.attachments.media_keys[0],
			start: 5,
			end: 28,
		});
		expect(includes.media[0]).toMatchObject({ media_key: data.attachments.media_keys[0], type: 'photo' });
	});

	it('lists newest first, in pages, and within bounds', async () => {
		const x = client();
		const ids: string[] = [];
		for (let index = 0; index < 7; index++) {
			ids.unshift((await x.tweet({ text: `post ${index}` })).body.data.id);
			held.sandbox.clock.advance(1000);
		}
		const list = (query: string): Promise<Reply> => x.get(`/2/users/${x.userId}/tweets?${query}`);
		const idsOf = (reply: Reply): string[] => reply.body.data.map((tweet: { id: string }) => tweet.id);
		const first = await list('max_results=5');
		expect([idsOf(first), first.body.meta.result_count]).toEqual([ids.slice(0, 5), 5]);
		const second = await list(`max_results=5&pagination_token=${first.body.meta.next_token}`);
		expect(idsOf(second)).toEqual(ids.slice(5));
		expect(idsOf(await list(`since_id=${ids[2]}`))).toEqual(ids.slice(0, 2));
		const createdAt = (await x.get(`/2/tweets/${ids[1]}?tweet.fields=created_at`)).body.data.created_at;
		expect(idsOf(await list(`start_time=${createdAt}`))).toEqual(ids.slice(0, 2));
		expect((await list('max_results=4')).status).toBe(400);
		for (const broken of ['count=5', 'since_id=x', 'start_time=today', 'pagination_token=x']) {
			expect((await list(broken)).status).toBe(400);
		}
		expect((await list('tweet.fields=colour')).status).toBe(400);
	});

	it('answers an empty timeline without data', async () => {
		const x = client();
		expect((await x.get(`/2/users/${x.userId}/tweets`)).body).toEqual({ meta: { result_count: 0 } });
	});

	it('names posts that do not exist in partial errors beside the others', async () => {
		const x = client();
		const { id } = (await x.tweet({ text: 'here' })).body.data;
		const { data, errors } = (await x.get(`/2/tweets?ids=${id},12345`)).body;
		expect([data.length, errors[0].value, errors[0].type]).toEqual([
			1,
			'12345',
			'https://api.x.com/2/problems/resource-not-found',
		]);
	});
});

describe('numbers (facts 4.9)', () => {
	const FIELDS = 'tweet.fields=public_metrics,non_public_metrics,organic_metrics';

	it('grow with age, and the private ones vanish after 30 days', async () => {
		const { id } = (await client().tweet({ text: 'numbers' })).body.data;
		held.sandbox.clock.advance(HOUR_MS);
		const early = (await client().get(`/2/tweets/${id}?${FIELDS}`)).body.data;
		held.sandbox.clock.advance(24 * HOUR_MS);
		const late = (await client().get(`/2/tweets/${id}?${FIELDS}`)).body.data;
		expect(late.public_metrics.impression_count).toBeGreaterThan(early.public_metrics.impression_count);
		expect(late.non_public_metrics).toMatchObject({ engagements: expect.any(Number), url_link_clicks: 0 });
		held.sandbox.clock.advance(30 * 24 * HOUR_MS);
		const old = (await client().get(`/2/tweets/${id}?${FIELDS}`)).body;
		expect([old.data.non_public_metrics, old.data.organic_metrics]).toEqual([undefined, undefined]);
		expect(old.errors[0].type).toBe('https://api.x.com/2/problems/not-authorized-for-field');
	});

	it('keep the private ones from strangers', async () => {
		const { id } = (await client().tweet({ text: 'mine' })).body.data;
		const seen = (await client('other').get(`/2/tweets/${id}?${FIELDS}`)).body;
		expect([seen.data.non_public_metrics, seen.errors.length]).toEqual([undefined, 2]);
		expect(seen.data.public_metrics).toBeDefined();
	});
});

describe('limits (facts 4.6)', () => {
	it('counts down in the headers of every answer and refuses the 101st post until the reset', async () => {
		const x = client();
		const first = await x.tweet({ text: 'post 0' });
		expect([first.headers['x-rate-limit-limit'], first.headers['x-rate-limit-remaining']]).toEqual([
			'100',
			'99',
		]);
		for (let index = 1; index < 100; index++) await x.tweet({ text: `post ${index}` });
		const refused = await x.tweet({ text: 'one more' });
		expect([refused.status, refused.body.title, refused.headers['x-rate-limit-remaining']]).toEqual([
			429,
			'Too Many Requests',
			'0',
		]);
		expect((await client('other').tweet({ text: 'one more' })).status).toBe(201);
		held.sandbox.clock.setTo(new Date(Number(refused.headers['x-rate-limit-reset']) * 1000));
		expect((await x.tweet({ text: 'one more' })).status).toBe(201);
	});

	it('stands on refused answers too, also on those without a token', async () => {
		const answers = [
			await client().tweet({ bad: 1 }),
			await held.wire.send(`${held.sandbox.x.baseUrl}/2/users/me`),
		];
		expect(answers.map(({ status }) => status)).toEqual([400, 401]);
		for (const { headers } of answers)
			expect(Number(headers['x-rate-limit-reset'])).toBeGreaterThan(1_700_000_000);
	});

	it('shows the app-wide window where it is the tighter one, and the day only when it is told to', async () => {
		const x = client();
		expect((await x.get('/2/tweets/1')).headers['x-rate-limit-limit']).toBe('450');
		expect((await x.tweet({ text: 'a' })).headers['x-app-limit-24hour-limit']).toBeUndefined();
		held.sandbox.x.configure({ showsDayLimits: true });
		expect((await x.tweet({ text: 'b' })).headers['x-app-limit-24hour-limit']).toBe('10000');
	});
});

describe('who may do what (facts 4.1, 4.8)', () => {
	it('needs each scope, credits, and an account in good standing', async () => {
		held.sandbox.x.account('poor', { creditsDepleted: true });
		held.sandbox.x.account('banned', { isSuspended: true });
		const reader = client('demo', ['tweet.read', 'users.read']);
		const refusals = [
			await reader.tweet({ text: 'a' }),
			await client('poor').tweet({ text: 'a' }),
			await client('banned').tweet({ text: 'a' }),
			await reader.call('POST', '/2/media/upload/initialize', { media_type: 'video/mp4', total_bytes: 1 }),
		];
		expect(refusals.map(({ status, body }) => [status, body.type.split('/').at(-1)])).toEqual([
			[403, 'client-forbidden'],
			[402, 'credits-depleted'],
			[403, 'user-suspended'],
			[403, 'client-forbidden'],
		]);
	});

	it('tells who the token belongs to, and deletes only what is its own', async () => {
		const x = client();
		expect((await x.get('/2/users/me')).body.data).toEqual({ id: x.userId, name: 'demo', username: 'demo' });
		const { id } = (await x.tweet({ text: String(someBytes(4).toString('hex')) })).body.data;
		expect((await client('other').call('DELETE', `/2/tweets/${id}`)).status).toBe(403);
		expect((await x.call('DELETE', `/2/tweets/${id}`)).body).toEqual({ data: { deleted: true } });
		expect((await x.get(`/2/tweets/${id}`)).body.data).toBeUndefined();
	});
});
