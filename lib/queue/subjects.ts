// Subjects are typed by people and built from data: what is wrong with one is said before the server is asked.
import { QueueError } from './errors';
import { streams } from './messages';

const tokenPattern = /^[^\s.*>]+$/;

/** For publishing: no wildcards, no empty tokens, no spaces. */
export function checkSubject(subject: string): string {
	if (subject.split('.').every((token) => tokenPattern.test(token))) return subject;
	throw new QueueError(
		'invalid',
		`"${subject}" is not a subject that can be published to.`,
		'Use words separated by single dots, without spaces and without * or >, like content.extract.talk.',
	);
}

/** For consuming: `*` stands for one token, `>` for one or more at the end. */
export function checkFilter(filter: string): string {
	const tokens = filter.split('.');
	const isFine = tokens.every(
		(token, index) =>
			tokenPattern.test(token) || token === '*' || (token === '>' && index === tokens.length - 1),
	);
	if (isFine) return filter;
	throw new QueueError(
		'invalid',
		`"${filter}" is not a subject filter.`,
		'Use words separated by single dots; * stands for one word, > for all that follow: content.publish.youtube.>',
	);
}

export function checkName(name: string, what: string): string {
	if (/^[A-Za-z0-9_-]{1,64}$/.test(name)) return name;
	throw new QueueError(
		'invalid',
		`"${name}" is not a ${what}.`,
		'Use up to 64 letters, digits, _ and -, without dots and spaces.',
	);
}

export function isOwnStream(name: string): boolean {
	return Object.values(streams).some((stream) => stream.name === name);
}

/** Where the dead letters of a stream go: `CONTENT_PUBLISH` → `content.dead.publish`. */
export function deadSubject(streamName: string): string {
	const origin = streamName
		.replace(/^CONTENT_/, '')
		.toLowerCase()
		.replace(/[^a-z0-9_-]/g, '-');
	return `content.dead.${origin}`;
}
