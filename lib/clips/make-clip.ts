// One chosen span becomes one file. A file that an earlier run has finished is used again.
import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

import { contentHash, hardwareEncoder, writeWhole } from '../media';
import type { Platform } from '../publishing/platform';
import type { CaptionStyleName } from './captions/caption-styles';
import { subtitleText, type SubtitleFormat } from './captions/subtitle-text';
import { clipIdentity } from './clip-identity';
import type { ClipRun, Source } from './clip-run';
import { encodingProfiles, outputSize } from './encoding-profiles';
import type { Aspect, FrameSize } from './framing/aspect';
import type { Framing } from './framing/plan-framing';
import { renderClip } from './render-clip';
import type { TimedWord } from './transcript';

export interface ClipSpan {
	readonly startSec: number;
	readonly endSec: number;
	/** What is said in it, with the source's times; empty when nobody knows. */
	readonly words: readonly TimedWord[];
}

export interface ClipLook {
	/** Whether the words are shown in the picture. */
	readonly captions: boolean;
	readonly captionStyle?: CaptionStyleName | undefined;
	readonly aspect?: Aspect | undefined;
	/** For one network alone; for all of them when not given. */
	readonly platform?: Platform | undefined;
	readonly removeSilences?: boolean | undefined;
	/** Subtitle files beside the clip. */
	readonly subtitles?: readonly SubtitleFormat[] | undefined;
	readonly useHardware?: boolean | undefined;
}

export interface ClipFile {
	/** The same for the same source bytes, span and settings, on every machine and in every run. */
	readonly clipId: string;
	readonly path: string;
	readonly sizeBytes: number;
	readonly width: number;
	readonly height: number;
	/** Of the file; shorter than the span where silences were taken out. */
	readonly durationSec: number;
	readonly sha256: string;
	readonly framing: Framing;
	readonly hasCaptions: boolean;
	readonly subtitlePaths: readonly string[];
	/** What encoded the picture, and why it is not what was asked for. */
	readonly encoder: { readonly name: string; readonly note?: string | undefined };
	/** Whether an earlier run had made the file already. */
	readonly isReused: boolean;
}

const wordSchema = z.object({ text: z.string(), startSec: z.number(), endSec: z.number() });
// What a reused clip could otherwise only tell after all the work had been done again.
const notesSchema = z.object({
	framing: z.object({ mode: z.enum(['crop', 'fit-blur', 'mixed']), reason: z.string() }),
	durationSec: z.number(),
	words: z.array(wordSchema),
	encoder: z.object({ name: z.string(), note: z.string().optional() }),
});
type ClipNotes = z.infer<typeof notesSchema>;

interface Wanted {
	readonly file: string;
	readonly frame: FrameSize;
	readonly aspect: Aspect;
	readonly captions: CaptionStyleName | undefined;
}

export async function makeClip(
	run: ClipRun,
	source: Source,
	span: ClipSpan,
	{ look, onProgress }: { readonly look: ClipLook; readonly onProgress: (share: number) => void },
): Promise<ClipFile> {
	const aspect = look.aspect ?? '9:16';
	const captions = look.captions && span.words.length > 0 ? (look.captionStyle ?? 'highlight') : undefined;
	const clipId = idOf(source, span, { ...look, aspect, captionStyle: captions });
	const file = path.join(run.outputFolder, `clip-${clipId}.mp4`);
	const frame = outputSize(aspect, encodingProfiles[look.platform ?? 'everywhere']);
	const existing = await notesOf(file);
	const notes =
		existing ?? (await render({ run, source, span, look }, { file, frame, aspect, captions }, onProgress));
	const { framing, durationSec, encoder } = notes;
	return {
		clipId,
		path: file,
		sizeBytes: (await stat(file)).size,
		...frame,
		durationSec,
		sha256: await contentHash(file, run.signal),
		framing,
		hasCaptions: captions !== undefined,
		subtitlePaths: await writeSubtitles(file, notes, look.subtitles ?? []),
		encoder,
		isReused: existing !== undefined,
	};
}

function idOf(source: Source, span: ClipSpan, look: ClipLook & { readonly aspect: Aspect }): string {
	const { aspect, captionStyle = null, platform = null, removeSilences = false, useHardware = false } = look;
	// Without captions too: the subtitle files hold them, and the sound fades out behind the last one.
	const words = span.words.map(({ text, startSec, endSec }) => [text, startSec, endSec]);
	return clipIdentity({
		sourceSha256: source.sha256,
		startSec: span.startSec,
		endSec: span.endSec,
		look: [aspect, captionStyle, platform, removeSilences, useHardware, words],
	});
}

async function render(
	{ run, source, span, look }: { run: ClipRun; source: Source; span: ClipSpan; look: ClipLook },
	{ file, aspect, captions }: Wanted,
	onProgress: (share: number) => void,
): Promise<ClipNotes> {
	const profile = encodingProfiles[look.platform ?? 'everywhere'];
	const { plans, lengthSec, words, encoder } = await renderClip({
		...run,
		source,
		...span,
		removeSilences: look.removeSilences,
		outputs: [{ aspect, profile, targetPath: file, captions }],
		encoder: look.useHardware ? await hardwareEncoder(run) : undefined,
		onProgress,
	});
	const [plan] = plans;
	const notes: ClipNotes = {
		framing: { mode: plan?.mode ?? 'crop', reason: plan?.reason ?? '' },
		durationSec: Math.round(lengthSec * 1000) / 1000,
		words: [...words],
		encoder: { name: encoder.name, ...(encoder.note && { note: encoder.note }) },
	};
	await writeWhole(notesFile(file), (partial) => writeFile(partial, JSON.stringify(notes)));
	return notes;
}

const notesFile = (clip: string): string => clip.replace(/\.mp4$/, '.json');

/** Only with its notes a clip is finished: they are written after it. */
async function notesOf(clip: string): Promise<ClipNotes | undefined> {
	try {
		await stat(clip);
		return notesSchema.parse(JSON.parse(await readFile(notesFile(clip), 'utf8')));
	} catch {
		return undefined;
	}
}

async function writeSubtitles(
	clip: string,
	{ words, durationSec }: ClipNotes,
	formats: readonly SubtitleFormat[],
): Promise<string[]> {
	return await Promise.all(
		formats.map(async (format) => {
			const file = clip.replace(/\.mp4$/, `.${format}`);
			await writeWhole(file, (partial) => writeFile(partial, subtitleText(words, durationSec, format)));
			return file;
		}),
	);
}
