import { request as httpRequest } from 'node:http';
import { BLOCK, sha256, someBytes, useSandbox, VIDEO, YouTubeClient } from './support';

const held = useSandbox();
const client = (account = 'demo'): YouTubeClient => new YouTubeClient(held.sandbox, held.wire, { account });

describe('resumable upload (facts 1.2)', () => {
	it('makes the video exist exactly when the last byte is stored, and journals its hash', async () => {
		const youtube = client();
		const file = someBytes(2 * BLOCK + 17);
		const session = await youtube.session(file.length);
		const first = await youtube.put(session, file, 0, BLOCK);
		expect([first.status, first.headers['range']]).toEqual([308, `bytes=0-${BLOCK - 1}`]);
		await youtube.put(session, file, BLOCK, 2 * BLOCK);
		expect(held.sandbox.journal.posts).toEqual([]);
		const last = await youtube.put(session, file, 2 * BLOCK, file.length);
		expect(last.status).toBe(200);
		expect(last.body).toMatchObject({ kind: 'youtube#video', snippet: { title: 'A talk' } });
		expect(held.sandbox.journal.posts).toEqual([
			expect.objectContaining({
				network: 'youtube',
				account: 'demo',
				platformPostId: last.body.id,
				url: `${youtube.baseUrl}/watch?v=${last.body.id}`,
				title: 'A talk',
				visibility: 'unlisted',
				mediaSha256: sha256(file),
				mediaSizeBytes: file.length,
			}),
		]);
	});

	it('answers a probe without a Range header while nothing is stored', async () => {
		const youtube = client();
		const session = await youtube.session(BLOCK);
		const probe = await youtube.probe(session, BLOCK);
		expect([probe.status, probe.headers['range'], probe.headers['location']]).toEqual([
			308,
			undefined,
			undefined,
		]);
	});

	it('takes the whole file in one PUT without a range', async () => {
		const youtube = client();
		const file = someBytes(BLOCK + 5);
		const session = await youtube.session(file.length);
		const done = await held.wire.send(session, { method: 'PUT', body: file, token: youtube.token });
		expect(done.status).toBe(200);
		expect(held.sandbox.journal.posts[0]?.mediaSha256).toBe(sha256(file));
	});

	it('goes on from the byte that was stored when the server stores less than was sent', async () => {
		const youtube = client();
		const file = someBytes(2 * BLOCK);
		const session = await youtube.session(file.length);
		held.sandbox.faults.add({ kind: 'store-less', bytes: 1000, method: 'PUT' });
		const less = await youtube.put(session, file, 0, BLOCK);
		expect([less.status, less.headers['range']]).toEqual([308, 'bytes=0-999']);
		const done = await youtube.put(session, file, 1000, file.length);
		expect(done.status).toBe(200);
		expect(held.sandbox.journal.posts[0]?.mediaSha256).toBe(sha256(file));
	});

	it('skips bytes that are sent a second time', async () => {
		const youtube = client();
		const file = someBytes(2 * BLOCK);
		const session = await youtube.session(file.length);
		await youtube.put(session, file, 0, BLOCK);
		expect((await youtube.put(session, file, 0, file.length)).status).toBe(200);
		expect(held.sandbox.journal.posts[0]?.mediaSha256).toBe(sha256(file));
	});

	it('refuses a gap, a chunk that is no multiple of 256 KiB, and a wrong total', async () => {
		const youtube = client();
		const file = someBytes(3 * BLOCK);
		const session = await youtube.session(file.length);
		const gap = await youtube.put(session, file, BLOCK, 2 * BLOCK);
		const odd = await youtube.put(session, file, 0, BLOCK - 1);
		const total = await youtube.put(session, file.subarray(0, 2 * BLOCK), 0, BLOCK);
		expect([gap.status, odd.status, total.status]).toEqual([400, 400, 400]);
		expect(gap.body.error.message).toContain('exceeds already uploaded size of 0 byte(s)');
		expect((await youtube.probe(session, file.length)).headers['range']).toBeUndefined();
	});

	it('needs a content length and a range that agrees with it', async () => {
		const youtube = client();
		const session = await youtube.session(BLOCK);
		const wrong = await held.wire.send(session, {
			method: 'PUT',
			token: youtube.token,
			body: someBytes(10),
			headers: { 'content-range': `bytes 0-10/${BLOCK}` },
		});
		expect(wrong.status).toBe(400);
		const chunked = await new Promise<number | undefined>((resolve, reject) => {
			const put = httpRequest(
				session,
				{
					method: 'PUT',
					headers: { authorization: `Bearer ${youtube.token}`, 'transfer-encoding': 'chunked' },
				},
				(response) => {
					response.resume();
					resolve(response.statusCode);
				},
			);
			put.on('error', reject);
			put.end('abc');
		});
		expect(chunked).toBe(411);
	});

	it('answers the probe with the video when the answer to the last byte was lost, and never makes a second one', async () => {
		const youtube = client();
		const file = someBytes(BLOCK);
		const session = await youtube.session(file.length);
		held.sandbox.faults.add({ kind: 'drop-after-effect', method: 'PUT' });
		await expect(youtube.put(session, file, 0, file.length)).rejects.toThrow();
		expect(held.sandbox.journal.posts).toHaveLength(1);
		const probe = await youtube.probe(session, file.length);
		expect([probe.status, probe.body.id]).toEqual([200, held.sandbox.journal.posts[0]?.platformPostId]);
		expect((await youtube.put(session, file, 0, file.length)).body.id).toBe(probe.body.id);
		expect(held.sandbox.journal.posts).toHaveLength(1);
	});

	it('keeps the whole 256 KiB blocks of a chunk whose connection was cut', async () => {
		const youtube = client();
		const file = someBytes(4 * BLOCK);
		const session = await youtube.session(file.length);
		held.sandbox.faults.add({ kind: 'cut-body-after-bytes', bytes: 2 * BLOCK + 1000, method: 'PUT' });
		await expect(youtube.put(session, file, 0, file.length)).rejects.toThrow();
		expect((await youtube.probe(session, file.length)).headers['range']).toBe(`bytes=0-${2 * BLOCK - 1}`);
		expect((await youtube.put(session, file, 2 * BLOCK, file.length)).status).toBe(200);
		expect(held.sandbox.journal.posts[0]?.mediaSha256).toBe(sha256(file));
	});

	it('goes on with the same session after the token was refreshed', async () => {
		const youtube = client();
		const file = someBytes(2 * BLOCK);
		const session = await youtube.session(file.length);
		held.sandbox.faults.add({ kind: 'expire-token', method: 'PUT' });
		const refused = await youtube.put(session, file, 0, BLOCK);
		expect(refused.status).toBe(401);
		expect(refused.body.error).toMatchObject({
			status: 'UNAUTHENTICATED',
			errors: [{ reason: 'authError' }],
		});
		expect((await youtube.put(session, file, 0, BLOCK)).status).toBe(401);
		const again = await held.wire.send(session, {
			method: 'PUT',
			token: client().token,
			body: file,
			headers: { 'content-range': `bytes 0-${file.length - 1}/${file.length}` },
		});
		expect(again.status).toBe(200);
	});

	it('lets a new PUT take over from one that hangs, and nothing of the old one comes in afterwards', async () => {
		const youtube = client();
		const file = someBytes(4 * BLOCK);
		const session = await youtube.session(file.length);
		const hanging = httpRequest(session, {
			method: 'PUT',
			headers: {
				authorization: `Bearer ${youtube.token}`,
				'content-length': String(file.length),
				'content-range': `bytes 0-${file.length - 1}/${file.length}`,
			},
		});
		const broken = new Promise((resolve) => hanging.on('error', resolve));
		hanging.write(file.subarray(0, BLOCK + 7));
		while ((await youtube.probe(session, file.length)).headers['range'] === undefined);
		expect((await youtube.put(session, file, BLOCK, 2 * BLOCK)).status).toBe(308);
		hanging.end(someBytes(file.length - BLOCK - 7));
		await broken;
		expect((await youtube.put(session, file, 2 * BLOCK, file.length)).status).toBe(200);
		expect(held.sandbox.journal.posts.map((post) => post.mediaSha256)).toEqual([sha256(file)]);
	});

	it('forgets a session after its life, and knows no other', async () => {
		const youtube = client();
		const session = await youtube.session(BLOCK);
		held.sandbox.clock.advance(7 * 24 * 3_600_000 + 1);
		const fresh = client();
		const unknown = `${youtube.baseUrl}/upload/youtube/v3/videos?uploadType=resumable&upload_id=none`;
		expect((await fresh.probe(session, BLOCK)).status).toBe(404);
		expect((await fresh.probe(unknown, BLOCK)).status).toBe(404);
	});

	it('lets nobody else write to a session', async () => {
		const session = await client('one').session(BLOCK);
		expect((await client('two').probe(session, BLOCK)).status).toBe(403);
	});
});

