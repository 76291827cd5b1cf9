// The talk that the choice of clips has not learned from: what is found in it is what people can expect of theirs. Whoever
// tunes by it must write the next one.
import type { SpeechMaterial } from './speech-script';

export const heldOutMaterial: SpeechMaterial = {
	moments: [
		[
			'Sharks are older than trees.',
			'They were hunting in the ocean fifty million years before the first forest.',
			'Five times almost everything on this planet died, and the sharks simply stayed.',
			'Being simple is a very good way to survive.',
		],
		[
			'The letter that changed my life was sent to the wrong house.',
			'Our neighbor walked through the rain to bring it over.',
			'It was an offer from a university, and the deadline was the next morning.',
			'I still carry every lost letter to its door myself.',
		],
		[
			'How much does a cloud weigh?',
			'An ordinary white cloud holds about five hundred tons of water.',
			'The water floats because the drops are so tiny that the air can carry them.',
			'A hundred elephants are hanging over your head, and you call it nice weather.',
		],
		[
			'I asked a baker why his shop was always full.',
			'He said that he bakes too little on purpose.',
			'Whoever comes late goes home with empty hands and comes earlier tomorrow.',
			'People want most what they nearly missed.',
		],
		[
			'If you cannot fall asleep, get up.',
			'Your brain learns that the bed is a place for worrying when you stay in it.',
			'Read something boring in a chair until your eyes close.',
			'After two weeks the bed will mean sleep again.',
		],
		[
			'Nobody wanted to insure the first women who flew airplanes.',
			'One of them paid with her own violin and took off anyway.',
			'She crossed the desert with a map that was torn from a school book.',
			'Courage looks like madness until it lands.',
		],
		[
			'We once deleted the most popular button of our program.',
			'Thousands of angry messages arrived on the first day.',
			'A month later people finished their work in half the time, because the button had been a detour.',
			'Customers know where it hurts, but they do not always know the cure.',
		],
		[
			'Why do onions make you cry?',
			'The onion defends itself with a gas that turns into acid in your eyes.',
			'A sharp knife breaks fewer cells and sets less of the gas free.',
			'Sharpen the knife, and the tears are gone.',
		],
		[
			'My father repaired watches, and he was never in a hurry.',
			'He told me that a watch which is opened in anger never closes again.',
			'So he drank a cup of tea before each repair, however long the line was.',
			'The slowest man on the street had the fewest complaints.',
		],
		[
			'A single tree can cool a street by as much as ten air conditioners.',
			'It drinks from the ground and sweats through its leaves all day.',
			'Cities spend millions on machines and cut down what works for free.',
			'Plant a tree in front of your window, and your summer will change.',
		],
	],
	openings: ['So', 'Okay', 'And', 'Now', 'Well then', 'And so', 'But', 'Right'],
	things: [
		'the tomato plants',
		'the compost heap',
		'the garden hose',
		'the wooden gate',
		'the rain barrel',
		'the old shed',
		'the flower pots',
		'the bag of soil',
		'the small shovel',
		'the wheelbarrow',
	],
	times: ['last weekend', 'in March', 'on Sunday', 'since yesterday', 'a while ago'],
	people: ['my wife', 'the man from the store', 'our club', 'the girl next door', 'my uncle'],
	dull: [
		(pick) => `${pick('openings')} ${pick('things')} is still where it was ${pick('times')}.`,
		(pick) => `${pick('openings')} ${pick('people')} brought ${pick('things')} back ${pick('times')}.`,
		(pick) => `${pick('openings')} there is not much to say about ${pick('things')} today.`,
		(pick) =>
			`${pick('openings')} we put ${pick('things')} beside ${pick('things')}, where there was some room.`,
		(pick) => `${pick('openings')} where did I leave ${pick('things')}?`,
		(pick) => `${pick('openings')} ${pick('people')} wanted to have a look at it, but then it rained.`,
		(pick) => `${pick('openings')} that is the same one that you saw ${pick('times')}.`,
		(pick) => `${pick('openings')} can you still see me if I stand over here?`,
		(pick) => `${pick('openings')} I will show you ${pick('things')} in the next video, I hope.`,
		(pick) => `${pick('openings')} it took some time to carry ${pick('things')} around the house.`,
	],
};
