import type { IDataObject } from 'n8n-workflow';
import { asJson } from './json';
import { openParameterMedia } from './media';
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
		const facts = media && (await readMediaFacts(media, { log: nodeLogger(context), signal }));
		const violations = adapter.validate(readItemContent(input), facts);
		return asJson({
			platform: adapter.description.platform,
			isValid: violations.length === 0,
			violations,
			media: facts,
		});
	} finally {
		await media?.close();
	}
}
