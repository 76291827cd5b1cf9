// Our nodes as tools of n8n's own AI Agent, in a real n8n: a model chooses what a field holds and reads what comes back.
import { copyFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

import { startChatModelServer, type ChatModelServer } from '../support/chat-model-server';
import { fiveSecondVideo } from '../support/media';
import { bootDeadlineMs, bootN8n, type TestStack } from '../support/n8n';
import { createModelNode, runByWebhook } from '../support/webhook-workflow';

let n8n: TestStack;
let model: ChatModelServer;
let modelNode: object;

jest.setTimeout(300_000);

beforeAll(async () => {
	model = await startChatModelServer();
	n8n = await bootN8n({ isPrepared: false, withSandbox: false });
	modelNode = await createModelNode(n8n.stack.n8n, model);
	await copyFile(await fiveSecondVideo(), inMediaFolder('video.mp4'));
	await writeFile(inMediaFolder('words.json'), JSON.stringify({ words }));
}, bootDeadlineMs);

afterAll(async () => {
	await n8n?.stop();
	await model?.close();
});

const inMediaFolder = (name: string): string => path.join(n8n.stack.mediaFolder, name);

const hook = 'Did you know that people still eat it?';
const words = `Honey never spoils. ${hook} It holds very little water. Nothing can live in it.`
	.split(' ')
	.map((text, index) => ({ text, startSec: index, endSec: index + 0.9 }));

/** As the editor writes it when somebody lets the model define a field. */
const byModel = (key: string): string => `={{ $fromAI('${key}', \`\`, 'string') }}`;

const media = (operation: string, fields: object = {}) => ({
	type: 'n8n-nodes-stackkraft.mediaTool',
	parameters: { resource: 'file', operation, ...fields },
});
const filePath = byModel('File_Path');
const findHighlights = (fields: object = {}) => ({
	type: 'n8n-nodes-stackkraft.clipExtractorTool',
	parameters: {
		...{ resource: 'clip', operation: 'findHighlights', wantedClips: 2 },
		options: { minSec: 3, maxSec: 10 },
		...fields,
	},
});

const answersSchema = z.array(z.looseObject({}));

/** What the model was offered, and what it read when it had called it. */
async function askAgent(name: string, typeVersion: number, tool: object, args: object) {
	model.answerWith('That is all.');
	model.callTool(args);
	const agent = {
		...{ name: 'Agent', type: '@n8n/n8n-nodes-langchain.agent', typeVersion },
		parameters: { promptType: 'define', text: 'Look at what I have.' },
	};
	const answer = await runByWebhook(n8n.stack.n8n, {
		path: `${name}-${typeVersion}`,
		nodes: [agent, modelNode, { name: 'Our Tool', typeVersion: 1, ...tool }],
		wires: {
			Webhook: ['main', 'Agent'],
			Model: ['ai_languageModel', 'Agent'],
			'Our Tool': ['ai_tool', 'Agent'],
		},
	});
	expect(answer).toEqual([{ output: 'That is all.' }]);
	const last = model.asked.at(-1);
	const read = last?.messages.at(-1);
	expect(read?.role).toBe('tool');
	return { offered: last?.tools, read: answersSchema.parse(JSON.parse(z.string().parse(read?.content))) };
}

// The agent runs a tool inside of itself up to version 2; from 3 on n8n's engine runs it as a node.
describe.each([2.2, 3.1])('the agent of version %s', (version) => {
	it('lets its model look at the video whose path it names', async () => {
		const video = inMediaFolder('video.mp4');
		const { offered, read } = await askAgent('probe', version, media('probe', { filePath }), {
			File_Path: video,
		});
		expect(offered).toEqual([
			{
				type: 'function',
				function: {
					name: 'Our_Tool',
					description: 'Probe a file in Media',
					parameters: expect.objectContaining({
						properties: { File_Path: { type: 'string' } },
						required: ['File_Path'],
					}) as object,
				},
			},
		]);
		expect(read).toEqual([
			expect.objectContaining({
				path: video,
				durationSec: expect.closeTo(5, 1) as number,
				video: expect.objectContaining({ width: 480, height: 352 }) as object,
			}),
		]);
	});

	it('gets the best moments of a transcript, and the node asks for no model of its own', async () => {
		const transcript = inMediaFolder('words.json');
		const tool = findHighlights({ transcriptPath: byModel('Transcript_File') });
		const { read } = await askAgent('highlights', version, tool, { Transcript_File: transcript });
		expect(read).toContainEqual(
			expect.objectContaining({ chosenBy: 'scorer', hook, transcriptPath: transcript }),
		);
		// What the model reads is paid for by the word.
		expect(read.every((highlight) => !('words' in highlight))).toBe(true);
	});
});

describe('networks, which n8n lets a model define as text only,', () => {
	const tool = media('validate', { filePath, platforms: byModel('Platforms') });
	const validate = async (name: string, platforms: string) => {
		const args = { File_Path: inMediaFolder('video.mp4'), Platforms: platforms };
		return (await askAgent(name, 3.1, tool, args)).read;
	};

	it.each([
		['commas', 'YouTube, x'],
		['json', '["youtube", "x"]'],
	])('are understood in %s', async (name, platforms) => {
		const checked = ['youtube', 'x'].map((platform) => expect.objectContaining({ platform }) as object);
		expect(await validate(name, platforms)).toEqual([expect.objectContaining({ platforms: checked })]);
	});

	it('are told to it when it names another one', async () => {
		expect(await validate('another', 'MySpace')).toEqual([
			{ error: expect.stringMatching(/"youtube".*"instagram"/) as string },
		]);
	});
});

it('joins nothing, because a tool gets one video per call', async () => {
	const args = { File_Path: inMediaFolder('video.mp4') };
	const { read } = await askAgent('join', 3.1, media('concatenate', { filePath }), args);
	expect(read).toEqual([{ error: expect.stringContaining('one is nothing to join') as string }]);
});

describe('a model that fills in something wrong', () => {
	// Only the engine hands errors over as they are.
	const version = 3.1;

	it('reads which folder it may use when it names a file elsewhere', async () => {
		const { read } = await askAgent('elsewhere', version, media('probe', { filePath }), {
			File_Path: '/etc/hostname',
		});
		expect(read).toEqual([
			{
				error: `n8n does not allow access to "/etc/hostname". Use a path under ${n8n.stack.mediaFolder}, or extend N8N_RESTRICT_FILE_ACCESS_TO.`,
			},
		]);
	});

	it.each([
		['no-video', 'No video was given', media('probe')],
		['no-transcript', 'No transcript was given', findHighlights()],
	])('reads what is missing when the field still waits for an earlier node: %s', async (name, said, tool) => {
		const { read } = await askAgent(name, version, tool, {});
		expect(read).toEqual([{ error: expect.stringContaining(said) as string }]);
	});
});
