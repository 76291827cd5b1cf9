// Facts 7 and 3.5, against the pretend Threads itself.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sha256, someBytes, useSandbox, type Reply } from './support';

const held = useSandbox({ networks: ['threads'] });
const REDIRECT = 'http://localhost:5678/rest/oauth2-credential/callback';
const HOUR_MS = 3_600_000;
const bytes = someBytes(50_000);

let media: Server;
let mediaUrl: string;
const fetched: string[] = [];

beforeAll(async () => {
	media = createServer((request, response) => {
		fetched.push(`${request.method} ${request.url}`);
		const types: Record<string, string> = {
			'/clip.mp4': 'video/mp4',
			'/page.mp4': 'text/html',
			'/cat.jpg': 'image/jpeg',
		};
		const type = types[request.url ?? ''];
		if (request.url === '/moved.mp4') response.writeHead(302, { location: '/clip.mp4' }).end();
		else if (type === undefined) response.writeHead(404).end();
		else response.writeHead(200, { 'content-type': type }).end(bytes);
	});
	await new Promise<void>((resolve) => void media.listen(0, '127.0.0.1', resolve));
	mediaUrl = `http://127.0.0.1:${(media.address() as AddressInfo).port}`;
});

afterAll(async () => {
	await new Promise((resolve) => media.close(resolve));
});

class ThreadsClient {
	private readonly issued = held.sandbox.threads.issueTokens({ account: 'tester' });
	readonly userId = this.issued.accountId;

	constructor(readonly token = '') {
		this.token = token || this.issued.accessToken;
	}

	get(path: string): Promise<Reply> {
		return held.wire.send(held.sandbox.threads.baseUrl + path, { token: this.token });
	}

	post(path: string, form: Record<string, string>): Promise<Reply> {
		return held.wire.send(held.sandbox.threads.baseUrl + path, { token: this.token, form });
	}

	create(form: Record<string, string>): Promise<Reply> {
		return this.post(`/v1.0/${this.userId}/threads`, form);
	}

	publish(id: string): Promise<Reply> {
		return this.post(`/v1.0/${this.userId}/threads_publish`, { creation_id: id });
	}

	status(id: string): Promise<Reply> {
		return this.get(`/v1.0/${id}?fields=status,error_message`);
	}

	async text(text: string): Promise<string> {
		const { body } = await this.create({ media_type: 'TEXT', text });
		return (await this.publish(body.id as string)).body.id as string;
	}
}

function expectError(reply: Reply, code: number, subcode?: number): void {
	expect({ status: reply.status, ...reply.body.error }).toMatchObject({
		status: 400,
		type: 'OAuthException',
		code,
		...(subcode === undefined ? {} : { error_subcode: subcode }),
	});
}

