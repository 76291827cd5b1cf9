/** Splits `a,b.summary(total_count).limit(0),c{d,e}` at its outer commas. */
export function splitFields(text: string): string[] {
	const fields: string[] = [];
	let depth = 0;
	let current = '';
	for (const character of text) {
		if ('({'.includes(character)) depth += 1;
		if (')}'.includes(character)) depth -= 1;
		if (character === ',' && depth === 0) {
			fields.push(current);
			current = '';
		} else {
			current += character;
		}
	}
	return [...fields, current].filter((field) => field !== '');
}
