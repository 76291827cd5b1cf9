import type { AdapterContext } from '../../../lib/publishing/adapter';
import type { PublishJournal } from '../../../lib/publishing/ports';
import type { PostContent } from '../../../lib/publishing/post';
import type { PublishJob } from '../../../lib/publishing/publish';
import type { OpenMedia } from './media';
import { readMediaFacts } from './media-facts';
import type { OperationInput } from './operation-input';
import { publicMediaUrl } from './public-media';

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
	readonly media: OpenMedia | null;
	readonly journal: PublishJournal;
}): Promise<PublishJob> {
	const mediaFacts = media && (await readMediaFacts(media, surroundings));
	const address = await publicMediaUrl(input, media, surroundings.signal);
	return {
		adapter: input.wiring.adapter,
		context: surroundings,
		draft: { content, media: media?.source ?? null, ...(address && { publicMediaUrl: address }) },
		mediaFacts,
		journal,
	};
}
