// A whole video, or a part of it, in the form that each of several networks wants: one look and one decode for all.
import { randomUUID } from 'node:crypto';
import path from 'node:path';

import { ClipError, hardwareEncoder, prepareOutputFolder, probe } from '../media';
import type { Platform } from '../publishing/platform';
import type { CaptionStyleName } from './captions/caption-styles';
import { clipRun, type RunOptions } from './clip-run';
import { encodingProfiles, type EncodingProfile } from './encoding-profiles';
import type { Aspect } from './framing/aspect';
import type { Framing } from './framing/plan-framing';
import { outputName } from './output-name';
import { renderClip } from './render-clip';
import type { TimedWord } from './transcript';

export interface PlatformRenderOptions extends RunOptions {
	readonly platforms: readonly Platform[];
	readonly aspect: Aspect;
	readonly startSec?: number | undefined;
	readonly endSec?: number | undefined;
	/** What happens to more than a network takes. */
	readonly whenTooLong: 'fail' | 'cut';
	readonly words?: readonly TimedWord[] | undefined;
	/** Needs words. */
	readonly captionStyle?: CaptionStyleName | undefined;
	readonly removeSilences?: boolean | undefined;
	readonly useHardware?: boolean | undefined;
	readonly onProgress?: ((share: number) => void) | undefined;
}

export interface PlatformFile {
	readonly platform: Platform;
	readonly path: string;
	readonly framing: Framing;
	readonly encoder: { readonly name: string; readonly note?: string | undefined };
}

export async function renderForPlatforms(options: PlatformRenderOptions): Promise<PlatformFile[]> {
	const profiles = [...new Set(options.platforms)].map((platform) => ({
		...encodingProfiles[platform],
		platform,
	}));
	if (profiles.length === 0) {
		throw new ClipError('settings', 'No network was chosen.', 'Choose at least one network to render for.');
	}
	return await clipRun(options, async (run) => {
		const source = await probe(run.sourcePath, run);
		if (!source.video) {
			throw new ClipError(
				'no-video',
				`"${path.basename(run.sourcePath)}" has no picture.`,
				'Give a video file.',
			);
		}
		await prepareOutputFolder(run.outputFolder);
		const encoder = options.useHardware ? await hardwareEncoder(run) : undefined;
		const name = outputName(run.sourcePath);
		const made: PlatformFile[] = [];
		const spans = spansFor(profiles, options, source.durationSec);
		for (const [index, { startSec, endSec, members }] of spans.entries()) {
			const outputs = members.map((profile) => {
				const file = `${name}-${profile.name}-${randomUUID().slice(0, 8)}.mp4`;
				const targetPath = path.join(run.outputFolder, file);
				return { aspect: options.aspect, profile, targetPath, captions: options.captionStyle };
			});
			const rendered = await renderClip({
				...run,
				...{ source, startSec, endSec, outputs, encoder },
				words: options.words ?? [],
				removeSilences: options.removeSilences,
				onProgress: (share) => options.onProgress?.((index + share) / spans.length),
			});
			const { mode = 'crop', reason = '' } = rendered.plans[0] ?? {};
			for (const { profile, targetPath } of outputs) {
				const { platform } = profile;
				made.push({ platform, path: targetPath, framing: { mode, reason }, encoder: rendered.encoder });
			}
		}
		return made;
	});
}

type PlatformProfile = EncodingProfile & { readonly platform: Platform };

interface Span {
	readonly startSec: number;
	readonly endSec: number;
	readonly members: PlatformProfile[];
}

/** Networks that take the same part of the video share one run. */
function spansFor(
	profiles: readonly PlatformProfile[],
	options: PlatformRenderOptions,
	durationSec: number,
): Span[] {
	const startSec = Math.max(0, options.startSec ?? 0);
	const wantedEndSec = Math.min(options.endSec ?? durationSec, durationSec);
	const spans = new Map<number, Span>();
	for (const profile of profiles) {
		const lengthSec = wantedEndSec - startSec;
		checkLength(profile, lengthSec, options.whenTooLong);
		const endSec = startSec + Math.min(lengthSec, profile.maxSec);
		const span = spans.get(endSec) ?? { startSec, endSec, members: [] };
		spans.set(endSec, { ...span, members: [...span.members, profile] });
	}
	return [...spans.values()];
}

function checkLength(profile: EncodingProfile, lengthSec: number, whenTooLong: 'fail' | 'cut'): void {
	if (!(lengthSec > 0)) {
		throw new ClipError('settings', 'The end is not after the start.', 'Give times inside the video.');
	}
	const length = `${lengthSec.toFixed(1)} seconds`;
	if (lengthSec < profile.minSec) {
		const takes = `${profile.name} takes nothing shorter than ${profile.minSec} seconds; this is ${length}.`;
		throw new ClipError('too-short', takes, 'Give a longer video, or leave this network out.');
	}
	if (lengthSec > profile.maxSec && whenTooLong === 'fail') {
		const takes = `${profile.name} takes at most ${profile.maxSec} seconds; this is ${length}.`;
		throw new ClipError(
			'settings',
			takes,
			'Give an end, choose to cut what is too long, or make clips of it.',
		);
	}
}
