import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { useSandbox, type Reply } from './support';

const held = useSandbox();
const PUBLISH = '/v2/post/publish';

const types: Readonly<Record<string, string>> = { png: 'image/png', mp4: 'video/mp4' };

/** `/redirect` leads away, `/*.png` is a picture that TikTok does not take, everything else a JPEG. */
let server: Server;
let base: string;

beforeAll(async () => {
	server = createServer((asked, answer) => {
		if (asked.url === '/redirect') return void answer.writeHead(302, { location: '/a.jpg' }).end();
		const type = types[asked.url?.split('.')[1] ?? ''] ?? 'image/jpeg';
		answer.writeHead(200, { 'content-type': type }).end('picture');
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => server.close());

const tokenOf = (scopes?: string[]): string =>
	held.sandbox.tiktok.issueTokens({ account: 'demo', ...(scopes ? { scopes } : {}) }).accessToken;
const post = (path: string, json: unknown, token = tokenOf()): Promise<Reply> =>
	held.wire.send(held.sandbox.tiktok.baseUrl + path, { json, token });
const codeOf = ({ status, body }: Reply): [number, string] => [status, body.error.code];
const verify = (): void => held.sandbox.tiktok.configure({ verifiedUrlPrefixes: [base] });

const direct = { title: 'Title', description: 'Words', privacy_level: 'PUBLIC_TO_EVERYONE' };

function photos(names: readonly string[], more: Record<string, unknown> = {}): Record<string, unknown> {
	return {
		media_type: 'PHOTO',
		post_mode: 'DIRECT_POST',
		post_info: direct,
		source_info: {
			source: 'PULL_FROM_URL',
			photo_images: names.map((name) => `${base}/${name}`),
			photo_cover_index: 0,
		},
		...more,
	};
}

const init = (body: unknown, token?: string): Promise<Reply> => post(`${PUBLISH}/content/init/`, body, token);

async function outcomeOf(opened: Reply): Promise<Record<string, unknown>> {
	held.sandbox.clock.advance(2_000);
	return (await post(`${PUBLISH}/status/fetch/`, { publish_id: opened.body.data.publish_id })).body.data;
}

describe('photos (facts 2.2–2.5)', () => {
	it('fetches them, and journals title, description and all of them in their order', async () => {
		verify();
		const opened = await init(photos(['a.jpg', 'b.jpg']));
		expect(opened.body.data).toEqual({ publish_id: expect.stringMatching(/^p_pub_url~v2\./) });
		expect((await post(`${PUBLISH}/status/fetch/`, opened.body.data)).body.data).toEqual({
			status: 'PROCESSING_DOWNLOAD',
			downloaded_bytes: 14,
		});
		expect(await outcomeOf(opened)).toMatchObject({ status: 'PUBLISH_COMPLETE' });
		const [made] = held.sandbox.journal.posts;
		expect(made).toMatchObject({
			title: 'Title',
			text: 'Words',
			media: [{ sizeBytes: 7 }, { sizeBytes: 7 }],
		});
		expect((await held.wire.send(made?.url ?? '')).status).toBe(200);
	});

	it('lists videos only', async () => {
		verify();
		await outcomeOf(await init(photos(['a.jpg'])));
		expect((await post('/v2/video/list/?fields=id', {})).body.data.videos).toEqual([]);
	});

	it.each([
		['a cover that is not there', { source_info: { source: 'PULL_FROM_URL', photo_cover_index: 1 } }],
		['bytes instead of addresses', { source_info: { source: 'FILE_UPLOAD' } }],
		['a title of 91', { post_info: { ...direct, title: 'x'.repeat(91) } }],
		['a description of 4001', { post_info: { ...direct, description: 'x'.repeat(4_001) } }],
		['no privacy', { post_info: { title: 'x' } }],
		['a key that only videos have', { post_info: { ...direct, is_aigc: true } }],
		['branded content for nobody', { post_info: { privacy_level: 'SELF_ONLY', brand_content_toggle: true } }],
		['settings in a draft', { post_mode: 'MEDIA_UPLOAD' }],
		['another media type', { media_type: 'VIDEO' }],
	])('refuses %s', async (_what, change) => {
		verify();
		const given = photos(['a.jpg'], change) as { source_info: object };
		const source = { photo_images: [`${base}/a.jpg`], photo_cover_index: 0, ...given.source_info };
		expect(codeOf(await init({ ...given, source_info: source }))).toEqual([400, 'invalid_param']);
	});

	it('refuses 36 of them', async () => {
		verify();
		const names = Array.from({ length: 36 }, (_, index) => `${index}.jpg`);
		expect(codeOf(await init(photos(names)))).toEqual([400, 'invalid_param']);
	});

	it('refuses an address that nobody verified, and one without https elsewhere', async () => {
		expect(codeOf(await init(photos(['a.jpg'])))).toEqual([403, 'url_ownership_unverified']);
		held.sandbox.tiktok.configure({ verifiedUrlPrefixes: ['http://media.example.com'] });
		const elsewhere = photos([]) as { source_info: object };
		const source = { ...elsewhere.source_info, photo_images: ['http://media.example.com/a.jpg'] };
		expect(codeOf(await init({ ...elsewhere, source_info: source }))).toEqual([
			403,
			'url_ownership_unverified',
		]);
	});

	it.each([
		['redirect', 'photo_pull_failed'],
		['a.png', 'file_format_check_failed'],
	])('fails with %s later, and then nothing is public', async (name, reason) => {
		verify();
		expect(await outcomeOf(await init(photos([name])))).toMatchObject({
			status: 'FAILED',
			fail_reason: reason,
		});
		expect(held.sandbox.journal.posts).toEqual([]);
	});

	it('leaves a draft only with the permission for it, and not in an old app', async () => {
		verify();
		const draft = photos(['a.jpg'], { post_mode: 'MEDIA_UPLOAD', post_info: { title: 'Title' } });
		expect(codeOf(await init(draft, tokenOf(['video.publish'])))).toEqual([401, 'scope_not_authorized']);
		expect(await outcomeOf(await init(draft))).toMatchObject({ status: 'SEND_TO_USER_INBOX' });
		expect(held.sandbox.journal.posts).toEqual([]);
		held.sandbox.tiktok.account('demo', { hasOldApp: true });
		expect(codeOf(await init(draft))).toEqual([400, 'app_version_check_failed']);
	});
});

it('posts a video by its address with the init alone, and lists it', async () => {
	verify();
	const info = { title: 'By address', privacy_level: 'PUBLIC_TO_EVERYONE' };
	const source = { source: 'PULL_FROM_URL', video_url: `${base}/clip.mp4` };
	const opened = await post(`${PUBLISH}/video/init/`, { post_info: info, source_info: source });
	expect(opened.body.data).toEqual({ publish_id: expect.stringMatching(/^v_pub_url~v2\./) });
	expect(await outcomeOf(opened)).toMatchObject({ status: 'PUBLISH_COMPLETE' });
	const listed = await post('/v2/video/list/?fields=title', {});
	expect(listed.body.data.videos).toEqual([{ title: 'By address' }]);
});
