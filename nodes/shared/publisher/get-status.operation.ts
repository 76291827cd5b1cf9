import type { IDataObject } from 'n8n-workflow';
import { asJson } from './json';
import type { OperationInput } from './operation-input';
import { adapterContext } from './surroundings';

export async function getStatus({ context, wiring, itemIndex }: OperationInput): Promise<IDataObject> {
	const id = String(context.getNodeParameter('platformPostId', itemIndex)).trim();
	if (!id) {
		throw Object.assign(new Error('The ID of the post is empty.'), {
			remedy: 'Give the ID that the network gave the post: platformPostId in the output of Publish.',
		});
	}
	const surroundings = await adapterContext(context, wiring, itemIndex);
	return asJson({ ...(await wiring.adapter.status(surroundings, id)) });
}
