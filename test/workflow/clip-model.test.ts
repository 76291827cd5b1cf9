// The Clip Extractor in a real n8n with n8n's own chat model node on its Model input.
import { z } from 'zod';

import { callN8n } from '../../scripts/stack/n8n/http';
import { startChatModelServer, type ChatModelServer } from '../support/chat-model-server';
import { eventually } from '../support/eventually';
import { bootDeadlineMs, bootN8n, type TestStack } from '../support/n8n';

let n8n: TestStack;
let model: ChatModelServer;
let modelNode: object;

jest.setTimeout(90_000);

const idSchema = z.looseObject({ id: z.string() });

async function callApi(path: string, body: object): Promise<unknown> {
	const { url, apiKey } = n8n.stack.n8n;
	const headers = { 'X-N8N-API-KEY': apiKey };
	const answer = await callN8n({ method: 'POST', url: `${url}/api/v1${path}`, headers, body });
	if (answer.status < 300) return answer.body;
	throw new Error(`${path}: HTTP ${answer.status} ${answer.text.slice(0, 500)}`);
}

beforeAll(async () => {
	model = await startChatModelServer();
	n8n = await bootN8n({ isPrepared: false });
	const data = { apiKey: model.apiKey, url: model.url, header: false };
	const { id } = idSchema.parse(await callApi('/credentials', { name: 'Model', type: 'openAiApi', data }));
	modelNode = {
		name: 'Model',
		type: '@n8n/n8n-nodes-langchain.lmChatOpenAi',
		typeVersion: 1.2,
		parameters: { model: { __rl: true, mode: 'id', value: 'small' }, options: { maxRetries: 0 } },
		credentials: { openAiApi: { id, name: 'Model' } },
	};
}, bootDeadlineMs);

afterAll(async () => {
	await n8n?.stop();
	await model?.close();
}, 60_000);

const said = [
	'Honey never spoils.',
	'Did you know that people still eat it?',
	'It holds very little water.',
	'Nothing can live in it.',
];
const transcript = said
	.join(' ')
	.split(' ')
	.map((text, index) => ({ text, startSec: index, endSec: index + 0.9 }));
const findHighlights = {
	...{ resource: 'clip', operation: 'findHighlights', wantedClips: 2, options: { minSec: 3, maxSec: 10 } },
	...{ transcriptFrom: 'json', transcript: JSON.stringify(transcript) },
};
const clipNode = { type: 'n8n-nodes-stackkraft.clipExtractor', typeVersion: 1, parameters: findHighlights };

type Wires = Readonly<Record<string, readonly [type: string, to: string]>>;

/** A webhook that answers with what the node behind it gives. */
async function run(path: string, nodes: readonly object[], wires: Wires): Promise<unknown> {
	const webhook = {
		...{ name: 'Webhook', type: 'n8n-nodes-base.webhook', typeVersion: 2, webhookId: path },
		parameters: { path, responseMode: 'lastNode', responseData: 'allEntries' },
	};
	const placed = [webhook, ...nodes].map((node, index) => ({
		...{ id: `${path}-${index}`, position: [index * 200, 0] },
		...node,
	}));
	const connections = Object.fromEntries(
		Object.entries(wires).map(([from, [type, node]]) => [from, { [type]: [[{ node, type, index: 0 }]] }]),
	);
	const body = { name: path, nodes: placed, connections, settings: { executionOrder: 'v1' } };
	const { id } = idSchema.parse(await callApi('/workflows', body));
	await callApi(`/workflows/${id}/activate`, {});
	const url = `${n8n.stack.n8n.url}/webhook/${path}`;
	// n8n answers that it is active before its webhooks are there.
	const answer = await eventually(`${path} answers`, async () => {
		const one = await callN8n({ method: 'GET', url, deadlineMs: 60_000 });
		return one.status === 404 ? undefined : one;
	});
	if (answer.status >= 300) throw new Error(`${path}: HTTP ${answer.status} ${answer.text.slice(0, 500)}`);
	return answer.body;
}

const withModel = (path: string): Promise<unknown> =>
	run(path, [{ name: 'Clips', ...clipNode }, modelNode], {
		Webhook: ['main', 'Clips'],
		Model: ['ai_languageModel', 'Clips'],
	});

it('takes what n8n’s own chat model node proposes, where the transcript says the same', async () => {
	const proposal = {
		firstSentence: 1,
		lastSentence: 1,
		openingWords: 'Did you know that people',
		title: 'Old honey',
	};
	const invented = { ...proposal, firstSentence: 3, lastSentence: 3 };
	model.answerWith(JSON.stringify({ clips: [proposal, invented] }));
	const clips = await withModel('proposals');
	expect(clips).toEqual(
		expect.arrayContaining([
			expect.objectContaining({ chosenBy: 'model', title: 'Old honey', hook: said[1] }),
		]),
	);
	expect(clips).toEqual(
		expect.arrayContaining([
			expect.objectContaining({
				model: expect.objectContaining({
					proposed: 2,
					accepted: 1,
					refused: [expect.stringContaining('does not begin with')],
				}),
			}),
		]),
	);
	expect(JSON.stringify(model.asked.at(-1)?.messages)).toContain(said[3]);
});

it('chooses by itself when the model answers with something else than JSON, and says so', async () => {
	model.answerWith('What a lovely talk!');
	const clips = await withModel('prose');
	expect(clips).toEqual(
		expect.arrayContaining([
			expect.objectContaining({
				chosenBy: 'scorer',
				model: expect.objectContaining({ fallback: expect.stringContaining('not the JSON') }),
			}),
		]),
	);
});
