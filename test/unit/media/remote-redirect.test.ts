import { nextHop } from '../../../lib/media/remote-answer';

const from = new URL('https://media.example.com/a/b?key=secret');

it.each([
	['/c', 'https://media.example.com/c'],
	['c', 'https://media.example.com/a/c'],
	['//cdn.example.com/c', 'https://cdn.example.com/c'],
	['https://cdn.example.com/c?x=1', 'https://cdn.example.com/c?x=1'],
])('follows %s', (location, expected) => {
	expect(nextHop(from, location).href).toBe(expected);
});

it.each([
	['http://media.example.com/c', 'from https to http'],
	['file:///etc/passwd', 'neither https:// nor http://'],
	['https://user:pass@cdn.example.com/', 'a user name or a password'],
	['https://', 'without saying where to'],
	[undefined, 'without saying where to'],
])('never follows %s', (location, said) => {
	expect(() => nextHop(from, location)).toThrow(said);
});

it('may change from http to https', () => {
	expect(nextHop(new URL('http://a.example/'), 'https://a.example/').protocol).toBe('https:');
});
