import type { IDataObject } from 'n8n-workflow';
import type { MediaItem } from '../../../lib/publishing/adapter';
import { asJson } from './json';
import { closeAll, openParameterMedia } from './media';
import { readMediaFacts } from './media-facts';
import { readItemContent } from './read-content';
import type { OperationInput } from './operation-input';
import { nodeLogger } from './surroundings';

/** Sends nothing and needs no account: everything that Publish would refuse, said beforehand. */
export async function validate(input: OperationInput): Promise<IDataObject> {
	const { context, wiring, itemIndex } = input;
	const { adapter } = wiring;
	const signal = context.getExecutionCancelSignal() ?? new AbortController().signal;
	const media = await openParameterMedia(context, itemIndex);
	try {
		const log = nodeLogger(context);
		const items: MediaItem[] = [];
		for (const { altText, ...each } of media) {
			items.push({ facts: await readMediaFacts(each, { log, signal }), ...(altText && { altText }) });
		}
		const content = readItemContent(input);
		const violations = adapter.validate(content, items);
		return asJson({
			platform: adapter.description.platform,
			isValid: violations.length === 0,
			violations,
			...(adapter.costMicrosUsd && { costMicrosUsd: adapter.costMicrosUsd(content, items) }),
			media: items.map(({ facts }) => facts),
		});
	} finally {
		await closeAll(media);
	}
}
