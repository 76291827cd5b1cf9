import { platformAdapters, adapterFor } from '../../../lib/platforms/registry';
import { platformSchema } from '../../../lib/publishing/platform';

describe('the registry', () => {
	it('knows every adapter by its own platform', () => {
		for (const [platform, adapter] of platformAdapters) expect(adapter.description.platform).toBe(platform);
		expect([...platformAdapters.keys()]).toEqual(platformSchema.options);
		for (const platform of platformSchema.options) {
			expect(adapterFor(platform).description.platform).toBe(platform);
		}
	});
});
