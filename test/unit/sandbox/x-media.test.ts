import { FormData } from 'undici';
import { sha256, someBytes, useSandbox, XClient } from './support';

const held = useSandbox();
const client = (account = 'demo'): XClient => new XClient(held.sandbox, held.wire, { account });
const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), someBytes(2000)]);

describe('chunked media upload (facts 4.2)', () => {
	it('takes segments in any order and twice, and the post carries the hash of the whole', async () => {
		held.sandbox.x.configure({ processingMs: 0 });
		const x = client();
		const file = someBytes(2_500_000);
		const parts = [0, 1, 2].map((index) => file.subarray(index * 1_000_000, (index + 1) * 1_000_000));
		const mediaId = await x.initialize(file.length);
		for (const index of [2, 0, 1, 0]) {
			const appended = await x.append(mediaId, index, parts[index] as Buffer);
			expect([appended.status, typeof appended.body.data.expires_at]).toEqual([200, 'number']);
		}
		const done = await x.finalize(mediaId);
		expect(done.body.data).toMatchObject({ id: mediaId, media_key: `13_${mediaId}`, size: file.length });
		expect((await x.tweet({ text: 'hi', media: { media_ids: [mediaId] } })).status).toBe(201);
		expect(held.sandbox.journal.posts[0]).toMatchObject({
			mediaSha256: sha256(file),
			mediaSizeBytes: file.length,
		});
	});

	it('survives a boundary-like content: any bytes may stand in a segment', async () => {
		const x = client();
		const file = Buffer.concat([
			Buffer.from('\r\n--\r\n------formdata'),
			someBytes(300),
			Buffer.from('\r\n--'),
		]);
		held.sandbox.x.configure({ processingMs: 0 });
		const mediaId = await x.media(file, 'video/mp4', 'tweet_video');
		await x.tweet({ media: { media_ids: [mediaId] } });
		expect(held.sandbox.journal.posts[0]?.mediaSha256).toBe(sha256(file));
	});

	it('refuses to finalize while a segment is missing or the size is not the announced one', async () => {
		const x = client();
		const withGap = await x.initialize(10);
		await x.append(withGap, 1, someBytes(10));
		expect((await x.finalize(withGap)).status).toBe(400);
		const mediaId = await x.initialize(20);
		await x.append(mediaId, 1, someBytes(10));
		expect((await x.finalize(mediaId)).body.detail).toBe(
			'One or more parameters to your request was invalid.',
		);
		await x.append(mediaId, 0, someBytes(9));
		expect((await x.finalize(mediaId)).status).toBe(400);
		await x.append(mediaId, 0, someBytes(10));
		expect((await x.finalize(mediaId)).status).toBe(200);
		expect((await x.finalize(mediaId)).status).toBe(200);
		expect((await x.append(mediaId, 0, someBytes(10))).status).toBe(400);
	});

	it('stores nothing of a segment whose connection was cut', async () => {
		const x = client();
		const mediaId = await x.initialize(500_000);
		held.sandbox.faults.add({ kind: 'cut-body-after-bytes', bytes: 100_000, pathPattern: 'append$' });
		await expect(x.append(mediaId, 0, someBytes(500_000))).rejects.toThrow();
		expect((await x.finalize(mediaId)).status).toBe(400);
		expect((await x.append(mediaId, 0, someBytes(500_000))).status).toBe(200);
		expect((await x.finalize(mediaId)).status).toBe(200);
	});

	it('works on a video after finalize: pending, in_progress, succeeded', async () => {
		held.sandbox.x.configure({ processingMs: 20_000 });
		const x = client();
		const mediaId = await x.initialize(10);
		await x.append(mediaId, 0, someBytes(10));
		const states = [(await x.finalize(mediaId)).body.data.processing_info];
		held.sandbox.clock.advance(10_000);
		states.push((await x.status(mediaId)).body.data.processing_info);
		expect((await x.tweet({ text: 'too early', media: { media_ids: [mediaId] } })).status).toBe(400);
		held.sandbox.clock.advance(10_000);
		states.push((await x.status(mediaId)).body.data.processing_info);
		expect(states).toEqual([
			{ state: 'pending', check_after_secs: expect.any(Number) },
			{ state: 'in_progress', check_after_secs: expect.any(Number), progress_percent: expect.any(Number) },
			{ state: 'succeeded', progress_percent: 100 },
		]);
	});

	it('fails processing on command and refuses the failed medium', async () => {
		held.sandbox.x.configure({ processingMs: 0 });
		held.sandbox.faults.add({ kind: 'fail-processing', reason: 'InvalidMedia', pathPattern: 'finalize$' });
		const x = client();
		const mediaId = await x.media(someBytes(10), 'video/mp4', 'tweet_video');
		const info = (await x.status(mediaId)).body.data.processing_info;
		expect(info).toMatchObject({ state: 'failed', error: { name: 'InvalidMedia' } });
		expect((await x.tweet({ text: 'no', media: { media_ids: [mediaId] } })).status).toBe(400);
	});

	it('forgets a medium 24 hours after finalize', async () => {
		const mediaId = await client().media(PNG);
		held.sandbox.clock.advance(24 * 3_600_000);
		expect((await client().tweet({ text: 'late', media: { media_ids: [mediaId] } })).status).toBe(400);
	});

	it.each([
		['an unknown key', { media_type: 'video/mp4', total_bytes: 10, extra: 1 }],
		['an unknown type', { media_type: 'video/avi', total_bytes: 10 }],
		[
			'a category that does not fit',
			{ media_type: 'video/mp4', total_bytes: 10, media_category: 'tweet_image' },
		],
		['a video above 512 MB', { media_type: 'video/mp4', total_bytes: 512 * 1024 * 1024 + 1 }],
		['an image above 5 MB', { media_type: 'image/png', total_bytes: 5 * 1024 * 1024 + 1 }],
	])('refuses %s at initialize', async (_what, body) => {
		const refused = await client().call('POST', '/2/media/upload/initialize', body);
		expect([refused.status, refused.body.type]).toEqual([
			400,
			'https://api.x.com/2/problems/invalid-request',
		]);
		expect(refused.headers['content-type']).toContain('application/problem+json');
	});

	it('refuses a segment above 5 MiB, an index of 1000, and a stranger', async () => {
		const x = client();
		const mediaId = await x.initialize(6 * 1024 * 1024);
		expect((await x.append(mediaId, 0, Buffer.alloc(5 * 1024 * 1024 + 1))).status).toBe(400);
		expect((await x.append(mediaId, 1000, someBytes(10))).status).toBe(400);
		expect((await client('other').append(mediaId, 0, someBytes(10))).status).toBe(404);
	});

	it('takes a segment as base64 in JSON too', async () => {
		const x = client();
		const mediaId = await x.initialize(3);
		const json = { media: Buffer.from('abc').toString('base64'), segment_index: 0 };
		expect((await x.call('POST', `/2/media/upload/${mediaId}/append`, json)).status).toBe(200);
		expect((await x.finalize(mediaId)).body.data.size).toBe(3);
	});
});

