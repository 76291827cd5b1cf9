// What ten people would post, planted in what nobody would. The choice of clips was tuned by this one.
import type { SpeechMaterial } from './speech-script';

export const knownMaterial: SpeechMaterial = {
	moments: [
		[
			'Did you know that honey never spoils?',
			'Archaeologists opened jars that were three thousand years old, and the honey inside was still good to eat.',
			'The reason is simple.',
			'Honey holds almost no water, so nothing can live in honey.',
		],
		[
			'Why do bridges fall down?',
			'Almost never because the steel is weak.',
			'The river washes away the ground around the pillars, and nobody looks under the water.',
			'The best engineers send a diver down to the ground of the river every single year.',
		],
		[
			'I lost every customer I had in one day.',
			'We had changed the price without telling a single customer, and people felt cheated.',
			'So I called each customer and said that I was sorry.',
			'Half of them came back, and they stayed with us for ten years.',
		],
		[
			'Here is the biggest mistake that people make with money.',
			'They wait until they earn more money before they save.',
			'Save ten percent of the first money that you ever earn.',
			'Small money that grows early always beats big money that comes late.',
		],
		[
			'Most people think that sleep makes you lazy.',
			'The opposite is true.',
			'Runners who slept ten hours were faster than runners who slept six hours, in every single test.',
			'If you want to be fast, sleep is the cheapest training that there is.',
		],
		[
			'How do you learn a language in six months?',
			'You speak the language badly from the very first day.',
			'Children make a thousand mistakes a week, and nobody laughs at children.',
			'Be a child for six months, and the language will come to you.',
		],
		[
			'The secret of good bread is not the flour.',
			'The secret is time.',
			'If you let the dough rest for a whole night, the bread tastes like the bread of your grandmother.',
			'You do nothing at all, and everything gets better.',
		],
		[
			'Imagine that you could win back two hours every day.',
			'We asked one hundred people to leave the phone in another room.',
			'They won two hours a day, and they did not even miss the phone.',
			'Put the phone away, and you get a whole month back every year.',
		],
		[
			'Nobody told me the truth about running.',
			'The first mile is terrible for everyone, even for champions.',
			'Your body needs that mile to wake up, and after the first mile running feels free.',
			'Never judge a run by the first mile.',
		],
		[
			'What is the one question that makes people trust you?',
			'It is not how you are.',
			'Ask people what they are proud of this week, and then listen to the answer.',
			'In twenty years, no question has ever opened more doors than this question.',
		],
	],
	openings: ['So', 'And then', 'Well', 'Okay, so', 'But', 'Also', 'And', 'Right, so'],
	things: [
		'the second agenda point',
		'the new parking plan',
		'the list of chairs',
		'the kitchen schedule',
		'the old printer',
		'the form for travel costs',
		'the blue folder',
		'the hallway paint',
		'the garden fence',
		'the window cleaning',
	],
	times: ['on Tuesday', 'in the spring', 'after lunch', 'some weeks ago', 'next month', 'in the afternoon'],
	people: ['the office', 'the team downstairs', 'our neighbors', 'the committee', 'the people from planning'],
	dull: [
		(pick) => `${pick('openings')} we moved ${pick('things')} to another place ${pick('times')}.`,
		(pick) =>
			`${pick('openings')} that was more or less what ${pick('people')} had written about ${pick('things')}.`,
		(pick) =>
			`${pick('openings')} as it says in the notes, ${pick('people')} will look at ${pick('things')} ${pick('times')}.`,
		(pick) => `${pick('openings')} they have it on the list, and it will be there ${pick('times')}.`,
		(pick) =>
			`${pick('openings')} there were some remarks about ${pick('things')}, which we have put into the file.`,
		(pick) => `${pick('openings')} which we could do ${pick('times')}, or at some other time.`,
		(pick) => `${pick('openings')} with regard to ${pick('things')}, it stays as it was ${pick('times')}.`,
		(pick) => `${pick('openings')} ${pick('people')} said that they would send it around ${pick('times')}.`,
		(pick) => `${pick('openings')} is the sound working in the back of the room?`,
		(pick) => `${pick('openings')} can we have the next page, please?`,
	],
};
