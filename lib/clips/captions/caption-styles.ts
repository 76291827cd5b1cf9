import { captionPhrases, type PhraseRules } from './phrases';

export const captionStyleNames = ['highlight', 'box', 'karaoke', 'single-word'] as const;
export type CaptionStyleName = (typeof captionStyleNames)[number];

// Colours in ASS are transparency, blue, green, red.
export interface CaptionStyle {
	/** How the word that is being said stands out: it alone is coloured, it fills as it is said, or it stands alone. */
	readonly motion: 'colour' | 'fill' | 'alone';
	/** Height of the letters, as a share of the frame's shorter side. */
	readonly size: number;
	readonly spokenColour: string;
	readonly restColour: string;
	readonly outlineColour: string;
	readonly outline: number;
	readonly shadow: number;
	/** A field behind the words; nothing where only an outline holds them off the picture. */
	readonly boxColour?: string;
	readonly isUpperCase: boolean;
	readonly rules: PhraseRules;
}

const WHITE = '&H00FFFFFF';
const YELLOW = '&H0000E1FF';
const GREEN = '&H0050F060';
const BLACK = '&H00101010';

export const captionStyles: Readonly<Record<CaptionStyleName, CaptionStyle>> = {
	highlight: {
		motion: 'colour',
		size: 0.085,
		spokenColour: YELLOW,
		restColour: WHITE,
		outlineColour: BLACK,
		outline: 6,
		shadow: 3,
		isUpperCase: false,
		rules: captionPhrases,
	},
	box: {
		motion: 'colour',
		size: 0.07,
		spokenColour: GREEN,
		restColour: WHITE,
		outlineColour: BLACK,
		outline: 1,
		shadow: 14,
		boxColour: '&H38101010',
		isUpperCase: false,
		rules: { mostWords: 6, mostLetters: 34 },
	},
	karaoke: {
		motion: 'fill',
		size: 0.085,
		spokenColour: '&H00FF9A3C',
		restColour: WHITE,
		outlineColour: BLACK,
		outline: 6,
		shadow: 3,
		isUpperCase: true,
		rules: captionPhrases,
	},
	'single-word': {
		motion: 'alone',
		size: 0.13,
		spokenColour: WHITE,
		restColour: WHITE,
		outlineColour: BLACK,
		outline: 9,
		shadow: 5,
		isUpperCase: true,
		rules: { mostWords: 1, mostLetters: 40 },
	},
};
