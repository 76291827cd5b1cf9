// Another meeting. Six of its ten moments were found when it was new; the choice of clips has learned from it since.
import type { SpeechMaterial } from './speech-script';

export const secondMaterial: SpeechMaterial = {
	moments: [
		[
			'Octopuses have three hearts, and two of them stop when the animal swims.',
			'That is why an octopus would rather crawl than swim.',
			'Swimming makes it tired in a few minutes.',
			'The fastest hunter of the reef walks to its dinner.',
		],
		[
			'My grandfather never locked his shop in forty years.',
			'One night a stranger took two loaves and left a note on the counter.',
			'He came back in the winter and paid for a thousand loaves.',
			'Trust costs you a little bread, and it brings back a whole bakery.',
		],
		[
			'Stop writing long plans for your company.',
			'A plan of fifty pages is out of date before the printer is done.',
			'Write down one number that has to grow, and look at it every morning.',
			'Companies with one number beat companies with fifty pages.',
		],
		[
			'What happens to your brain when you are bored?',
			'It starts to connect things that have nothing to do with each other.',
			'Nearly all good ideas come under the shower, because nothing else happens there.',
			'If you never let yourself be bored, you will never have an idea of your own.',
		],
		[
			'The cheapest medicine in the world is a walk after dinner.',
			'Fifteen minutes cut the sugar in your blood by almost a third.',
			'No pill on the market does that so quickly and without side effects.',
			'Your legs are a pharmacy that is always open.',
		],
		[
			'Everybody told her that a woman could not sail around the world alone.',
			'She sold her house, bought a wooden boat and left in September.',
			'After three hundred days she came back with a broken mast and a smile.',
			'The people who said it was impossible had never left the harbor.',
		],
		[
			'There is a reason why elevators have mirrors.',
			'People complained that the elevators were too slow.',
			'Instead of faster motors, the owner hung up mirrors, and the complaints stopped the same day.',
			'Sometimes the problem is not the waiting but having nothing to look at.',
		],
		[
			'I failed the same exam four times.',
			'Each time I studied more hours and remembered less.',
			'The fifth time I closed the book and explained every page to my little brother.',
			'You only know what you can teach to a child.',
		],
		[
			'How can a tree drink water from one hundred meters below?',
			'It has no pump and no muscle.',
			'The sun dries the leaves, and every drop that leaves pulls the next drop up.',
			'A whole forest runs on nothing but thirst.',
		],
		[
			'Never negotiate your salary with a round number.',
			'Whoever asks for fifty thousand sounds as if they had guessed.',
			'Whoever asks for fifty two thousand three hundred sounds as if they had counted.',
			'Exact numbers win, because nobody dares to argue with them.',
		],
	],
	openings: ['Now', 'So then', 'And', 'As for that', 'Yes, and', 'Anyway', 'Then', 'Um, and'],
	things: [
		'the meeting room key',
		'the coffee machine',
		'the third quarter sheet',
		'the storage shelf',
		'the visitor badges',
		'the carpet in the lobby',
		'the recycling bins',
		'the phone directory',
		'the bicycle rack',
		'the fire drill',
	],
	times: ['by Friday', 'in November', 'before the holidays', 'at the end of the week', 'last Thursday'],
	people: ['the front desk', 'our landlord', 'the second floor', 'the working group', 'the supplier'],
	dull: [
		(pick) =>
			`${pick('openings')} ${pick('things')} has been handed over to ${pick('people')} ${pick('times')}.`,
		(pick) =>
			`${pick('openings')} I would come back to ${pick('things')} ${pick('times')}, if that suits everybody.`,
		(pick) => `${pick('openings')} ${pick('people')} asked whether ${pick('things')} could wait.`,
		(pick) => `${pick('openings')} it is the same as in the minutes, there is no change there.`,
		(pick) => `${pick('openings')} please sign the sheet for ${pick('things')} when it goes around.`,
		(pick) => `${pick('openings')} we have talked about ${pick('things')} already ${pick('times')}.`,
		(pick) =>
			`${pick('openings')} that goes to ${pick('people')}, and they will let us know ${pick('times')}.`,
		(pick) => `${pick('openings')} let me just scroll down to the part about ${pick('things')}.`,
		(pick) => `${pick('openings')} does anybody have the file open?`,
		(pick) => `${pick('openings')} who was it that wanted to say something about ${pick('things')}?`,
	],
};