describe('containers (facts 7.2)', () => {
	it('fetches the media itself, and publishes what it fetched', async () => {
		const client = new ThreadsClient();
		const { body } = await client.create({
			media_type: 'VIDEO',
			video_url: `${mediaUrl}/clip.mp4`,
			text: 'Hi',
		});
		expect((await client.status(body.id)).body.status).toBe('IN_PROGRESS');
		expectError(await client.publish(body.id), 24, 4_279_009);
		held.sandbox.clock.advance(2_000);
		expect((await client.status(body.id)).body).toEqual({ id: body.id, status: 'FINISHED' });
		const published = await client.publish(body.id);
		expect(published.status).toBe(200);
		expect(published.body.id).not.toBe(body.id);
		expect((await client.status(body.id)).body.status).toBe('PUBLISHED');
		expect(held.sandbox.journal.posts).toMatchObject([
			{ text: 'Hi', mediaSha256: sha256(bytes), mediaSizeBytes: bytes.length, visibility: 'public' },
		]);
	});

	it.each(['moved.mp4', 'page.mp4', 'absent.mp4'])('says ERROR when it cannot fetch %s', async (file) => {
		const client = new ThreadsClient();
		const { body } = await client.create({ media_type: 'VIDEO', video_url: `${mediaUrl}/${file}` });
		held.sandbox.clock.advance(2_000);
		expect((await client.status(body.id)).body).toMatchObject({
			status: 'ERROR',
			error_message: 'FAILED_DOWNLOADING_VIDEO',
		});
	});

	it('publishes a container once', async () => {
		const client = new ThreadsClient();
		const { body } = await client.create({ media_type: 'TEXT', text: 'Once' });
		expect((await client.publish(body.id)).status).toBe(200);
		expectError(await client.publish(body.id), 24, 4_279_009);
		expect(held.sandbox.journal.posts).toHaveLength(1);
	});

	it('forgets a container after 24 hours', async () => {
		const client = new ThreadsClient();
		const { body } = await client.create({ media_type: 'TEXT', text: 'Old' });
		held.sandbox.clock.advance(24 * HOUR_MS);
		expect((await client.status(body.id)).body.status).toBe('EXPIRED');
		expectError(await client.publish(body.id), 24, 4_279_009);
	});

	it.each([
		['no media type', { text: 'x' }],
		['an unknown media type', { media_type: 'STORY', text: 'x' }],
		['a video without an address', { media_type: 'VIDEO' }],
		['a text without words', { media_type: 'TEXT' }],
		['an image address with a video', { media_type: 'VIDEO', image_url: 'https://example.com/a.jpg' }],
		['an unknown reply control', { media_type: 'TEXT', text: 'x', reply_control: 'nobody' }],
		['a topic with a dot', { media_type: 'TEXT', text: 'x', topic_tag: 'a.b' }],
		['an unknown parameter', { media_type: 'TEXT', text: 'x', caption: 'y' }],
		['501 characters', { media_type: 'TEXT', text: 'x'.repeat(501) }],
		['126 emoji', { media_type: 'TEXT', text: '🎬'.repeat(126) }],
		[
			'words of an item',
			{ media_type: 'IMAGE', image_url: 'http://a/b.jpg', is_carousel_item: 'true', text: 'x' },
		],
		['a text as an item', { media_type: 'TEXT', is_carousel_item: 'true' }],
		['a carousel without items', { media_type: 'CAROUSEL', text: 'x' }],
		['a carousel of one', { media_type: 'CAROUSEL', children: '1' }],
		[
			'a carousel of 21',
			{ media_type: 'CAROUSEL', children: Array.from({ length: 21 }, () => '1').join(',') },
		],
		['items that are no carousel', { media_type: 'TEXT', text: 'x', children: '1,2' }],
		['hidden words', { media_type: 'TEXT', text: 'x', is_spoiler_media: 'true' }],
		['a reply to nothing', { media_type: 'TEXT', text: 'x', reply_to_id: '123' }],
		['a poll of one', { media_type: 'TEXT', text: 'x', poll_attachment: '{"option_a":"Yes"}' }],
		['a poll that is no JSON', { media_type: 'TEXT', text: 'x', poll_attachment: 'Yes,No' }],
		['a poll about a video', { media_type: 'VIDEO', video_url: 'http://a/b.mp4', poll_attachment: '{}' }],
	])('refuses %s (facts 7.2, 7.3)', async (_, form) => {
		expectError(await new ThreadsClient().create(form as unknown as Record<string, string>), 100);
	});

	it('takes 500 characters, and 125 emoji of four bytes (facts 7.3)', async () => {
		const client = new ThreadsClient();
		for (const text of ['ä'.repeat(500), '🎬'.repeat(125)]) {
			expect((await client.create({ media_type: 'TEXT', text })).status).toBe(200);
		}
	});

	it('counts six links, the attached one included, as one too many (facts 7.3)', async () => {
		const links = Array.from({ length: 5 }, (_, index) => `https://example.com/${index}`).join(' ');
		const form = { media_type: 'TEXT', text: links };
		const client = new ThreadsClient();
		expect((await client.create(form)).status).toBe(200);
		const refused = await client.create({ ...form, link_attachment: 'https://example.com/more' });
		expect(refused.body.error.message).toContain('THREADS_API__LINK_LIMIT_EXCEEDED');
	});

	it('acts for nobody else', async () => {
		const client = new ThreadsClient();
		const other = held.sandbox.threads.issueTokens({ account: 'other' }).accessToken;
		const { body } = await client.create({ media_type: 'TEXT', text: 'Mine' });
		expectError(await new ThreadsClient(other).create({ media_type: 'TEXT', text: 'x' }), 100, 33);
		expectError(await new ThreadsClient(other).status(body.id), 100, 33);
	});
});

