import { FormData } from 'undici';
import { someBytes, useSandbox, type Reply } from './support';

const held = useSandbox({ networks: ['facebook'] });
const api = '/v26.0';

class Page {
	private constructor(
		private readonly token: string,
		readonly id: string,
	) {}

	static async connect(): Promise<Page> {
		const { facebook } = held.sandbox;
		const { accessToken, accountId } = facebook.issueTokens({ account: 'demo' });
		const { body } = await held.wire.send(`${facebook.baseUrl}${api}/me/accounts`, { token: accessToken });
		return new Page(body.data[0].access_token as string, accountId);
	}

	get(path: string): Promise<Reply> {
		return held.wire.send(`${held.sandbox.facebook.baseUrl}${api}${path}`, { token: this.token });
	}

	post(edge: string, json: unknown): Promise<Reply> {
		const url = `${held.sandbox.facebook.baseUrl}${api}/${this.id}/${edge}`;
		return held.wire.send(url, { token: this.token, json });
	}

	async photo(): Promise<string> {
		const body = new FormData();
		body.set('published', 'false');
		body.set('source', new Blob([new Uint8Array(someBytes(1_000))]), 'photo.jpg');
		const url = `${held.sandbox.facebook.baseUrl}${api}/${this.id}/photos`;
		return (await held.wire.send(url, { token: this.token, body })).body.id as string;
	}

	async video(edge: 'video_stories' | 'video_reels'): Promise<string> {
		const { body } = await this.post(edge, { upload_phase: 'start' });
		const file = someBytes(1_000);
		const headers = { authorization: `OAuth ${this.token}`, offset: '0', file_size: String(file.length) };
		await held.wire.send(body.upload_url as string, { method: 'POST', body: file, headers });
		return body.video_id as string;
	}
}

const posts = () => held.sandbox.journal.posts;

describe('stories (facts 6.2, 6.7)', () => {
	it('takes a photo that was uploaded, and lists it among no posts', async () => {
		const page = await Page.connect();
		expect((await page.post('photo_stories', { photo_id: '123' })).status).toBe(400);
		const { body } = await page.post('photo_stories', { photo_id: await page.photo() });
		expect(body).toMatchObject({ success: true, post_id: posts()[0]?.platformPostId });
		expect((await page.get(`/${page.id}/published_posts`)).body.data).toEqual([]);
	});

	it('publishes a video that is whole, tells nobody afterwards, and would publish it a second time', async () => {
		const page = await Page.connect();
		const opened = (await page.post('video_stories', { upload_phase: 'start' })).body.video_id as string;
		const early = await page.post('video_stories', { upload_phase: 'finish', video_id: opened });
		expect(early.body.error.code).toBe(6000);
		const video = await page.video('video_stories');
		const finish = { upload_phase: 'finish', video_id: video };
		expect((await page.post('video_stories', finish)).body.success).toBe(true);
		const status = (await page.get(`/${video}?fields=status,published`)).body;
		expect(status).toMatchObject({
			published: false,
			status: { publishing_phase: { publish_status: 'draft' } },
		});
		await page.post('video_stories', finish);
		expect(posts()).toHaveLength(2);
	});

	it('takes the video of a reel for no story', async () => {
		const page = await Page.connect();
		const reel = await page.video('video_reels');
		expect((await page.post('video_stories', { upload_phase: 'finish', video_id: reel })).status).toBe(400);
	});
});

describe('planned posts (facts 6.2, 6.3)', () => {
	const inSec = (aheadSec: number): number => Math.floor(held.sandbox.clock.nowMs() / 1000) + aheadSec;

	it('takes a time from ten minutes to 75 days ahead, and only for what is not published', async () => {
		const page = await Page.connect();
		const plan = async (more: object): Promise<number> =>
			(await page.post('feed', { message: JSON.stringify(more), ...more })).status;
		expect(await plan({ published: false, scheduled_publish_time: inSec(500) })).toBe(400);
		expect(await plan({ published: false, scheduled_publish_time: inSec(76 * 86_400) })).toBe(400);
		expect(await plan({ published: false })).toBe(400);
		expect(await plan({ scheduled_publish_time: inSec(3_600) })).toBe(400);
		expect(await plan({ published: false, scheduled_publish_time: inSec(3_600) })).toBe(200);
	});

	it('shows a planned post by its id and in no list, until its time has come', async () => {
		const page = await Page.connect();
		const plan = { message: 'Later', published: false, scheduled_publish_time: inSec(3_600) };
		const { id } = (await page.post('feed', plan)).body;
		const isListed = async (): Promise<boolean> =>
			(await page.get(`/${page.id}/published_posts`)).body.data.length === 1;
		expect((await page.get(`/${id}?fields=is_published`)).body.is_published).toBe(false);
		expect(await isListed()).toBe(false);
		held.sandbox.clock.advance(3_600_000);
		expect((await page.get(`/${id}?fields=is_published`)).body.is_published).toBe(true);
		expect(await isListed()).toBe(true);
	});

	it('calls a planned reel scheduled, and publishes it in its time', async () => {
		const page = await Page.connect();
		const video_id = await page.video('video_reels');
		const finish = { upload_phase: 'finish', video_id, video_state: 'SCHEDULED' };
		expect((await page.post('video_reels', finish)).status).toBe(400);
		await page.post('video_reels', { ...finish, scheduled_publish_time: inSec(3_600) });
		held.sandbox.clock.advance(60_000);
		const publishing = async (): Promise<unknown> =>
			(await page.get(`/${video_id}?fields=status`)).body.status.publishing_phase.publish_status;
		expect(await publishing()).toBe('scheduled');
		held.sandbox.clock.advance(3_600_000);
		expect(await publishing()).toBe('published');
	});
});

it('shows several photos as one album with its photos inside (facts 6.7)', async () => {
	const page = await Page.connect();
	const ids = [await page.photo(), await page.photo()];
	const attached_media = ids.map((media_fbid) => ({ media_fbid }));
	const { id } = (await page.post('feed', { message: 'Album', attached_media })).body;
	const [album] = (await page.get(`/${id}?fields=attachments`)).body.attachments.data;
	expect(album.media_type).toBe('album');
	expect(album.subattachments.data.map(({ target }: { target: { id: string } }) => target.id)).toEqual(ids);
});
