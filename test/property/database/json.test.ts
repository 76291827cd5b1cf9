import fc from 'fast-check';
import { storableText, toJsonb } from '../../../lib/database/json';

const anyText = fc.string({
	unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
});

describe('what goes into PostgreSQL', () => {
	it('never holds a NUL or half a character, and keeps every text that is whole', () => {
		fc.assert(
			fc.property(anyText, (text) => {
				const stored = storableText(text);
				expect(stored).not.toContain('\u0000');
				expect(() => encodeURIComponent(stored)).not.toThrow();
				expect(stored).toHaveLength(text.length);
			}),
		);
		fc.assert(
			fc.property(
				fc.string({ unit: 'grapheme' }),
				(text) => storableText(text) === text.replaceAll('\u0000', '\ufffd'),
			),
		);
	});

	it('keeps JSON as it was, down to arrays and a typed backslash-u', () => {
		fc.assert(
			fc.property(fc.jsonValue(), (value) => {
				expect(JSON.parse(toJsonb(value))).toEqual(
					JSON.parse(JSON.stringify(value).replaceAll('\\u0000', '\\ufffd')),
				);
			}),
		);
		expect(toJsonb({ path: 'C:\\u0000' })).toBe('{"path":"C:\\\\u0000"}');
	});
});
