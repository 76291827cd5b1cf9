// The second step of three: a transcript in, the chosen spans with their texts out. No media is touched.
import { tooLittleSpeech, checkWishes, defaults } from './extract-checks';
import { clipSpace, fillUp, toHighlight, type Highlight } from './highlights';
import type { ChatModel } from './model-choice/chat-model';
import { chooseWithModel, type ModelChoice, type ModelReport } from './model-choice/choose-with-model';
import { suggestTexts, type Suggestions } from './suggestions';
import type { Transcript } from './transcript';

export interface ChooseOptions {
	readonly transcript: Transcript;
	/** What people know the source by. */
	readonly sourceName: string;
	readonly wantedClips?: number | undefined;
	readonly minSec?: number | undefined;
	readonly maxSec?: number | undefined;
	/** Asked for proposals when given; each is checked against the transcript. */
	readonly model?: ChatModel | undefined;
	readonly signal: AbortSignal;
}

export interface ChosenClip extends Omit<Highlight, 'sentences'> {
	readonly title: string;
	/** The sentence that the clip opens with. */
	readonly hook: string;
	readonly chosenBy: 'scorer' | 'model';
	readonly suggestions: Suggestions;
}

export interface Choice {
	readonly clips: readonly ChosenClip[];
	/** Only when a model was asked. */
	readonly model?: ModelReport;
}

/** Throws `too-short` when no clip can be made of what is said. */
export async function chooseClips(options: ChooseOptions): Promise<Choice> {
	checkWishes(options);
	const space = clipSpace(options.transcript, {
		wantedClips: options.wantedClips ?? defaults.wantedClips,
		minSec: options.minSec ?? defaults.minSec,
		maxSec: options.maxSec ?? defaults.maxSec,
		durationSec: options.transcript.durationSec,
	});
	const choice = options.model && (await chooseWithModel(space, options.model, options.signal));
	const candidates = choice?.candidates ?? (await fillUp(space, [], options.signal));
	if (candidates.length === 0) throw tooLittleSpeech(options.sourceName);
	const clips = candidates.map((candidate) =>
		toChosen(toHighlight(space, candidate), space.talk.counts, choice?.texts.get(candidate)),
	);
	return { clips, ...(choice && { model: choice.report }) };
}

type OwnTexts = ReturnType<ModelChoice['texts']['get']>;

function toChosen(
	{ sentences, ...highlight }: Highlight,
	counts: ReadonlyMap<string, number>,
	own: OwnTexts,
): ChosenClip {
	const suggestions = suggestTexts({ ...highlight, sentences }, counts);
	const title = own?.title || suggestions.title;
	return {
		...highlight,
		reason: own?.reason ? `${own.reason} (${highlight.reason})` : highlight.reason,
		title,
		hook: sentences[0]?.text ?? '',
		chosenBy: own ? 'model' : 'scorer',
		suggestions: { ...suggestions, title },
	};
}
