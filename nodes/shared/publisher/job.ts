import type { AdapterContext, DraftMedia } from '../../../lib/publishing/adapter';
import type { PublishJournal } from '../../../lib/publishing/ports';
import type { PostContent } from '../../../lib/publishing/post';
import type { PublishJob } from '../../../lib/publishing/publish';
import type { OpenMedia } from './media';
import { readMediaFacts } from './media-facts';
import type { OperationInput } from './operation-input';
import { publicAddresses } from './public-media';

export async function makeJob({
	input,
	surroundings,
	content,
	media,
	journal,
}: {
	readonly input: OperationInput;
	readonly surroundings: AdapterContext;
	readonly content: PostContent;
	readonly media: readonly OpenMedia[];
	readonly journal: PublishJournal;
}): Promise<PublishJob> {
	const addressOf = await publicAddresses(input, surroundings.signal);
	const drafted: DraftMedia[] = [];
	for (const each of media) {
		const publicUrl = addressOf(each);
		drafted.push({
			source: each.source,
			facts: await readMediaFacts(each, surroundings),
			...(each.altText && { altText: each.altText }),
			...(publicUrl && { publicUrl }),
		});
	}
	return {
		adapter: input.wiring.adapter,
		context: surroundings,
		draft: { content, media: drafted },
		journal,
	};
}
