import {
	NodeConnectionTypes,
	type INodeType,
	type INodeTypeDescription,
	type ITriggerFunctions,
	type ITriggerResponse,
} from 'n8n-workflow';
import { toNodeError } from '../shared/errors';
import { postgresCredential, testPostgresCredential } from '../shared/postgres';
import { lookForEditor } from './manual';
import { properties, readTiming } from './properties';
import { watch } from './watch';

export class DuePostsTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Due Posts Trigger',
		name: 'duePostsTrigger',
		icon: { light: 'file:due-posts-trigger.svg', dark: 'file:due-posts-trigger.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '=every {{ $parameter["options"]["lookSec"] ?? 1 }} s',
		description: 'Starts the workflow in the second in which posts are due, and only then',
		eventTriggerDescription: '',
		activationMessage: 'Posts that are due now start this workflow.',
		defaults: { name: 'Due Posts Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: postgresCredential, required: true, testedBy: 'testPostgresCredential' }],
		properties,
	};

	methods = { credentialTest: { testPostgresCredential } };

	async trigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
		try {
			if (this.getMode() === 'manual') return lookForEditor(this);
			return await watch(this, readTiming(this));
		} catch (error) {
			throw toNodeError(this.getNode(), error, 0);
		}
	}
}
