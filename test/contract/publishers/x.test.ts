// The X node as people use it: several pictures in one post, fields in the words of the editor, what a post costs.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import { readXContent } from '../../../nodes/XPublisher/content';
import { XPublisher } from '../../../nodes/XPublisher/XPublisher.node';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { connectedAccount, execute, type Execution } from './fake-execution';

describe('the X node', () => {
	let sandbox: Sandbox;
	let folder: string;

	beforeEach(async () => {
		sandbox = await startSandbox({ networks: ['x'], seed: 'nodes' });
		folder = await mkdtemp(path.join(tmpdir(), 'stackkraft-nodes-'));
	});

	afterEach(async () => {
		expect(sandbox.journal.unexpected).toEqual([]);
		await sandbox.stop();
		await rm(folder, { recursive: true });
	});

	const run = async (parameters: Execution['parameters'], more: Partial<Execution> = {}) =>
		await execute({
			node: new XPublisher(),
			items: [{}],
			account: connectedAccount(sandbox, 'x'),
			parameters,
			allowedFolder: folder,
			...more,
		});

	async function picture(name: string, sizeBytes: number): Promise<string> {
		const filePath = path.join(folder, name);
		await writeFile(filePath, Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(sizeBytes - 3)]));
		return filePath;
	}

	it('posts several pictures, one path per line and one description per line', async () => {
		const paths = [await picture('one.jpg', 100), await picture('two.jpg', 200)];
		const parameters = { text: 'Two', filePath: paths.join('\n'), altText: '\nThe second' };
		const [item] = await run(parameters);
		expect(item?.json).toMatchObject({ outcome: 'posted', platform: 'x' });
		expect(sandbox.journal.posts).toMatchObject([{ media: [{ sizeBytes: 100 }, { sizeBytes: 200 }] }]);
		const described = sandbox.journal.requests.filter(({ path: called }) => called.endsWith('/metadata'));
		expect(described).toHaveLength(1);
	});

	it('takes all lines for what a single picture shows, and a line or an entry for each of several', async () => {
		const paths = [await picture('one.jpg', 100), await picture('two.jpg', 200)];
		const altText = `${'x'.repeat(600)}\n${'y'.repeat(600)}`;
		const isValid = async (count: number, texts: IDataObject[string]): Promise<unknown> => {
			const filePath = paths.slice(0, count);
			const [item] = await run({ operation: 'validate', text: 'Look', filePath, altText: texts });
			return item?.json['isValid'];
		};
		// X takes 1000 characters for each.
		expect(await isValid(1, altText)).toBe(false);
		expect(await isValid(2, altText)).toBe(true);
		expect(await isValid(2, altText.split('\n'))).toBe(true);
		expect(await isValid(2, [altText, ''])).toBe(false);
	});

	it('goes on with the next item after one that breaks a rule, and keeps the pairing', async () => {
		const paths: string[] = [];
		for (let index = 0; index < 5; index++) paths.push(await picture(`${index}.jpg`, 100 + index));
		const output = await run(
			(json: IDataObject) => ({
				text: String(json['text']),
				filePath: paths.slice(0, Number(json['count'])),
			}),
			{
				continueOnFail: true,
				items: [
					{ text: 'four', count: 4 },
					{ text: 'five', count: 5 },
					{ text: 'one', count: 1 },
				],
			},
		);
		expect(output.map(({ json, pairedItem }) => [json['outcome'] ?? 'error', pairedItem])).toEqual([
			['posted', { item: 0 }],
			['error', { item: 1 }],
			['posted', { item: 2 }],
		]);
		expect(output[1]?.json['error']).toContain('up to 4 pictures');
	});

	it('says before anything is sent what X will bill', async () => {
		const parameters = { operation: 'validate', text: 'See https://example.com', mediaSource: 'none' };
		const [item] = await run(parameters);
		expect(item?.json).toMatchObject({ isValid: true, costMicrosUsd: 200_000 });
		expect(sandbox.journal.requests).toHaveLength(0);
	});

	it('replies to a post that is named by its address', async () => {
		const [own] = await run({ text: 'First', mediaSource: 'none' });
		const replyToPostId = `https://x.com/tester/status/${String(own?.json['platformPostId'])}?s=20`;
		await run({ text: 'Second', mediaSource: 'none', additionalFields: { replyToPostId } });
		expect(sandbox.journal.posts.map(({ text }) => text)).toEqual(['First', 'Second']);
	});

	it('makes options of the fields, and nothing of those that are empty', () => {
		const additionalFields = {
			poll: { values: { choices: ' Yes \n\nNo', durationMinutes: 60 } },
			taggedUserIds: '1, 2',
			excludeReplyUserIds: '',
			replySettings: '',
			quotePostId: '17',
			madeWithAi: false,
		};
		const read = (name: string) => ({ text: 'Words', additionalFields })[name];
		expect(readXContent(read)).toEqual({
			text: 'Words',
			options: {
				poll: { options: ['Yes', 'No'], durationMinutes: 60 },
				taggedUserIds: ['1', '2'],
				quotePostId: '17',
				madeWithAi: false,
			},
		});
	});
});
