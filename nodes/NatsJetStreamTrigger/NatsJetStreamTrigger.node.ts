import {
	NodeConnectionTypes,
	type INodeType,
	type INodeTypeDescription,
	type ITriggerFunctions,
	type ITriggerResponse,
} from 'n8n-workflow';
import { toNodeError } from '../shared/errors';
import { natsCredential, natsSettings, testNatsCredential } from '../shared/nats';
import { listen } from './listen';
import { peekForEditor } from './manual';
import { properties } from './properties';
import { readSettings } from './settings';

export class NatsJetStreamTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'NATS JetStream Trigger',
		name: 'natsJetStreamTrigger',
		icon: { light: 'file:nats-jet-stream-trigger.svg', dark: 'file:nats-jet-stream-trigger.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["stream"] === "custom" ? $parameter["streamName"] : $parameter["stream"] }}',
		description:
			'Starts the workflow for each message of a stream, and acknowledges it after the workflow succeeded',
		eventTriggerDescription: '',
		activationMessage: 'Messages of the stream now start this workflow.',
		defaults: { name: 'NATS JetStream Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'stackKraftNatsApi', required: true, testedBy: 'testNats' }],
		properties,
	};

	methods = { credentialTest: { testNats: testNatsCredential } };

	async trigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
		try {
			const settings = readSettings(this);
			const nats = natsSettings(await this.getCredentials(natsCredential), `trigger ${settings.durable}`);
			if (this.getMode() === 'manual') return peekForEditor(this, nats, settings);
			const listening = await listen(this, nats, settings);
			return { closeFunction: async () => await listening.close() };
		} catch (error) {
			throw toNodeError(this.getNode(), error, 0);
		}
	}
}
