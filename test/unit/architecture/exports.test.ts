import path from 'node:path';
import ts from 'typescript';
import { importsOf, readText, sourceFiles } from './repository';

/** Read by name, not by import: n8n instantiates them, a terminal or a runner starts them. */
const entryPoints =
	/(\.node|\.credentials)\.ts$|^(scripts|bench|sandbox)\/[^/]+\.(ts|mjs)$|\.config\.m?js$|\.mjs$/;

const sources = sourceFiles().filter((file) => file.endsWith('.ts'));
const contents = new Map(sources.map((file) => [file, readText(file)]));
/** Also the scripts that run before there is TypeScript. */
const allTexts = sourceFiles().map(readText);

it('has no module that nobody imports', () => {
	const imported = new Set(
		sources.flatMap(importsOf).flatMap(({ target }) => [target, `${target}.ts`, `${target}/index.ts`]),
	);
	const orphans = sources
		.filter((file) => !file.startsWith('test/') && !entryPoints.test(file) && !imported.has(file))
		.filter((file) => !isStartedByPath(file));
	expect(orphans).toEqual([]);
});

/** A worker or child process is named by its file in a string. */
function isStartedByPath(file: string): boolean {
	const name = path.basename(file).replace(/\.ts$/, '');
	const quoted = new RegExp(`['"/\`]${name}(\\.(ts|js|mjs))?['"$\`]`);
	return [...contents].some(([other, text]) => other !== file && quoted.test(text)) || isInPackageJson(file);
}

function isInPackageJson(file: string): boolean {
	return readText('package.json').includes(file);
}

it('exports nothing that is never used', () => {
	const uses = new Map<string, number>();
	for (const text of allTexts) {
		for (const word of text.match(/[A-Za-z_$][\w$]*/g) ?? []) uses.set(word, (uses.get(word) ?? 0) + 1);
	}
	const dead = sources
		.filter((file) => !file.startsWith('test/') && !/(\.node|\.credentials)\.ts$/.test(file))
		.flatMap((file) => exportedValues(file).map((name) => ({ file, name })))
		// Its own declaration is the one place where it stands.
		.filter(({ name }) => uses.get(name) === 1);
	expect(dead).toEqual([]);
});

/** Functions, classes and constants; a type may be exported for the reader alone. */
function exportedValues(file: string): string[] {
	const source = ts.createSourceFile(file, contents.get(file) ?? '', ts.ScriptTarget.ES2022);
	return source.statements.flatMap((statement) => {
		const isExported =
			ts.canHaveModifiers(statement) &&
			ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
		if (!isExported) return [];
		if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) {
			return statement.name ? [statement.name.text] : [];
		}
		if (!ts.isVariableStatement(statement)) return [];
		return statement.declarationList.declarations.flatMap(({ name }) =>
			ts.isIdentifier(name) ? [name.text] : [],
		);
	});
}
