// The count. What the public can see against what was asked for and what is written down; pure, so that a test can
// show that each way of being wrong is seen.

export interface IntendedPost {
	readonly postId: string;
	/** Stands in this public post and in no other. */
	readonly mark: string;
	/** Its record names another id than people see, and the same address. */
	readonly isKnownByAddress?: boolean;
}

export interface RecordedPost {
	readonly postId: string;
	readonly state: string;
	readonly platformPostId: string | null;
	readonly url: string | null;
	readonly errorClass: string | null;
	readonly errorCode: string | null;
	/** It stands in the dead letters, which is what people are told of. */
	readonly isTold: boolean;
}

export interface PublicPost {
	readonly platformPostId: string;
	readonly url: string;
	/** All that it says and shows: its words, and the hashes of its media. */
	readonly words: string;
}

export type Finding = 'posted' | 'person' | 'lost' | 'duplicated' | 'stuck';

export interface Verdict {
	readonly postId: string;
	readonly finding: Finding;
	readonly why: string;
}

export function judge(
	intended: IntendedPost,
	recorded: RecordedPost | undefined,
	everything: readonly PublicPost[],
): Verdict {
	const seen = everything.filter(({ words }) => words.includes(intended.mark));
	const of = (finding: Finding, why: string): Verdict => ({ postId: intended.postId, finding, why });
	if (seen.length > 1) return of('duplicated', `public ${seen.length} times`);
	if (!recorded) return of('lost', 'accepted, and not in the database');
	const [live] = seen;
	switch (recorded.state) {
		case 'posted':
			if (!live) return of('lost', 'recorded as posted, and not public');
			return isSame(intended, recorded, live)
				? of('posted', '')
				: of('lost', `recorded as ${nameOf(recorded)}, public as ${nameOf(live)}`);
		case 'failed':
			return ofFailed(recorded, live, of);
		default:
			return of('stuck', `still ${recorded.state} after all the time that passed`);
	}
}

function isSame({ isKnownByAddress }: IntendedPost, recorded: RecordedPost, live: PublicPost): boolean {
	return isKnownByAddress ? recorded.url === live.url : recorded.platformPostId === live.platformPostId;
}

function nameOf({ platformPostId, url }: Pick<RecordedPost, 'platformPostId' | 'url'>): string {
	return `${platformPostId} at ${url}`;
}

function ofFailed(
	{ errorClass, errorCode, isTold }: RecordedPost,
	live: PublicPost | undefined,
	of: (finding: Finding, why: string) => Verdict,
): Verdict {
	const why = `${errorClass ?? 'no class'} ${errorCode ?? ''}`.trim();
	if (!isTold) return of(live ? 'duplicated' : 'lost', `failed (${why}), and nobody is told`);
	// Whoever redrives what is public posts it twice, unless the record says that it may be public.
	if (live && errorClass !== 'unknown') return of('duplicated', `failed (${why}), and public`);
	return of('person', why);
}
