import type { NetworkFactory } from './core/network';
import { createInstagram } from './instagram';
import { createFacebook } from './facebook';
import { createLinkedIn } from './linkedin';
import { createThreads } from './threads';
import { createTikTok } from './tiktok';
import { createX } from './x';
import { createYouTube } from './youtube';

/** A further network is one folder and one line here. */
export const NETWORKS = {
	youtube: createYouTube,
	tiktok: createTikTok,
	instagram: createInstagram,
	x: createX,
	threads: createThreads,
	linkedin: createLinkedIn,
	facebook: createFacebook,
} as const satisfies Record<string, NetworkFactory>;

export type NetworkName = keyof typeof NETWORKS;

export const NETWORK_NAMES = Object.keys(NETWORKS) as NetworkName[];
