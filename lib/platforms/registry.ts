// Every network that this package can publish to. A new one is a folder and a line here.
import type { PlatformAdapter } from '../publishing/adapter';
import type { Platform } from '../publishing/platform';
import { facebookAdapter } from './facebook/adapter';
import { instagramAdapter } from './instagram/adapter';
import { linkedInAdapter } from './linkedin/adapter';
import { threadsAdapter } from './threads/adapter';
import { tiktokAdapter } from './tiktok/adapter';
import { xAdapter } from './x/adapter';
import { youtubeAdapter } from './youtube/adapter';

export const platformAdapters: ReadonlyMap<Platform, PlatformAdapter> = new Map(
	[
		youtubeAdapter,
		tiktokAdapter,
		instagramAdapter,
		xAdapter,
		linkedInAdapter,
		facebookAdapter,
		threadsAdapter,
	].map((adapter) => [adapter.description.platform, adapter]),
);

export function adapterFor(platform: Platform): PlatformAdapter {
	const adapter = platformAdapters.get(platform);
	if (adapter) return adapter;
	throw new Error(`Publishing to ${platform} is not part of this version.`);
}
