import { readPayload } from '../../../lib/queue/delivery';
import { publishRequestSchema } from '../../../lib/queue/messages';
import { checkSubject, deadSubject } from '../../../lib/queue/subjects';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

it('names the fields that do not fit the schema', () => {
	const result = readPayload(bytes('{"version":1,"postId":"x"}'), {
		format: 'json',
		schema: publishRequestSchema,
	});
	expect(result).toMatchObject({ isReadable: false, reason: expect.stringMatching(/postId.*platform/s) });
});

it('keeps fields that the schema does not know: people add their own', () => {
	const request = {
		version: 1,
		postId: '7f1b1bd0-7f3c-4f2f-9c62-6d3f2e0a7a11',
		platform: 'youtube',
		accountId: 'main',
		note: 'ours',
	};
	const result = readPayload(bytes(JSON.stringify(request)), {
		format: 'json',
		schema: publishRequestSchema,
	});
	expect(result).toEqual({ isReadable: true, payload: request });
});

it.each([
	['an empty message', ''],
	['half of a document', '{"a":'],
	['two documents', '{}{}'],
])('finds %s unreadable as JSON', (_what, text) => {
	expect(readPayload(bytes(text), { format: 'json' })).toMatchObject({ isReadable: false });
});

it('reads text that is no JSON when text is wanted', () => {
	expect(readPayload(bytes('hello'), { format: 'text' })).toEqual({ isReadable: true, payload: 'hello' });
});

it.each(['', 'a..b', '.a', 'a.', 'a b', 'a.*', 'a.>', 'a\tb', 'a\r\nPUB x'])(
	'refuses to publish to "%s"',
	(subject) => {
		expect(() => checkSubject(subject)).toThrow(/not a subject/);
	},
);

it.each([
	['CONTENT_EXTRACT', 'content.dead.extract'],
	['CONTENT_PUBLISH', 'content.dead.publish'],
	['Orders.EU', 'content.dead.orders-eu'],
])('sends the dead letters of %s to %s', (stream, subject) => {
	expect(deadSubject(stream)).toBe(subject);
});
