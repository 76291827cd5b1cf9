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

export async function alertOfDeadLetter(letter: IDataObject): Promise<IDataObject> {
	const file = join(__dirname, '../../../workflows/dead-letters.json');
	const { nodes } = workflowSchema.parse(JSON.parse(await readFile(file, 'utf8')));
	const alert = nodes.find(({ name }) => name === 'Raise an Alert');
	if (!alert) throw new Error('The workflow raises no alert.');
	return evaluated(alert.parameters, letter) as IDataObject;
}

function evaluated(value: unknown, letter: IDataObject): unknown {
	if (typeof value === 'string') return value.startsWith('=') ? ofExpression(value.slice(1), letter) : value;
	if (value === null || typeof value !== 'object') return value;
	return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, evaluated(held, letter)]));
}

function ofExpression(text: string, letter: IDataObject): unknown {
	const run = (code: string): unknown => runInNewContext(`(${code})`, { $json: structuredClone(letter) });
	const parts = [...text.matchAll(/\{\{(.+?)\}\}(?!\s*\})/gs)];
	const [only] = parts;
	if (only && only[0] === text) return run(only[1] ?? '');
	return parts.reduce((done, [whole, code]) => done.replace(whole, () => String(run(code ?? ''))), text);
}
