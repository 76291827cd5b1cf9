// What the workflow of dead letters gives its alert node, for a letter that was written down. n8n evaluates the text between
// the braces as JavaScript, which is all that these expressions need.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import type { IDataObject } from 'n8n-workflow';
import { z } from 'zod';

const workflowSchema = z.object({
	nodes: z.array(z.object({ name: z.string(), parameters: z.record(z.string(), z.unknown()) })),
});

const conditionsSchema = z.object({
	conditions: z.object({ conditions: z.tuple([z.object({ leftValue: z.unknown() })]) }),
});

/** Nothing when the workflow lets the letter go without an alert. */
export async function alertOfDeadLetter(letter: IDataObject): Promise<IDataObject | null> {
	const file = join(__dirname, '../../../workflows/dead-letters.json');
	const { nodes } = workflowSchema.parse(JSON.parse(await readFile(file, 'utf8')));
	const parametersOf = (wanted: string): unknown =>
		evaluated(nodes.find(({ name }) => name === wanted)?.parameters, letter);
	const { conditions } = conditionsSchema.parse(parametersOf('Does Somebody Have to Know')).conditions;
	return conditions[0].leftValue === true ? (parametersOf('Raise an Alert') as IDataObject) : null;
}

function evaluated(value: unknown, letter: IDataObject): unknown {
	if (typeof value === 'string') return value.startsWith('=') ? ofExpression(value.slice(1), letter) : value;
	if (value === null || typeof value !== 'object') return value;
	if (Array.isArray(value)) return value.map((held: unknown) => evaluated(held, letter));
	return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, evaluated(held, letter)]));
}

function ofExpression(text: string, letter: IDataObject): unknown {
	const run = (code: string): unknown => runInNewContext(`(${code})`, { $json: structuredClone(letter) });
	const parts = [...text.matchAll(/\{\{(.+?)\}\}(?!\s*\})/gs)];
	const [only] = parts;
	if (only && only[0] === text) return run(only[1] ?? '');
	return parts.reduce((done, [whole, code]) => done.replace(whole, () => String(run(code ?? ''))), text);
}
