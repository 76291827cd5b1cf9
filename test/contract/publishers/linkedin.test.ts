// The LinkedIn node as people use it: an item in, a post out, without a database.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import { LinkedInPublisher } from '../../../nodes/LinkedInPublisher/LinkedInPublisher.node';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { connectedAccount, execute, loadOptions, type Execution } from './fake-execution';

describe('the LinkedIn node', () => {
	let sandbox: Sandbox;
	let folder: string;
	let picture: string;

	beforeEach(async () => {
		sandbox = await startSandbox({ networks: ['linkedin'], seed: 'nodes' });
		sandbox.linkedin.account('tester', { organizationIds: ['42'] });
		// A page may ask how far its media is, and is told at once; a member has to wait.
		sandbox.linkedin.configure({ imageProcessingMs: 0 });
		folder = await mkdtemp(path.join(tmpdir(), 'stackkraft-nodes-'));
		picture = path.join(folder, 'picture.png');
		await writeFile(picture, Buffer.alloc(9_000, 7));
	});

	afterEach(async () => {
		expect(sandbox.journal.unexpected).toEqual([]);
		await sandbox.stop();
		await rm(folder, { recursive: true });
	});

	const run = async (parameters: IDataObject, more: Partial<Execution> = {}) =>
		execute({
			node: new LinkedInPublisher(),
			items: [{}],
			account: connectedAccount(sandbox, 'linkedin'),
			parameters,
			allowedFolder: folder,
			...more,
		});

	const asPage = { postAs: 'organization', organizationId: '42' };

	it('publishes a picture as the member and says where it is', async () => {
		const additionalFields = { title: 'Cat', visibility: 'CONNECTIONS' };
		const parameters = { text: 'Look #here', filePath: picture, altText: 'A cat', additionalFields };
		const [item] = await run(parameters);
		const [post] = sandbox.journal.posts;
		expect(item!.json).toEqual({
			outcome: 'posted',
			platform: 'linkedin',
			platformPostId: post!.platformPostId,
			url: post!.url,
		});
		expect(post).toMatchObject({ text: 'Look #here', title: 'Cat', visibility: 'connections' });
	});

	it('publishes several pictures, a line each, in their order', async () => {
		const second = path.join(folder, 'second.jpg');
		await writeFile(second, Buffer.alloc(8_000, 3));
		await run({ ...asPage, text: 'Two', filePath: `${picture}\n${second}`, altText: 'A cat\nA dog' });
		expect(sandbox.journal.posts[0]?.media.map(({ sizeBytes }) => sizeBytes)).toEqual([9_000, 8_000]);
	});

	it.each(['report.pdf', 'slides.pptx', 'letter.docx'])('publishes the document %s', async (name) => {
		const file = path.join(folder, name);
		await writeFile(file, Buffer.alloc(4_000, 5));
		await run({ ...asPage, text: 'Read this', filePath: file, additionalFields: { title: 'Report' } });
		expect(sandbox.journal.posts).toMatchObject([{ title: 'Report', mediaSizeBytes: 4_000 }]);
	});

	it('lists the pages that the account administers', async () => {
		const ids = Array.from({ length: 101 }, (_, index) => String(1_000 + index));
		sandbox.linkedin.account('tester', { organizationIds: ids });
		const account = connectedAccount(sandbox, 'linkedin');
		const found = await loadOptions(new LinkedInPublisher(), 'getOrganizations', account);
		expect(found.map(({ value }) => value)).toEqual(ids);
	});

	it('says in the list what to do when the connection may not see pages', async () => {
		sandbox.faults.add({
			kind: 'status',
			status: 403,
			reason: 'ACCESS_DENIED',
			pathPattern: '/organizationAcls',
		});
		const account = connectedAccount(sandbox, 'linkedin');
		await expect(loadOptions(new LinkedInPublisher(), 'getOrganizations', account)).rejects.toMatchObject({
			description: expect.stringContaining('Switch it on in the credential'),
		});
	});

	it('tells a person where to look when the answer is lost, and sends nothing again', async () => {
		sandbox.faults.add({ kind: 'drop-after-effect', method: 'POST', pathPattern: '^/rest/posts$' });
		await expect(run({ text: 'Was it posted?', mediaSource: 'none' })).rejects.toMatchObject({
			message: expect.stringContaining('lets nobody read'),
			description: expect.stringMatching(/recent-activity.*Was it posted\?/),
		});
		expect(sandbox.journal.requests.filter(({ path: asked }) => asked === '/rest/posts')).toHaveLength(1);
	});

	it.each(['42', ' urn:li:organization:42 '])('publishes as the page "%s"', async (organizationId) => {
		await run({ text: 'From a page', mediaSource: 'none', postAs: 'organization', organizationId });
		expect(sandbox.journal.posts).toMatchObject([{ text: 'From a page', accountId: '42' }]);
	});

	it('publishes an article', async () => {
		const additionalFields = { articleUrl: 'https://example.com/', title: 'A story', description: 'About' };
		await run({ text: '', mediaSource: 'none', additionalFields });
		await run({ ...asPage, text: 'With a thumbnail', filePath: picture, additionalFields });
		expect(sandbox.journal.posts).toMatchObject([
			{ title: 'A story', media: [] },
			{ title: 'A story', media: [{ sizeBytes: 9_000 }] },
		]);
	});

	it('refuses a page that is none before a single request', async () => {
		const parameters = { text: 'x', mediaSource: 'none', postAs: 'organization', organizationId: 'My Page' };
		await expect(run(parameters)).rejects.toMatchObject({
			message: expect.stringContaining('urn:li:organization:123'),
		});
		expect(sandbox.journal.requests).toHaveLength(0);
	});

	it('goes on with the next item when it may, and keeps the pairing', async () => {
		const output = await run(
			{},
			{
				continueOnFail: true,
				items: [{ text: 'First' }, { text: '' }, { text: 'Third' }],
				parameters: (json) => ({ text: json['text'] as string, mediaSource: 'none' }),
			},
		);
		expect(output.map(({ json, pairedItem }) => [json['outcome'] ?? 'error', pairedItem])).toEqual([
			['posted', { item: 0 }],
			['error', { item: 1 }],
			['posted', { item: 2 }],
		]);
	});

	it('gets the status and the numbers of a post', async () => {
		const [posted] = await run({ text: 'Numbers', mediaSource: 'none' });
		const { platformPostId } = posted!.json as { platformPostId: string };
		const [status] = await run({ operation: 'getStatus', platformPostId });
		expect(status!.json).toMatchObject({ platformPostId, state: 'live' });
		const [numbers] = await run({ operation: 'getMetrics', platformPostIds: platformPostId });
		expect(numbers!.json).toMatchObject({ platform: 'linkedin', metrics: { views: null } });
	});

	it('asks for a new connection when the token is over and came without a refresh token', async () => {
		const withRefresh = async (): Promise<never> => {
			throw new Error('refreshToken is required');
		};
		const account = connectedAccount(sandbox, 'linkedin', { expiresInSec: 60, withRefresh });
		await expect(run({ text: 'Late', mediaSource: 'none' }, { account })).rejects.toMatchObject({
			description: expect.stringMatching(/connect the account again/),
		});
	});
});
