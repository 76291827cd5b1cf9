import { z } from 'zod';
import { arrows } from './arrows';
import { readText, repositoryFiles, sourceFiles } from './repository';

const maxLines = 400;

/** Longer than that, each with its reason. */
const longFiles: Readonly<Record<string, string>> = {
	'scripts/workflows/built-in-nodes.json': 'an extract that a script writes',
	'package-lock.json': 'written by npm',
};

const packageSchema = z.looseObject({
	dependencies: z.record(z.string(), z.string()),
	files: z.array(z.string()),
	n8n: z.object({
		n8nNodesApiVersion: z.number(),
		strict: z.boolean(),
		credentials: z.array(z.string()),
		nodes: z.array(z.string()),
	}),
	peerDependencies: z.record(z.string(), z.string()),
});

const packageJson = packageSchema.parse(JSON.parse(readText('package.json')));

function inDist(ending: string): string[] {
	return repositoryFiles()
		.filter((file) => file.endsWith(`${ending}.ts`))
		.map((file) => `dist/${file.replace(/\.ts$/, '.js')}`);
}

it('has no file of more than 400 lines without a reason', () => {
	const long = repositoryFiles()
		.filter((file) => /\.(ts|mjs|js|sql|json)$/.test(file) && !file.startsWith('workflows/'))
		.map((file) => ({ file, lines: readText(file).split('\n').length - 1 }))
		.filter(({ file, lines }) => lines > maxLines && !(file in longFiles));
	expect(long).toEqual([]);
});

it('announces every node and every credential to n8n, and none that is not there', () => {
	expect([...packageJson.n8n.nodes].sort()).toEqual(inDist('.node'));
	expect([...packageJson.n8n.credentials].sort()).toEqual(inDist('.credentials'));
});

it('asks its host for n8n-workflow and brings no second copy of it', () => {
	expect(packageJson.peerDependencies).toEqual({ 'n8n-workflow': '*' });
	expect(Object.keys(packageJson.dependencies).filter((name) => name.startsWith('n8n'))).toEqual([]);
});

it('gives every node its codex file and both icons', () => {
	const files = new Set(repositoryFiles());
	const nodes = [...files].filter((file) => file.endsWith('.node.ts'));
	const absent = nodes.filter((file) => !files.has(file.replace(/\.ts$/, '.json')));
	const folders = nodes.map((file) => file.slice(0, file.lastIndexOf('/') + 1));
	const withoutIcons = folders.filter(
		(folder) => [...files].filter((file) => file.startsWith(folder) && file.endsWith('.svg')).length < 2,
	);
	expect(absent).toEqual([]);
	expect(withoutIcons).toEqual([]);
});

it('has no folder of code that the arrows do not know', () => {
	const known = new Set([...arrows.flatMap(({ from, to }) => [from, to]), 'test']);
	const folders = new Set(
		sourceFiles()
			.filter((file) => file.includes('/'))
			.map((file) => file.split('/')[0] ?? ''),
	);
	const unknown = [...folders].filter((folder) => !known.has(folder) && folder !== 'lib');
	expect(unknown).toEqual([]);
});
