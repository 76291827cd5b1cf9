// A chat model proposes, the transcript decides, the scorer fills up what is missing.
import { overlap } from '../choose-together';
import { fillUp, type Candidate, type ClipSpace } from '../highlights';
import { askModel, type ChatModel } from './chat-model';
import { checkProposal, readProposals, type Accepted, type Verdict } from './check-answer';
import { promptFor, windowsOf, type Window } from './prompt';

/** What became of the model's proposals, for the person who connected it. */
export interface ModelReport {
	readonly calls: number;
	readonly proposed: number;
	readonly accepted: number;
	readonly refused: readonly string[];
	/** Set when the scorer had to choose for parts of the talk, or for all of it, and why. */
	readonly fallback?: string;
}

export interface ModelChoice {
	readonly candidates: readonly Candidate[];
	/** The model's own texts, for those that it proposed. */
	readonly texts: ReadonlyMap<Candidate, Pick<Accepted, 'title' | 'reason'>>;
	readonly report: ModelReport;
}

const MOST_TOLD = 20;

export async function chooseWithModel(
	space: ClipSpace,
	model: ChatModel,
	signal: AbortSignal,
): Promise<ModelChoice> {
	const windows = windowsOf(space.talk.sentences);
	const failures: string[] = [];
	const verdicts: Verdict[] = [];
	for (const window of windows) {
		const answer = await propose(space, { model, window, share: windows.length, signal });
		if (typeof answer === 'string') failures.push(answer);
		else verdicts.push(...answer.map((raw) => checkProposal(space, window, raw)));
	}
	const found = verdicts.flatMap((verdict) => ('accepted' in verdict ? [verdict.accepted] : []));
	const refused = verdicts.flatMap((verdict) => ('refused' in verdict ? [verdict.refused] : []));
	const taken = withoutOverlaps(found, space.wishes.wantedClips, refused);
	const why = failures[0] ?? (taken.length === 0 ? 'none of its proposals is in the transcript' : undefined);
	return {
		candidates: await fillUp(
			space,
			taken.map((each) => each.candidate),
			signal,
		),
		texts: new Map(taken.map(({ candidate, title, reason }) => [candidate, { title, reason }])),
		report: {
			calls: windows.length,
			proposed: verdicts.length,
			accepted: taken.length,
			refused: refused.slice(0, MOST_TOLD),
			...(why && { fallback: `The chat model was not used for ${partOf(failures, windows)}: ${why}.` }),
		},
	};
}

interface Request {
	readonly model: ChatModel;
	readonly window: Window;
	/** Of how many windows this is one. */
	readonly share: number;
	readonly signal: AbortSignal;
}

/** What the model proposes for one window, or why it proposes nothing. */
async function propose(
	{ talk, wishes }: ClipSpace,
	{ model, window, share, signal }: Request,
): Promise<unknown[] | string> {
	// More than are needed, because some will be refused.
	const wanted = Math.ceil((wishes.wantedClips * 1.5) / share) + 1;
	const answer = await askModel(model, promptFor(talk.sentences, window, wishes, wanted), signal);
	if ('failure' in answer) return answer.failure;
	return readProposals(answer.text) ?? 'its answer is not the JSON that was asked for';
}

/** The best by our own score; a proposal that overlaps a better one is told as refused. */
function withoutOverlaps(found: readonly Accepted[], wanted: number, refused: string[]): Accepted[] {
	const taken: Accepted[] = [];
	for (const each of [...found].sort((a, b) => b.candidate.score - a.candidate.score)) {
		const { first, end } = each.candidate;
		if (taken.length >= wanted) break;
		if (taken.some((other) => overlap(other.candidate, each.candidate))) {
			refused.push(`sentences ${first} to ${end - 1} overlap a better proposal`);
		} else taken.push(each);
	}
	return taken;
}

const partOf = (failures: readonly string[], windows: readonly Window[]): string =>
	failures.length > 0 && failures.length < windows.length
		? `${failures.length} of ${windows.length} parts of the talk`
		: 'the choice';