describe('carousels and replies (facts 7.2, 7.3)', () => {
	it('puts finished items together, and shows none of them alone', async () => {
		const client = new ThreadsClient();
		const items: string[] = [];
		for (const file of ['cat.jpg', 'clip.mp4']) {
			const [type, name] = file.endsWith('.jpg') ? ['IMAGE', 'image_url'] : ['VIDEO', 'video_url'];
			const form = { media_type: type ?? '', [name ?? '']: `${mediaUrl}/${file}`, is_carousel_item: 'true' };
			items.push((await client.create(form)).body.id as string);
		}
		const carousel = { media_type: 'CAROUSEL', children: items.join(','), text: 'Both' };
		expectError(await client.create(carousel), 24, 4_279_009);
		held.sandbox.clock.advance(2_000);
		expectError(await client.publish(items[0] ?? ''), 100);
		const { id } = (await client.create(carousel)).body;
		held.sandbox.clock.advance(2_000);
		const postId = (await client.publish(id)).body.id;
		expect(held.sandbox.journal.posts.map(({ text, media: shown }) => [text, shown.length])).toEqual([
			['Both', 2],
		]);
		expect((await client.get(`/v1.0/${postId}?fields=media_type`)).body.media_type).toBe('CAROUSEL_ALBUM');
	});

	it('lists replies apart from posts, and counts them apart', async () => {
		const client = new ThreadsClient();
		const question = await client.text('Question');
		const reply = { media_type: 'TEXT', text: 'Answer', reply_to_id: question };
		const { id } = (await client.create(reply)).body;
		const answer = (await client.publish(id)).body.id;
		const listed = async (edge: string): Promise<unknown> =>
			(await client.get(`/v1.0/${client.userId}/${edge}?fields=id`)).body.data;
		expect(await listed('threads')).toEqual([{ id: question }]);
		expect(await listed('replies')).toEqual([{ id: answer }]);
		const { data } = (
			await client.get(`/v1.0/${client.userId}/threads_publishing_limit?fields=quota_usage,reply_quota_usage`)
		).body;
		expect(data).toEqual([{ quota_usage: 1, reply_quota_usage: 1 }]);
	});

	it('lets nobody reply who may not', async () => {
		const question = await new ThreadsClient().text('Question');
		const scopes = ['threads_basic', 'threads_content_publish'];
		const { accessToken } = held.sandbox.threads.issueTokens({ account: 'tester', scopes });
		const client = new ThreadsClient(accessToken);
		expectError(await client.create({ media_type: 'TEXT', text: 'x', reply_to_id: question }), 10);
		expectError(await client.get(`/v1.0/${client.userId}/replies`), 10);
	});
});

describe('posts (facts 7.2, 7.3, 7.5, 7.6)', () => {
	it('lists the newest first, by pages, from a time on', async () => {
		const client = new ThreadsClient();
		for (const text of ['One', 'Two', 'Three']) {
			await client.text(text);
			held.sandbox.clock.advance(60_000);
		}
		const list = (query: string) => client.get(`/v1.0/${client.userId}/threads?fields=text&${query}`);
		const first = await list('limit=2');
		expect(first.body.data.map(({ text }: { text: string }) => text)).toEqual(['Three', 'Two']);
		const rest = await list(`limit=2&after=${first.body.paging.cursors.after}`);
		expect(rest.body.data.map(({ text }: { text: string }) => text)).toEqual(['One']);
		const sinceSec = Math.floor(held.sandbox.clock.nowMs() / 1000) - 90;
		expect((await list(`since=${sinceSec}`)).body.data).toHaveLength(1);
	});

	it('shows a post at its permalink, labelled as pretend', async () => {
		const client = new ThreadsClient();
		const id = await client.text('Look at me');
		const { body } = await client.get(`/v1.0/${id}?fields=id,permalink,timestamp,media_type`);
		expect(body.media_type).toBe('TEXT_POST');
		expect(body.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000$/);
		const page = await held.wire.send(body.permalink);
		expect(page.status).toBe(200);
		expect(page.body).toContain('pretend Threads');
		expect(held.sandbox.journal.posts[0]!.url).toBe(body.permalink);
	});

	it('counts 250 posts in rolling 24 hours', async () => {
		const client = new ThreadsClient();
		await client.text('First');
		const limit = (
			await client.get(`/v1.0/${client.userId}/threads_publishing_limit?fields=quota_usage,config`)
		).body;
		expect(limit.data[0]).toEqual({ quota_usage: 1, config: { quota_total: 250, quota_duration: 86_400 } });
		held.sandbox.faults.add({ kind: 'quota-left', left: 0, pathPattern: 'threads_publish$' });
		const { body } = await client.create({ media_type: 'TEXT', text: 'Second' });
		expectError(await client.publish(body.id), 613);
	});

	it('gives the six numbers, and fails the whole call for an unknown one', async () => {
		const client = new ThreadsClient();
		const id = await client.text('Numbers');
		held.sandbox.clock.advance(HOUR_MS);
		const good = await client.get(`/v1.0/${id}/insights?metric=views,likes,replies,reposts,quotes,shares`);
		expect(good.body.data.map(({ name }: { name: string }) => name)).toHaveLength(6);
		expect(good.body.data[0].values[0].value).toBeGreaterThan(0);
		expectError(await client.get(`/v1.0/${id}/insights?metric=views,impressions`), 100);
		expectError(await client.get('/v1.0/170000000000000001/insights?metric=views'), 100, 33);
	});
});

