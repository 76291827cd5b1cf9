// The tracked and not yet tracked (but not ignored) files of this repository, and what they import.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import ts from 'typescript';

export const root = path.resolve(__dirname, '../../..');

export function repositoryFiles(): string[] {
	const listing = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
	const output = execFileSync('git', listing, { cwd: root, encoding: 'utf8', maxBuffer: 32 * 1024 * 1024 });
	return [...new Set(output.split('\0'))].filter((file) => file !== '' && exists(file)).sort();
}

function exists(file: string): boolean {
	// A file that was deleted and not yet committed is still listed.
	return ts.sys.fileExists(path.join(root, file));
}

export function readText(file: string): string {
	return readFileSync(path.join(root, file), 'utf8');
}

export function sourceFiles(): string[] {
	return repositoryFiles().filter((file) => /\.(ts|mjs|js)$/.test(file));
}

export interface Import {
	readonly file: string;
	/** Path below the root, or the name of a package (`node:` in front of Node's own). */
	readonly target: string;
	readonly isPackage: boolean;
	/** Gone after compilation, so it can have no effect. */
	readonly isTypeOnly: boolean;
}

/** import, export … from, import() and require(), as the TypeScript scanner sees them. */
export function importsOf(file: string): Import[] {
	const text = readText(file);
	const { importedFiles } = ts.preProcessFile(text, true, true);
	const typeOnly = typeOnlyImports(file, text);
	return importedFiles.map(({ fileName }) => {
		if (fileName.startsWith('.')) {
			const target = path.posix.join(path.posix.dirname(file), fileName);
			return { file, target, isPackage: false, isTypeOnly: typeOnly.has(fileName) };
		}
		return { file, target: packageOf(fileName), isPackage: true, isTypeOnly: typeOnly.has(fileName) };
	});
}

function typeOnlyImports(file: string, text: string): Set<string> {
	const { statements } = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022);
	const specifiers = statements
		.filter(ts.isImportDeclaration)
		.flatMap(({ importClause, moduleSpecifier }) => {
			const isTypeOnly = importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
			return ts.isStringLiteral(moduleSpecifier) ? [{ name: moduleSpecifier.text, isTypeOnly }] : [];
		});
	const names = new Set(specifiers.map(({ name }) => name));
	for (const { name, isTypeOnly } of specifiers) if (!isTypeOnly) names.delete(name);
	return names;
}

function packageOf(specifier: string): string {
	const bare = specifier.replace(/^node:/, '');
	if (builtinModules.includes(bare)) return `node:${bare}`;
	return specifier
		.split('/')
		.slice(0, specifier.startsWith('@') ? 2 : 1)
		.join('/');
}
