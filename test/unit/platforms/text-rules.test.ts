import type { MediaFacts } from '../../../lib/publishing/adapter';
import { platformAdapters, adapterFor } from '../../../lib/platforms/registry';
import { platformSchema } from '../../../lib/publishing/platform';

const video: MediaFacts = {
	kind: 'video',
	mimeType: 'video/mp4',
	sizeBytes: 1_000_000,
	durationSec: 30,
	widthPx: 1080,
	heightPx: 1920,
	framesPerSec: 30,
};

const rules = (violations: readonly { rule: string }[]): string[] => violations.map(({ rule }) => rule);

describe('the registry', () => {
	it('knows every adapter by its own platform', () => {
		for (const [platform, adapter] of platformAdapters) expect(adapter.description.platform).toBe(platform);
		expect([...platformAdapters.keys()]).toEqual(platformSchema.options);
		for (const platform of platformSchema.options) {
			expect(adapterFor(platform).description.platform).toBe(platform);
		}
	});
});
