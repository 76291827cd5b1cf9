import { linkedInClients, type LinkedInClient } from './linkedin-client';
import { someBytes, useSandbox } from './support';

const held = useSandbox({ networks: ['linkedin'] });
const { Client, put } = linkedInClients(held);

describe('pictures, documents and pages (facts 5.1, 5.2, 5.3)', () => {
	const page = 'urn:li:organization:77';

	async function uploaded(client: LinkedInClient, kind: 'image' | 'document', owner = page): Promise<string> {
		const request = { initializeUploadRequest: { owner } };
		const { value } = (await client.post(`/rest/${kind}s?action=initializeUpload`, request)).body;
		expect((await put(value.uploadUrl, someBytes(1_000))).status).toBe(201);
		held.sandbox.clock.advance(2_000);
		return value[kind] as string;
	}

	function administrator(): LinkedInClient {
		held.sandbox.linkedin.account('demo', { organizationIds: ['77'] });
		return new Client();
	}

	it('takes two to twenty pictures in one post, and nothing else among them', async () => {
		const client = administrator();
		const urns = [await uploaded(client, 'image'), await uploaded(client, 'image')];
		const document = await uploaded(client, 'document');
		const create = async (ids: readonly string[]): Promise<number> => {
			const multiImage = { images: ids.map((id) => ({ id, altText: 'x' })) };
			return (await client.create({ author: page, content: { multiImage } })).status;
		};
		expect(await create(urns.slice(1))).toBe(400);
		expect(await create(Array.from({ length: 21 }, () => urns[0]!))).toBe(400);
		expect(await create([urns[0]!, document])).toBe(400);
		expect(await create([urns[0]!, 'urn:li:image:unknown'])).toBe(404);
		expect(await create(urns)).toBe(201);
		expect(held.sandbox.journal.posts[0]?.media).toHaveLength(2);
	});

	it('takes a document like a picture, and asks the right place about it', async () => {
		const client = administrator();
		const urn = await uploaded(client, 'document');
		expect((await client.status(urn)).body.status).toBe('AVAILABLE');
		expect((await client.get(`/rest/images/${encodeURIComponent(urn)}`)).status).toBe(404);
		const content = { media: { id: urn, title: 'Report' } };
		expect((await client.create({ author: page, content })).status).toBe(201);
		expect(held.sandbox.journal.posts).toMatchObject([{ title: 'Report', mediaSizeBytes: 1_000 }]);
	});

	it('lets no member ask about its pictures and documents', async () => {
		const client = new Client();
		const urn = await uploaded(client, 'document', client.person);
		expect((await client.status(urn)).status).toBe(403);
		expect((await client.create({ content: { media: { id: urn } } })).status).toBe(201);
	});

	it('takes the thumbnail of an article only as an own picture', async () => {
		const client = administrator();
		const article = { source: 'https://example.com/', title: 'A' };
		const create = async (thumbnail: string): Promise<number> =>
			(await client.create({ author: page, content: { article: { ...article, thumbnail } } })).status;
		expect(await create('https://example.com/picture.png')).toBe(400);
		expect(await create(await uploaded(client, 'image', client.person))).toBe(403);
		expect(await create(await uploaded(client, 'image'))).toBe(201);
	});

	it('lists pages only as the facts ask for them', async () => {
		const client = administrator();
		const path = '/rest/organizationAcls?q=roleAssignee&role=ADMINISTRATOR';
		expect((await client.get(path)).status).toBe(400);
		const { body } = await client.get(`${path}&state=APPROVED`);
		expect(body.elements).toMatchObject([{ organization: page }]);
	});

	it('tells the numbers of a video only of a video', async () => {
		const client = administrator();
		const author = page;
		await client.create({ author });
		const { platformPostId } = held.sandbox.journal.posts[0]!;
		const entity = encodeURIComponent(platformPostId);
		const path = `/rest/videoAnalytics?q=entity&entity=${entity}&aggregation=ALL`;
		expect((await client.get(`${path}&type=VIDEO_VIEW`)).status).toBe(400);
	});
});
