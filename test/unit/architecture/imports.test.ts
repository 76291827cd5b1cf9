import { arrows, networks, packageRules, unitOf } from './arrows';
import { importsOf, sourceFiles } from './repository';

const imports = sourceFiles().flatMap(importsOf);

function isAllowed(from: string, to: string): boolean {
	if (from === to || from === 'test') return true;
	return arrows.some(
		(arrow) => arrow.from === from && (arrow.to === to || (arrow.to === 'lib' && to.startsWith('lib/'))),
	);
}

it('sees the imports of the code at all', () => {
	expect(imports.length).toBeGreaterThan(100);
	expect(imports).toContainEqual(
		expect.objectContaining({ file: 'lib/publishing/index.ts', isPackage: false }),
	);
});

it('lets no import go against the arrows of the design', () => {
	const wrong = imports
		.filter(({ isPackage }) => !isPackage)
		// The shared configuration files at the root hold no code.
		.filter(({ target }) => target.includes('/'))
		.filter(({ file, target }) => !isAllowed(unitOf(file), unitOf(withFile(target))))
		.map(
			({ file, target }) =>
				`${file} → ${target}: no arrow from ${unitOf(file)} to ${unitOf(withFile(target))}`,
		);
	expect(wrong).toEqual([]);
});

/** `lib/platforms/x` is a folder when imported by its index, and then still the unit of that folder. */
function withFile(target: string): string {
	return /\.\w+$/.test(target)
		? target
		: `${target}/index.ts`.replace(/^(lib\/platforms\/[\w-]+)\/index\.ts$/, ofPlatforms);
}

function ofPlatforms(_whole: string, target: string): string {
	const name = target.slice('lib/platforms/'.length);
	return networks.includes(name) ? `${target}/index.ts` : `${target}.ts`;
}

it('keeps each part to the packages that it may know', () => {
	const wrong = imports
		.filter(({ isPackage }) => isPackage)
		.flatMap(({ file, target, isTypeOnly }) =>
			packageRules
				.filter(({ units, isAllowed: allows }) => units.test(unitOf(file)) && !allows(target, isTypeOnly))
				.map(({ why }) => `${file} imports ${target}: ${why}`),
		);
	expect(wrong).toEqual([]);
});

it('lets nothing import the tests', () => {
	const wrong = imports.filter(
		({ file, isPackage, target }) => !isPackage && target.startsWith('test/') && !file.startsWith('test/'),
	);
	expect(wrong).toEqual([]);
});

it('gives every arrow a reason and never points both ways between lib folders', () => {
	expect(arrows.filter(({ why }) => why.length < 10)).toEqual([]);
	const registry = new Set(['lib/platforms']);
	const both = arrows.filter(
		({ from, to }) =>
			!registry.has(from) && !registry.has(to) && arrows.some((back) => back.from === to && back.to === from),
	);
	expect(both).toEqual([]);
});

it('knows no arrow between the sandbox and lib, nor between two networks', () => {
	expect(isAllowed('sandbox', 'lib/publishing')).toBe(false);
	expect(isAllowed('lib/http', 'sandbox')).toBe(false);
	expect(isAllowed('lib/platforms/x', 'lib/platforms/youtube')).toBe(false);
	expect(isAllowed('lib/publishing', 'lib/http')).toBe(false);
	expect(isAllowed('nodes', 'lib/http')).toBe(true);
});