describe('starting a session (facts 1.2, 1.4, 1.6)', () => {
	it('understands a missing privacyStatus as public, and a status without part=status as missing', async () => {
		const youtube = client();
		await youtube.upload({ snippet: VIDEO.snippet, status: {} });
		const file = someBytes(10);
		const started = await youtube.start(file.length, VIDEO, 'snippet');
		await youtube.put(started.headers['location'] as string, file, 0, file.length);
		expect(held.sandbox.journal.posts.map((post) => post.visibility)).toEqual(['public', 'public']);
	});

	const snippet = (change: object): unknown => ({ ...VIDEO, snippet: { ...VIDEO.snippet, ...change } });
	it.each([
		['a title of 101 characters', snippet({ title: '𝕏'.repeat(101) }), 'invalidTitle'],
		['an empty title', snippet({ title: ' ' }), 'invalidTitle'],
		['a title with <', snippet({ title: 'a<b' }), 'invalidTitle'],
		['a description of 5001 bytes', snippet({ description: `${'é'.repeat(2500)}x` }), 'invalidDescription'],
		['tags of 501 characters', snippet({ tags: ['a'.repeat(250), 'b'.repeat(250)] }), 'invalidTags'],
		[
			'tags whose quotes are one too many',
			snippet({ tags: [`${'a'.repeat(249)} ${'b'.repeat(249)}`] }),
			'invalidTags',
		],
		['an unknown category', snippet({ categoryId: '18' }), 'invalidCategoryId'],
		['a key that does not exist', snippet({ titel: 'x' }), 'badRequest'],
		[
			'publishAt on a public video',
			{ ...VIDEO, status: { privacyStatus: 'public', publishAt: '2030-01-01T00:00:00Z' } },
			'invalidPublishAt',
		],
	])('refuses %s', async (_what, video, reason) => {
		const refused = await client().start(10, video);
		expect([refused.status, refused.body.error.errors[0].reason]).toEqual([400, reason]);
	});

	it.each([
		['a title of 100 characters outside the BMP', snippet({ title: '𝕏'.repeat(100) })],
		['a description of 5000 bytes', snippet({ description: 'é'.repeat(2500) })],
		['tags of exactly 500 characters', snippet({ tags: ['a'.repeat(250), 'b'.repeat(249)] })],
	])('takes %s', async (_what, video) => {
		expect((await client().start(10, video)).status).toBe(200);
	});

	it('refuses a file that is no video, a missing part, and an empty file', async () => {
		const youtube = client();
		const path = `${youtube.baseUrl}/upload/youtube/v3/videos?uploadType=resumable`;
		const image = await held.wire.send(`${path}&part=snippet`, {
			json: VIDEO,
			token: youtube.token,
			headers: { 'x-upload-content-type': 'image/png', 'x-upload-content-length': '10' },
		});
		const noPart = await held.wire.send(path, {
			json: VIDEO,
			token: youtube.token,
			headers: { 'x-upload-content-type': 'video/mp4', 'x-upload-content-length': '10' },
		});
		const empty = await youtube.start(0);
		expect([image.status, noPart.status, empty.status]).toEqual([400, 400, 400]);
		expect(empty.body.error.errors[0].reason).toBe('mediaBodyRequired');
	});

	it('refuses accounts that may not upload, each with its own reason', async () => {
		const switches = {
			noChannel: { hasChannel: false },
			suspended: { isSuspended: true },
			full: { uploadLimitReached: true },
		};
		for (const [name, patch] of Object.entries(switches)) held.sandbox.youtube.account(name, patch);
		const reasons = [];
		for (const name of Object.keys(switches)) {
			const refused = await client(name).start(10);
			reasons.push([refused.status, refused.body.error.errors[0].reason]);
		}
		expect(reasons).toEqual([
			[401, 'youtubeSignupRequired'],
			[403, 'authenticatedUserAccountSuspended'],
			[400, 'uploadLimitExceeded'],
		]);
	});
});
