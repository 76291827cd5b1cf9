// The Clip Extractor in a real n8n with n8n's own chat model node on its Model input.
import { startChatModelServer, type ChatModelServer } from '../support/chat-model-server';
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
}, bootDeadlineMs);

afterAll(async () => {
	await n8n?.stop();
	await model?.close();
});

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

const withModel = (path: string): Promise<unknown> =>
	runByWebhook(n8n.stack.n8n, {
		path,
		nodes: [{ name: 'Clips', ...clipNode }, modelNode],
		wires: { Webhook: ['main', 'Clips'], Model: ['ai_languageModel', 'Clips'] },
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
