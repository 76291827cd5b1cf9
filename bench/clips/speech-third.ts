// Somebody tells of a journey. Four of its ten moments were found when it was new; the choice of clips has learned from
// it since.
import type { SpeechMaterial } from './speech-script';

export const thirdMaterial: SpeechMaterial = {
	moments: [
		[
			'A bee visits two million flowers for a single jar of honey.',
			'In her whole life she makes less than a teaspoon of it.',
			'She will never taste the jar that she helped to fill.',
			'Some of the best work is done for people that you will never meet.',
		],
		[
			'My worst day as a nurse taught me how to listen.',
			'An old man kept asking for his dog, and all of us told him to rest.',
			'I finally sat down and asked what the dog was called.',
			'He told me the name, closed his eyes and slept for the first time in a week.',
		],
		[
			'Why do you forget a name two seconds after you heard it?',
			'You were busy preparing your own name while the other person was speaking.',
			'Your memory is fine, your attention was elsewhere.',
			'Say the name aloud once, and you will keep it for years.',
		],
		[
			'The richest man in our village owned nothing but a ladder.',
			'He lent the ladder to everybody and never asked for money.',
			'When his roof burned, sixty people came with wood and nails.',
			'A favor is the only currency that grows while you spend it.',
		],
		[
			'Do not buy the expensive running shoes.',
			'A study followed nine hundred soldiers with three kinds of shoes.',
			'The number of injuries was the same in all of them.',
			'Buy the pair that feels comfortable in the shop, and spend the rest on a holiday.',
		],
		[
			'Glass is not a liquid, whatever your teacher told you.',
			'Old windows are thicker at the bottom because workers put the heavy side down.',
			'Roman glass is two thousand years old and has not moved at all.',
			'A good story can beat the truth for a very long time.',
		],
		[
			'Could you live for a month without sugar?',
			'I tried it, and the first week was awful.',
			'In the third week an ordinary carrot tasted like candy.',
			'Sugar had not made my food sweet, it had made my tongue deaf.',
		],
		[
			'The most important chess move of my life was to resign.',
			'I was winning, but I had not slept for two nights because of the game.',
			'That evening I called my daughter, whom I had not seen since the spring.',
			'You can win every game at the table and lose everything around it.',
		],
		[
			'Firefighters learn to walk slowly toward a burning house.',
			'Whoever runs arrives out of breath and sees nothing.',
			'Ten slow steps show you where the smoke is going and which door is safe.',
			'Hurry is what people do when they have no plan.',
		],
		[
			'Nine out of ten guitars are given up within a year.',
			'People practice an hour on Sunday, and their fingers hurt for days.',
			'Five minutes each evening are enough to build hard skin and habit.',
			'A small practice every day is worth more than a long one every week.',
		],
	],
	openings: ['Well', 'So', 'And there', 'Oh, and', 'But then', 'Then', 'And later', 'Hm, so'],
	things: [
		'the blue suitcase',
		'the rental car',
		'the hotel breakfast',
		'the bus ticket',
		'the museum queue',
		'the camping chairs',
		'the map of the town',
		'the cooler bag',
		'the umbrella',
		'the room upstairs',
	],
	times: ['around noon', 'that morning', 'the day after', 'a bit later', 'before it got dark'],
	people: ['my cousin', 'the lady at the desk', 'the other family', 'the driver', 'the kids'],
	dull: [
		(pick) => `${pick('openings')} we picked up ${pick('things')} ${pick('times')}, I think.`,
		(pick) => `${pick('openings')} ${pick('people')} had left ${pick('things')} somewhere near the entrance.`,
		(pick) => `${pick('openings')} it was either ${pick('things')} or ${pick('things')}, one of the two.`,
		(pick) =>
			`${pick('openings')} we stood around for a while, and ${pick('people')} went to look for parking.`,
		(pick) => `${pick('openings')} what was the name of that street again?`,
		(pick) => `${pick('openings')} ${pick('people')} took care of ${pick('things')} ${pick('times')}.`,
		(pick) => `${pick('openings')} that was about it for ${pick('things')}, more or less.`,
		(pick) => `${pick('openings')} did we pay for ${pick('things')}, or was that ${pick('people')}?`,
		(pick) => `${pick('openings')} we drove on ${pick('times')}, and the weather was fine.`,
		(pick) => `${pick('openings')} I would have to look that up, it was ${pick('times')} or so.`,
	],
};
