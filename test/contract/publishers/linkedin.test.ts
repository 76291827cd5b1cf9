// The LinkedIn node as people use it: an item in, a post out, without a database.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import { LinkedInPublisher } from '../../../nodes/LinkedInPublisher/LinkedInPublisher.node';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { connectedAccount, execute, type Execution } from './fake-execution';

describe('the LinkedIn node', () => {
	let sandbox: Sandbox;
	let folder: string;
	let picture: string;

	beforeEach(async () => {
		sandbox = await startSandbox({ networks: ['linkedin'], seed: 'nodes' });
		sandbox.linkedin.account('tester', { organizationIds: ['42'] });
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

	it('publishes a picture as the member and says where it is', async () => {
		const additionalFields = { altText: 'A cat', title: 'Cat', visibility: 'CONNECTIONS' };
		const [item] = await run({ text: 'Look #here', filePath: picture, additionalFields });
		const [post] = sandbox.journal.posts;
		expect(item!.json).toEqual({
			outcome: 'posted',
			platform: 'linkedin',
			platformPostId: post!.platformPostId,
			url: post!.url,
		});
		expect(post).toMatchObject({ text: 'Look #here', title: 'Cat', visibility: 'connections' });
	});

	it.each(['42', ' urn:li:organization:42 '])('publishes as the page "%s"', async (organizationId) => {
		await run({ text: 'From a page', mediaSource: 'none', postAs: 'organization', organizationId });
		expect(sandbox.journal.posts).toMatchObject([{ text: 'From a page', accountId: '42' }]);
	});

	it('publishes an article', async () => {
		const additionalFields = { articleUrl: 'https://example.com/', title: 'A story', description: 'About' };
		await run({ text: '', mediaSource: 'none', additionalFields });
		expect(sandbox.journal.posts).toMatchObject([{ title: 'A story', media: [] }]);
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