describe('small uploads and alternative text (facts 4.2)', () => {
	const once = async (bytes: Buffer, category?: string) => {
		const x = client();
		const form = new FormData();
		form.set('media', new Blob([new Uint8Array(bytes)]), 'picture');
		if (category !== undefined) form.set('media_category', category);
		return held.wire.send(`${x.baseUrl}/2/media/upload`, { token: x.token, body: form });
	};

	it('takes an image in one request, ready at once', async () => {
		const done = await once(PNG, 'tweet_image');
		expect([done.status, done.body.data.size, done.body.data.processing_info]).toEqual([
			200,
			PNG.length,
			undefined,
		]);
		const media = { media_ids: [done.body.data.id] };
		expect((await client().tweet({ media })).status).toBe(201);
	});

	it('refuses a missing category and what is no image', async () => {
		expect((await once(PNG)).status).toBe(400);
		expect((await once(someBytes(100), 'tweet_image')).status).toBe(400);
	});

	it('takes alternative text for an image but not for a video', async () => {
		const x = client();
		const image = await x.media(PNG);
		const video = await x.media(someBytes(10), 'video/mp4', 'tweet_video');
		const describe = async (id: string, text = 'A cat'): Promise<number> =>
			(await x.call('POST', '/2/media/metadata', { id, metadata: { alt_text: { text } } })).status;
		expect([await describe(image), await describe(video), await describe(image, 'x'.repeat(1001))]).toEqual([
			200, 400, 400,
		]);
	});
});

describe('mixing (facts 4.3)', () => {
	it('allows four photos, or one video, but not both and not the same twice', async () => {
		held.sandbox.x.configure({ processingMs: 0 });
		const x = client();
		const photos = [];
		for (let index = 0; index < 5; index++) photos.push(await x.media(PNG));
		const video = await x.media(someBytes(10), 'video/mp4', 'tweet_video');
		const post = async (...ids: string[]): Promise<number> =>
			(await x.tweet({ media: { media_ids: ids } })).status;
		const [a = '', b = ''] = photos;
		expect([
			await post(...photos.slice(0, 4)),
			await post(video),
			await post(...photos),
			await post(a, video),
			await post(a, a),
			await post(b, '123'),
		]).toEqual([201, 201, 400, 400, 400, 400]);
	});
});
