import type { AdapterContext } from '../../../lib/publishing/adapter';
import type { PublishJournal } from '../../../lib/publishing/ports';
import type { PostContent } from '../../../lib/publishing/post';
import type { PublishJob } from '../../../lib/publishing/publish';
import type { OpenMedia } from './media';
import { readMediaFacts } from './media-facts';
import type { PublisherWiring } from './wiring';

export async function makeJob({
	wiring,
	surroundings,
	content,
	media,
	journal,
}: {
	readonly wiring: PublisherWiring;
	readonly surroundings: AdapterContext;
	readonly content: PostContent;
	readonly media: OpenMedia | null;
	readonly journal: PublishJournal;
}): Promise<PublishJob> {
	return {
		adapter: wiring.adapter,
		context: surroundings,
		draft: { content, media: media?.source ?? null },
		mediaFacts: media && (await readMediaFacts(media, surroundings)),
		journal,
	};
}
