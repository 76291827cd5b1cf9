import type { NetworkFactory } from './core/network';
import { createX } from './x';
import { createYouTube } from './youtube';

/** A further network is one folder and one line here. */
export const NETWORKS = {
	youtube: createYouTube,
	x: createX,
} as const satisfies Record<string, NetworkFactory>;

export type NetworkName = keyof typeof NETWORKS;

export const NETWORK_NAMES = Object.keys(NETWORKS) as NetworkName[];