describe('tokens (facts 7.1)', () => {
	const query = {
		client_id: 'sandbox-threads-app',
		redirect_uri: REDIRECT,
		scope: 'threads_basic,threads_content_publish',
		response_type: 'code',
		state: 'abc',
	};
	const at = (path: string, parameters: Record<string, string>): Promise<Reply> =>
		held.wire.send(`${held.sandbox.threads.baseUrl}${path}?${new URLSearchParams(parameters).toString()}`);

	async function shortLived(): Promise<Reply> {
		const consent = await at('/oauth/authorize', query);
		const code = new URL(consent.headers['location'] as string).searchParams.get('code') as string;
		return await held.wire.send(`${held.sandbox.threads.baseUrl}/oauth/access_token`, {
			form: {
				client_id: query.client_id,
				client_secret: 'sandbox-threads-secret',
				code,
				grant_type: 'authorization_code',
				redirect_uri: REDIRECT,
			},
		});
	}
	const exchange = (token: string): Promise<Reply> =>
		at('/access_token', {
			grant_type: 'th_exchange_token',
			client_secret: 'sandbox-threads-secret',
			access_token: token,
		});
	const refresh = (token: string): Promise<Reply> =>
		at('/refresh_access_token', { grant_type: 'th_refresh_token', access_token: token });

	it('gives a token of one hour and the user id, and nothing to refresh it with', async () => {
		const { status, body } = await shortLived();
		expect(status).toBe(200);
		expect(Object.keys(body).sort()).toEqual(['access_token', 'user_id']);
		held.sandbox.clock.advance(HOUR_MS);
		expectError(await at('/v1.0/me', { fields: 'id', access_token: body.access_token }), 190, 463);
	});

	it('exchanges it for one of 60 days, which refreshes itself from the age of a day on', async () => {
		const { body } = await exchange((await shortLived()).body.access_token);
		expect(body).toMatchObject({ token_type: 'bearer', expires_in: 5_184_000 });
		expectError(await refresh(body.access_token), 100);
		held.sandbox.clock.advance(25 * HOUR_MS);
		const renewed = await refresh(body.access_token);
		expect(renewed.body.access_token).not.toBe(body.access_token);
		held.sandbox.clock.advance(59 * 24 * HOUR_MS);
		expect((await at('/v1.0/me', { access_token: renewed.body.access_token })).status).toBe(200);
		held.sandbox.clock.advance(2 * 24 * HOUR_MS);
		expectError(await refresh(renewed.body.access_token), 190, 463);
	});

	it('refuses a token without the scope, and a consent without threads_basic', async () => {
		const { accessToken } = held.sandbox.threads.issueTokens({
			account: 'tester',
			scopes: ['threads_basic'],
		});
		expectError(await new ThreadsClient(accessToken).create({ media_type: 'TEXT', text: 'x' }), 10);
		expect((await at('/oauth/authorize', { ...query, scope: 'threads_content_publish' })).status).toBe(400);
	});
});
