/** Facts 7.2, 7.3. Sizes are read the strict way where the docs do not say which megabyte they mean. */
export const threadsRules = {
	maxText: 500,
	maxLinks: 5,
	maxTopicTagChars: 50,
	maxAltTextChars: 1_000,
	/** A carousel, which begins at two. */
	maxMedia: 20,
	/** Not in the facts, which only name the field: Meta's guide on polls. */
	minPollAnswers: 2,
	maxPollAnswers: 4,
	maxPollChars: 25,
	maxImageBytes: 8_000_000,
	maxVideoBytes: 1_000_000_000,
	maxVideoSec: 300,
	minFramesPerSec: 23,
	maxFramesPerSec: 60,
	minImageWidthPx: 320,
	maxImageWidthPx: 1_440,
	maxVideoWidthPx: 1_920,
	maxAspect: 10,
	minVideoAspect: 0.01,
} as const;
