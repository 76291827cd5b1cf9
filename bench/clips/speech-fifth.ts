// A repair workshop talks to its listeners, live. Written before the choice of clips was changed, by somebody who had
// not read how it chooses; nothing was tuned by it.
import type { SpeechMaterial } from './speech-script';

export const fifthMaterial: SpeechMaterial = {
	moments: [
		[
			'Your washing machine was designed to die on a certain day.',
			'Thirty years ago a machine lasted nineteen years, and today it lasts seven.',
			'One plastic bearing for eighty cents decides about that.',
			'We replace it with steel, and the machine goes on for another twelve years.',
		],
		[
			'A widow brought me a radio and said that it only had to light up, nothing more.',
			'I found a letter behind the loudspeaker, folded very small, from her husband.',
			'He had hidden it there in the year of their wedding, and she had dusted that radio for fifty years.',
			'I have never charged her anything, because that was the best day I ever had in this shop.',
		],
		[
			'Can you save a phone that fell into the sea?',
			'Yes, but please forget the bag of rice.',
			'Rice takes out almost no water, and the salt keeps eating the metal inside.',
			'Rinse the phone in clean water at once, take it apart, and you have a good chance.',
		],
		[
			'I have to confess something.',
			'My first workshop burned down, and it was entirely my own fault.',
			'I left a soldering iron on because I wanted to get home for a football match.',
			'Since that evening there is one switch at the door, and it turns off everything.',
		],
		[
			'People always tell me that things were built better in the old days.',
			'That is an illusion, because you only see the ones that survived.',
			'The bad toasters of those years have been on the dump for decades.',
			'Old things are not better, only the better things are old.',
		],
		[
			'If you buy only one tool in your life, buy a good screwdriver.',
			'A cheap one ruins the screw, and a ruined screw ruins the whole repair.',
			'Mine cost thirty dollars, and it has opened forty thousand devices.',
			'That makes less than a tenth of a cent for each of them.',
		],
		[
			'What is the first thing a mechanic does when a machine comes in?',
			'He does not touch it.',
			'He listens, because every broken thing makes a sound before it stops.',
			'My teacher could hear a bad bearing through a closed door, and in ten years he was wrong only once.',
		],
		[
			'A twelve year old girl repaired a wheelchair that three companies had given up on.',
			'The engineers had looked for the error in the computer.',
			'She noticed a hair that was wound around the axle.',
			'Experts look where they know something, and children look where the problem is.',
		],
		[
			'Listen, this is really important.',
			'Never open a microwave, not even when it is unplugged.',
			'There is a part inside that keeps four thousand volts for days.',
			'I know three men who thought it was safe, and only two of them can still tell you about it.',
		],
		[
			'We throw away fifty million tons of electronics every year.',
			'There is more gold in a ton of old phones than in a ton of rock from a gold mine.',
			'And yet we send ships to the end of the world to dig for it.',
			'The richest mine on this planet is the drawer in your kitchen.',
		],
	],
	openings: ['Alright', 'So', 'And yeah', 'Okay', 'Let me see', 'And', 'Anyway', 'Uh, so'],
	things: [
		'the second camera',
		'the link to the schedule',
		'the volume of the music',
		'the parcel from last week',
		'the green screen',
		'the list of names',
		'the microphone stand',
		'the picture in the corner',
		'the subscriber page',
		'the extension cord',
	],
	times: ['in a minute', 'last time', 'after the break', 'later tonight', 'at some point', 'the other day'],
	people: ['the chat', 'the moderators', 'some of you', 'my colleague', 'the people who joined late'],
	dull: [
		(pick) => `${pick('openings')} ${pick('people')} wrote something about ${pick('things')}.`,
		(pick) => `${pick('openings')} I will put ${pick('things')} into the description ${pick('times')}.`,
		(pick) => `${pick('openings')} thanks to ${pick('people')} for being here again.`,
		(pick) => `${pick('openings')} we had a look at ${pick('things')} ${pick('times')}, as you may remember.`,
		(pick) => `${pick('openings')} can you hear me, or is it ${pick('things')} again?`,
		(pick) => `${pick('openings')} give me a second, I am just moving ${pick('things')} to the side.`,
		(pick) => `${pick('openings')} ${pick('people')} will come back to ${pick('things')} ${pick('times')}.`,
		(pick) => `${pick('openings')} it should be somewhere here, next to ${pick('things')}.`,
		(pick) => `${pick('openings')} hello to ${pick('people')}, nice to see you.`,
		(pick) => `${pick('openings')} that is what we said ${pick('times')}, so nothing new there.`,
	],
};
