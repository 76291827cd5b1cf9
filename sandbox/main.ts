/* The sandbox as a process: prints one JSON line with the base urls when ready, ends on SIGTERM or SIGINT. */
import { parseArgs } from 'node:util';
import { NETWORK_NAMES, startSandbox, type NetworkName, type SandboxOptions } from './index';

const USAGE = `usage: sandbox/main.ts [--state FILE] [--seed TEXT] [--networks ${NETWORK_NAMES.join(',')}]
  ${NETWORK_NAMES.map((name) => `[--port-${name} N] [--public-url-${name} URL]`).join('\n  ')}`;

class UsageError extends Error {}

function readOptions(argv: readonly string[]): SandboxOptions {
	const perNetwork = NETWORK_NAMES.flatMap((name) => [`port-${name}`, `public-url-${name}`]);
	const names = ['state', 'seed', 'networks', ...perNetwork];
	const { values } = parseArgs({
		args: [...argv],
		options: Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
	});
	const ports: Partial<Record<NetworkName, number>> = {};
	const publicBaseUrls: Partial<Record<NetworkName, string>> = {};
	for (const name of NETWORK_NAMES) {
		const port = values[`port-${name}`];
		if (port !== undefined) ports[name] = readPort(name, String(port));
		const url = values[`public-url-${name}`];
		if (url !== undefined) publicBaseUrls[name] = String(url);
	}
	return {
		ports,
		publicBaseUrls,
		...(values['state'] === undefined ? {} : { statePath: String(values['state']) }),
		...(values['seed'] === undefined ? {} : { seed: String(values['seed']) }),
		...(values['networks'] === undefined ? {} : { networks: readNetworks(String(values['networks'])) }),
	};
}

function readPort(name: string, text: string): number {
	const port = Number(text);
	if (!Number.isInteger(port) || port < 0 || port > 65_535)
		throw new UsageError(`--port-${name}: no port: ${text}`);
	return port;
}

function readNetworks(text: string): NetworkName[] {
	return text.split(',').map((given) => {
		const name = NETWORK_NAMES.find((known) => known === given);
		if (name === undefined) throw new UsageError(`--networks: unknown network ${given}`);
		return name;
	});
}

async function main(): Promise<void> {
	const options = readOptions(process.argv.slice(2));
	const sandbox = await startSandbox(options);
	const started = options.networks ?? NETWORK_NAMES;
	const urls = Object.fromEntries(started.map((name) => [name, { baseUrl: sandbox[name].baseUrl }]));
	process.stdout.write(`${JSON.stringify(urls)}\n`);
	let isStopping = false;
	const stop = (): void => {
		if (isStopping) return;
		isStopping = true;
		void sandbox.stop().then(() => process.exit(0));
	};
	process.on('SIGTERM', stop);
	process.on('SIGINT', stop);
}

main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
	process.exitCode = 2;
});
