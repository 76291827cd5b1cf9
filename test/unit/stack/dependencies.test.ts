import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const bootstrap = join(__dirname, '..', '..', '..', 'scripts', 'bootstrap');

/** In a Node of its own, as it runs: without any loader and without any dependency. */
function ask(file: string, expression: string): unknown {
	const code = `import * as m from ${JSON.stringify(join(bootstrap, file))}; console.log(JSON.stringify(${expression}) ?? 'null');`;
	const output = execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
	return JSON.parse(output);
}

describe('the bootstrap', () => {
	let folder: string;
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'stackkraft-bootstrap-'));
		mkdirSync(join(folder, 'node_modules'));
	});
	afterEach(() => rmSync(folder, { recursive: true, force: true }));

	const lock = {
		'': {},
		'node_modules/a': { version: '1.0.0' },
		'node_modules/b': { version: '2.0.0', optional: true },
	};
	const write = (path: string, packages: unknown) =>
		writeFileSync(join(folder, path), JSON.stringify({ packages }));
	const areInstalled = () => ask('dependencies.mjs', `m.areDependenciesInstalled(${JSON.stringify(folder)})`);

	it('installs when npm never finished an installation', () => {
		write('package-lock.json', lock);
		expect(areInstalled()).toBe(false);
	});

	it('installs nothing when all that is asked for is there, and what is missing is for other machines', () => {
		write('package-lock.json', lock);
		write('node_modules/.package-lock.json', { 'node_modules/a': { version: '1.0.0' } });
		expect(areInstalled()).toBe(true);
	});

	it.each([
		['has another version', { 'node_modules/a': { version: '1.0.1' } }],
		['is missing', { 'node_modules/b': { version: '2.0.0' } }],
	])('installs when a package %s', (_what, present) => {
		write('package-lock.json', lock);
		write('node_modules/.package-lock.json', present);
		expect(areInstalled()).toBe(false);
	});

	it.each(['18.20.4', '20.18.9', '8.0.0'])(
		'refuses Node %s in a sentence that says what to do',
		(version) => {
			expect(ask('node-version.mjs', `m.refuseOldNode('${version}')`)).toContain(`this is Node ${version}`);
		},
	);

	it.each(['20.19.0', '20.20.2', '22.0.0', '24.21.0'])('accepts Node %s', (version) => {
		expect(ask('node-version.mjs', `m.refuseOldNode('${version}') ?? null`)).toBeNull();
	});
});
