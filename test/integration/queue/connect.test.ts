import { writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { nkeys } from 'nats';
import { connectNats, type NatsAuthentication } from '../../../lib/queue';
import { connectDefaults } from '../../../lib/queue/connect';
import { withConnection, closePooledConnections } from '../../../lib/queue/connection-pool';
import { natsSettings, testNatsCredential } from '../../../nodes/shared/nats';
import { findFreePort } from '../../../scripts/stack/ports';
import { startChild, type Child } from '../../../scripts/stack/processes/child';
import { ensureNatsServer } from '../../../scripts/stack/runtimes/nats-server';
import { startNats } from '../../support/nats';
import { createTemporaryFolder, type TemporaryFolder } from '../../support/temporary-folder';
import { until } from './support';

const user = nkeys.createUser();
const seed = new TextDecoder().decode(user.getSeed());

/** What the server's configuration says, and the login that fits it. */
const logins: ReadonlyArray<readonly [string, string, NatsAuthentication, NatsAuthentication]> = [
	[
		'user and password',
		'authorization { user: anna, password: "s3cret-phrase" }',
		{ kind: 'userPassword', user: 'anna', password: 's3cret-phrase' },
		{ kind: 'userPassword', user: 'anna', password: 'wrong-s3cret' },
	],
	[
		'a token',
		'authorization { token: "s3cret-token" }',
		{ kind: 'token', token: 's3cret-token' },
		{ kind: 'token', token: 'wrong-s3cret' },
	],
	[
		'an nkey',
		`authorization { users: [{ nkey: ${user.getPublicKey()} }] }`,
		{ kind: 'nkey', seed },
		{ kind: 'nkey', seed: new TextDecoder().decode(nkeys.createUser().getSeed()) },
	],
];

let folder: TemporaryFolder;
const children: Child[] = [];

beforeEach(() => {
	folder = createTemporaryFolder('nats-login');
});

afterEach(async () => {
	for (const child of children.splice(0)) await child.stop();
	folder.remove();
});

async function startWith(configuration: string): Promise<string> {
	const port = await findFreePort();
	const configPath = join(folder.path, 'nats.conf');
	writeFileSync(
		configPath,
		`listen: "127.0.0.1:${port}"\njetstream { store_dir: "${folder.path}/js" }\n${configuration}\n`,
	);
	const { path: command } = await ensureNatsServer();
	const child = await startChild({
		name: 'nats-login',
		command,
		args: ['-c', configPath],
		cwd: folder.path,
		env: {},
		logPath: join(folder.path, 'nats.log'),
	});
	children.push(child);
	return `nats://127.0.0.1:${port}`;
}

it.each(logins)(
	'connects with %s, and says that a wrong one was refused without showing it',
	async (_name, config, right, wrong) => {
		const url = await startWith(config);
		const connection = await connectNats({ servers: [url], authentication: right, name: 'test' });
		await connection.close();
		const refused = connectNats({ servers: [url], authentication: wrong, name: 'test' });
		await expect(refused).rejects.toMatchObject({ code: 'refused' });
		await expect(refused).rejects.not.toThrow(/s3cret|SU[A-Z0-9]{20}/);
	},
);

it('takes a login from the address and keeps it out of every sentence', async () => {
	const url = await startWith('authorization { user: anna, password: "p%w" }');
	const withLogin = url.replace('nats://', 'nats://anna:p%25w@');
	const connection = await connectNats({
		servers: [withLogin],
		authentication: { kind: 'none' },
		name: 'test',
	});
	await connection.close();
	const wrong = url.replace('nats://', 'nats://anna:s3cret@');
	const refused = connectNats({ servers: [wrong], authentication: { kind: 'none' }, name: 'test' });
	await expect(refused).rejects.not.toThrow(/s3cret/);
});

it('waits for a server that starts a moment later', async () => {
	const nats = await startNats();
	await nats.kill();
	const connecting = connectNats({ servers: [nats.url], authentication: { kind: 'none' }, name: 'test' });
	await nats.restart();
	await (await connecting).close();
	await nats.stop();
});

it.each([
	['nobody listens', async (): Promise<() => void> => () => undefined],
	['something listens that never speaks', listenSilently],
])('gives up at its deadline when %s, with the address in the sentence', async (_what, listen) => {
	silentPort = await findFreePort();
	const stop = await listen();
	const startedAtMs = Date.now();
	const connecting = connectNats(
		{ servers: [`127.0.0.1:${silentPort}`], authentication: { kind: 'none' }, name: 'test' },
		{ deadlineMs: 700 },
	);
	await expect(connecting).rejects.toMatchObject({
		code: 'unreachable',
		message: expect.stringContaining(`127.0.0.1:${silentPort}`),
	});
	expect(Date.now() - startedAtMs).toBeLessThan(connectDefaults.deadlineMs);
	stop();
});

let silentPort = 0;

async function listenSilently(): Promise<() => void> {
	const sockets: Socket[] = [];
	const server = createServer((socket) => void sockets.push(socket));
	await new Promise<void>((resolve) => server.listen(silentPort, '127.0.0.1', resolve));
	return () => {
		// nats 2.29 leaves a socket to a server that never greets open until the other side closes it.
		for (const socket of sockets) socket.destroy();
		server.close();
	};
}

describe('the pool', () => {
	it('gives all users one connection and a new one when that was closed', async () => {
		const nats = await startNats();
		const settings = { servers: [nats.url], authentication: { kind: 'none' as const }, name: 'pool' };
		const ids = await Promise.all(
			[1, 2, 3].map(() => withConnection(settings, async (connection) => connection.info?.client_id)),
		);
		expect(new Set(ids).size).toBe(1);
		await withConnection(settings, async (connection) => await connection.close());
		const next = await withConnection(settings, async (connection) => connection.info?.client_id);
		expect(next).not.toBe(ids[0]);
		await closePooledConnections();
		await nats.stop();
	});

	it('tries again after a first connect that failed', async () => {
		const nats = await startNats();
		const settings = { servers: [nats.url], authentication: { kind: 'none' as const }, name: 'pool-retry' };
		await nats.kill();
		await expect(withConnection(settings, async () => 1, { deadlineMs: 300 })).rejects.toMatchObject({
			code: 'unreachable',
		});
		await nats.restart();
		expect(await withConnection(settings, async () => 1)).toBe(1);
		await closePooledConnections();
		await nats.stop();
	});
});

describe('the credential test', () => {
	const test = async (data: Record<string, string>) =>
		await testNatsCredential.call({} as never, { id: '1', name: 'n', type: 't', data });

	it('says OK for a server with JetStream, and what is wrong for one without', async () => {
		const withJetStream = await startNats();
		expect(await test({ servers: withJetStream.url })).toMatchObject({ status: 'OK' });
		await withJetStream.stop();
		const { path: command } = await ensureNatsServer();
		const port = await findFreePort();
		const args = ['-a', '127.0.0.1', '-p', String(port)];
		const logPath = join(folder.path, 'core.log');
		children.push(await startChild({ name: 'nats-core', command, args, cwd: folder.path, env: {}, logPath }));
		const url = `127.0.0.1:${port}`;
		await until('it answers', async () =>
			(await test({ servers: url })).message.includes('JetStream does not answer'),
		);
	});

	it('names the missing field', async () => {
		expect(await test({ servers: '' })).toMatchObject({
			status: 'Error',
			message: expect.stringContaining('Servers'),
		});
	});
});

it('reads a cluster from the credential however the addresses are separated', () => {
	const settings = natsSettings({ servers: 'a:4222, nats://b:4222\n c:4222' }, 'test');
	expect(settings.servers).toEqual(['a:4222', 'nats://b:4222', 'c:4222']);
});
