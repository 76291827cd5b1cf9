// When each clip goes out. Pure: the same request gives the same times, so a request that comes twice plans
// the same posts.

export interface PlannedClip<Clip> {
	readonly clip: Clip;
	readonly scheduledAt: Date;
}

/** The first clip at `startAt`, each further one `spacingMinutes` later, on every account alike. */
export function planClips<Clip>(
	clips: readonly Clip[],
	{ startAt, spacingMinutes }: { readonly startAt: Date; readonly spacingMinutes: number },
): readonly PlannedClip<Clip>[] {
	return clips.map((clip, index) => ({
		clip,
		scheduledAt: new Date(startAt.getTime() + index * spacingMinutes * 60_000),
	}));
}
