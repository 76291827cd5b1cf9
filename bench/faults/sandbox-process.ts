// The pretend networks in a process of their own, new for every seed: nothing that one seed did to quotas, accounts
// or the clock reaches the next.
import { z } from 'zod';
import { NETWORK_NAMES, startSandbox, type Sandbox } from '../../sandbox';

export const openSandboxSchema = z.object({
	seed: z.string(),
	networks: z.array(z.enum(NETWORK_NAMES)),
	accounts: z.record(z.string(), z.record(z.string(), z.unknown())),
	settings: z.record(z.string(), z.record(z.string(), z.unknown())),
});

export const openedSandboxSchema = z.record(
	z.string(),
	z.object({
		baseUrl: z.string(),
		clientId: z.string(),
		clientSecret: z.string(),
		accessToken: z.string(),
		refreshToken: z.string(),
	}),
);

const numberedSchema = z.object({ id: z.number(), order: openSandboxSchema });

/** A seed can last for days of the networks' time; a token ends when a fault ends it. */
const lifetimeSec = 60 * 24 * 3_600;

let sandbox: Sandbox | undefined;

async function open({
	seed,
	networks,
	accounts,
	settings,
}: z.infer<typeof openSandboxSchema>): Promise<unknown> {
	await sandbox?.stop();
	const opened = await startSandbox({ seed, networks });
	sandbox = opened;
	return Object.fromEntries(
		networks.map((name) => {
			opened[name].account('main', accounts[name]);
			opened[name].configure(settings[name] ?? {});
			const { accessToken, refreshToken, clientId, clientSecret } = opened[name].issueTokens({
				account: 'main',
				expiresInSeconds: lifetimeSec,
			});
			return [name, { baseUrl: opened[name].baseUrl, clientId, clientSecret, accessToken, refreshToken }];
		}),
	);
}

if (process.send) {
	process.on('message', (message) => {
		const { id, order } = numberedSchema.parse(message);
		void open(order).then(
			(result) => process.send?.({ id, result }),
			(error: unknown) => process.send?.({ id, error: String(error) }),
		);
	});
	process.on('disconnect', () => process.exit(0));
	process.send({ isReady: true });
}
