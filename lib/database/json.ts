// What goes into a jsonb or text column. PostgreSQL refuses NUL and lone surrogates, which captions, file
// names and far-side error texts do contain; refusing here would leave a post that nobody can write down.
const notStorable = /\u0000|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

export function storableText(text: string): string {
	return text.replace(notStorable, '\uFFFD');
}

/** As text for a `::jsonb` parameter: pg would turn a JavaScript array into a PostgreSQL array. */
export function toJsonb(value: unknown): string {
	return JSON.stringify(value, (_key, inner: unknown) => {
		if (typeof inner === 'string') return storableText(inner);
		if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner;
		return Object.fromEntries(Object.entries(inner).map(([key, item]) => [storableText(key), item]));
	});
}
