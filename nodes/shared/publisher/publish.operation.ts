import type { IDataObject } from 'n8n-workflow';
import { MemoryJournal } from '../../../lib/publishing/memory-journal';
import { publishPost } from '../../../lib/publishing/publish';
import { asJson } from './json';
import { closeAll, openParameterMedia } from './media';
import { publishClaimedPost, publishByKey } from './exactly-once';
import { told } from './follow-ups';
import { makeJob } from './job';
import { publicParentOf } from './public-media';
import { readItemContent } from './read-content';
import type { OperationInput } from './operation-input';
import { adapterContext } from './surroundings';

export async function publish(input: OperationInput): Promise<IDataObject> {
	const exactlyOnce = input.context.getNodeParameter('exactlyOnce', input.itemIndex, 'execution') as string;
	switch (exactlyOnce) {
		case 'claimedPost':
			return await publishClaimedPost(input);
		case 'idempotencyKey':
			return await publishByKey(input);
		default:
			return await publishWithoutDatabase(input);
	}
}

/** Whatever goes wrong is thrown: without a database nobody could come back to it later. */
async function publishWithoutDatabase(input: OperationInput): Promise<IDataObject> {
	const { context, wiring, itemIndex } = input;
	const content = readItemContent(input);
	const surroundings = await adapterContext(context, wiring, itemIndex);
	const media = await openParameterMedia(context, itemIndex, await publicParentOf(input));
	try {
		const journal = new MemoryJournal();
		const job = await makeJob({ input, surroundings, content, media, journal });
		const { live, followUps } = await publishPost(job);
		const { platform } = wiring.adapter.description;
		return asJson({ outcome: 'posted', platform, ...live, ...told(followUps) });
	} finally {
		await closeAll(media);
	}
}
