import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { z } from 'zod';

// Comes with the linter, without types.
const { load } = createRequire(__filename)('js-yaml') as { load: (text: string) => unknown };

const root = join(__dirname, '..', '..', '..');
const compose = z
	.object({
		services: z.record(
			z.string(),
			z.object({
				image: z.string(),
				ports: z.array(z.string()).default([]),
				environment: z.record(z.string(), z.string()).default({}),
				volumes: z.array(z.string()).default([]),
				depends_on: z.record(z.string(), z.unknown()).default({}),
			}),
		),
		volumes: z.record(z.string(), z.unknown()),
	})
	.parse(load(readFileSync(join(root, 'docker-compose.yml'), 'utf8')));
const services = Object.entries(compose.services);

describe('docker-compose.yml', () => {
	it('binds every port to the loopback', () => {
		const ports = services.flatMap(([, service]) => service.ports);
		expect(ports.length).toBeGreaterThan(0);
		expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
	});

	it('takes every secret from the env file and stops when one is missing there', () => {
		const secrets = services.flatMap(([, { environment }]) =>
			Object.entries(environment).filter(([name]) => /PASSWORD|KEY|SECRET|TOKEN/.test(name)),
		);
		expect(secrets.length).toBeGreaterThan(0);
		for (const [, value] of secrets) expect(value).toMatch(/^\$\{[A-Z_0-9]+:\?.+\}$/);
	});

	it('names in the example every variable without which it would stop, and gives none a value', () => {
		const example = readFileSync(join(root, '.env.example'), 'utf8');
		const required = JSON.stringify(compose).matchAll(/\$\{([A-Z_0-9]+):\?/g);
		for (const [, name] of required) expect(example).toMatch(new RegExp(`^${name}=$`, 'm'));
	});

	it('mounts only volumes that it declares, and waits only for services that it has', () => {
		const named = services
			.flatMap(([, { volumes }]) => volumes.map((volume) => volume.split(':')[0]!))
			.filter((source) => /^[a-z]/.test(source));
		for (const name of named) expect(compose.volumes).toHaveProperty(name);
		const awaited = services.flatMap(([, service]) => Object.keys(service.depends_on));
		for (const name of awaited) expect(compose.services).toHaveProperty(name);
	});

	it('pins every image to a version', () => {
		for (const [, { image }] of services) expect(image).toMatch(/:\d+(\.\d+)*$/);
	});

	it('runs the n8n that the stack runs', () => {
		const source = readFileSync(join(root, 'scripts', 'stack', 'runtimes', 'n8n.ts'), 'utf8');
		const version = /N8N_VERSION = '([\d.]+)'/.exec(source)?.[1];
		expect(compose.services['n8n']?.image).toBe(`n8nio/n8n:${version}`);
	});
});
