// Meta's codes as Threads uses them (facts 3.5 for the shape, 7.4 for the codes).
import { commonGraphErrors, graphError, type GraphNetwork } from '../graph-errors';
import type { ErrorTable } from '../error-table';
import type { PublishError } from '../../publishing/errors';
import type { HttpResponse } from '../../publishing/ports';

const notPublishable = {
	class: 'platform',
	remedy: 'Threads no longer has what was uploaded. It is tried again by itself.',
	facts: '7.4',
} as const;

export const threadsErrors: ErrorTable = {
	...commonGraphErrors('Threads', '7.4'),
	'-1': {
		class: 'platform',
		remedy: 'Threads stumbled; nothing has to be changed. Try again in some minutes.',
		facts: '7.4',
	},
	'100': {
		class: 'validation',
		remedy: 'Correct the field that Threads names, then publish again.',
		facts: '7.4',
	},
	'24': notPublishable,
	'/4279009': notPublishable,
	'/4279013': {
		class: 'rejected',
		scope: 'account',
		remedy: 'Threads restricted this account. Look at it in the Threads app.',
		facts: '7.4',
	},
	'/2207051': {
		class: 'rejected',
		scope: 'account',
		remedy: 'Threads blocked this activity as suspicious. Pause the account and look at it in the app.',
		facts: '7.4',
	},
};

export const threadsNetwork: GraphNetwork = {
	platform: 'threads',
	displayName: 'Threads',
	errors: threadsErrors,
};

export function threadsError(response: HttpResponse, now: Date, doing: string): PublishError {
	return graphError(threadsNetwork, response, now, doing);
}

/** What a container says when its media did not work out (facts 7.2), and what a person can do. */
const containerRemedies: Readonly<Record<string, string>> = {
	FAILED_PROCESSING_AUDIO: 'Render the audio as AAC with 48 kHz and one or two channels.',
	FAILED_PROCESSING_VIDEO: 'Render the media as MP4 with H.264 and AAC, at most 5 minutes.',
	INVALID_ASPEC_RATIO: 'Crop the media, for example to 9:16.',
	INVALID_BIT_RATE: 'Render with at most 100 Mbit/s.',
	INVALID_DURATION: 'Cut the clip to at most 5 minutes.',
	INVALID_FRAME_RATE: 'Render at 30 frames per second.',
	INVALID_AUDIO_CHANNELS: 'Render the audio with one or two channels.',
	INVALID_AUDIO_CHANNEL_LAYOUT: 'Render the audio with one or two channels.',
	UNKNOWN: 'Render the media as MP4 with H.264 and AAC (or as JPEG), and publish again.',
};

/** Threads could not get the media at all: perhaps a passing trouble of the server that gives it. */
export const downloadFailed = 'FAILED_DOWNLOADING_VIDEO';

export function containerRemedy(code: string): string {
	return containerRemedies[code] ?? 'Look at what Threads says, render the media anew and publish again.';
}
