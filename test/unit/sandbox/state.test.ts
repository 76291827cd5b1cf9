import { spawn, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { request } from 'undici';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { withTempFolder } from '../../support/own-temp-folder';
import { BLOCK, sha256, someBytes, Wire, XClient, YouTubeClient } from './support';

const MIB = 1024 * 1024;
let folder: string;
let wire: Wire;
let running: Sandbox | undefined;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'sandbox-state-'));
	wire = new Wire();
});
afterEach(async () => {
	await wire.close();
	await running?.stop();
	running = undefined;
	rmSync(folder, { recursive: true, force: true });
});

/** On other ports than before: between two starts anybody may take the old ones. */
async function restart(): Promise<Sandbox> {
	await running?.stop();
	running = await startSandbox({ statePath: join(folder, 'state.ndjson') });
	return running;
}

/** The same session where the sandbox is now. */
function movedTo(baseUrl: string, address: string): string {
	const moved = new URL(address);
	moved.port = new URL(baseUrl).port;
	return moved.toString();
}

describe('a restart with a state file', () => {
	it('keeps journal, tokens, accounts, the clock, and ids that do not repeat', async () => {
		const first = await restart();
		first.clock.advance(3_600_000);
		const [youtube, x] = [new YouTubeClient(first, wire), new XClient(first, wire)];
		const before = [await youtube.upload(), (await x.tweet({ text: 'one' })).body.data.id];
		const second = await restart();
		youtube.baseUrl = second.youtube.baseUrl;
		x.baseUrl = second.x.baseUrl;
		expect(second.clock.nowMs() - Date.now()).toBeGreaterThan(3_500_000);
		const after = [await youtube.upload(), (await x.tweet({ text: 'two' })).body.data.id];
		expect((await x.tweet({ text: 'one' })).status).toBe(403);
		expect(second.journal.posts.map((post) => post.platformPostId)).toEqual([...before, ...after]);
		expect(new Set([...before, ...after]).size).toBe(4);
		expect((await x.get('/2/users/me')).body.data.id).toBe(x.userId);
	});

	it('continues a half-done upload on both networks, and the hash is that of the whole file', async () => {
		const first = await restart();
		const [youtube, x] = [new YouTubeClient(first, wire), new XClient(first, wire)];
		const file = someBytes(2 * BLOCK + 99);
		const opened = await youtube.session(file.length);
		await youtube.put(opened, file, 0, BLOCK);
		const mediaId = await x.initialize(file.length, 'video/mp4', 'tweet_video');
		await x.append(mediaId, 0, file.subarray(0, BLOCK));

		const second = await restart();
		const session = movedTo(second.youtube.baseUrl, opened);
		x.baseUrl = second.x.baseUrl;
		expect((await youtube.probe(session, file.length)).headers['range']).toBe(`bytes=0-${BLOCK - 1}`);
		expect((await youtube.put(session, file, BLOCK, file.length)).status).toBe(200);
		await x.append(mediaId, 1, file.subarray(BLOCK));
		expect((await x.finalize(mediaId)).status).toBe(200);
		second.clock.advance(60_000);
		await x.tweet({ media: { media_ids: [mediaId] } });
		expect(second.journal.posts.map((post) => post.mediaSha256)).toEqual([sha256(file), sha256(file)]);
		expect(readdirSync(join(folder, 'state.ndjson.spool'))).toEqual([]);
	});

	it('drops a last line that was only half written, and says which line is damaged otherwise', async () => {
		const first = await restart();
		const x = new XClient(first, wire);
		await x.tweet({ text: 'one' });
		await first.stop();
		running = undefined;
		appendFileSync(join(folder, 'state.ndjson'), '{"collection":"journal","id":"x:1","va');
		const second = await restart();
		expect(second.journal.posts).toHaveLength(1);
		await second.stop();
		running = undefined;
		appendFileSync(
			join(folder, 'state.ndjson'),
			'nonsense\n{"collection":"clock","id":"offsetMs","value":0}\n',
		);
		await expect(restart()).rejects.toThrow(/line \d+ is damaged/);
	});

	it('leaves no temporary folder behind without a state file', async () => {
		const temporary = join(folder, 'temporary');
		await withTempFolder(temporary, async () => {
			const sandbox = await startSandbox();
			await new XClient(sandbox, wire).media(Buffer.from('89504e470d0a1a0a', 'hex'));
			expect(readdirSync(temporary)).toHaveLength(1);
			await sandbox.stop();
		});
		expect(readdirSync(temporary)).toEqual([]);
	});
});

describe('the sandbox as a process', () => {
	let child: ChildProcess;
	afterEach(() => {
		if (child.exitCode === null) child.kill('SIGKILL');
	});

	async function spawnSandbox(): Promise<{ youtube: { baseUrl: string }; x: { baseUrl: string } }> {
		const root = resolve(__dirname, '../../..');
		const args = ['--import', 'tsx', 'sandbox/main.ts', '--state', join(folder, 'state.ndjson')];
		child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
		const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
		const [line] = (await once(lines, 'line')) as [string];
		return JSON.parse(line);
	}

	it('takes 400 MB in one streamed upload while its memory grows by less than a quarter of that, and ends on SIGTERM', async () => {
		const { youtube } = await spawnSandbox();
		const issued = await wire.send(`${youtube.baseUrl}/_sandbox/tokens`, { json: { account: 'demo' } });
		const token = issued.body.accessToken as string;
		const rss = async (): Promise<number> =>
			(await wire.send(`${youtube.baseUrl}/_sandbox/health`)).body.rssBytes;
		const sizeBytes = 400 * MIB;
		const started = await wire.send(
			`${youtube.baseUrl}/upload/youtube/v3/videos?uploadType=resumable&part=snippet`,
			{
				json: { snippet: { title: 'Large' } },
				token,
				headers: { 'x-upload-content-type': 'video/mp4', 'x-upload-content-length': String(sizeBytes) },
			},
		);
		const hash = createHash('sha256');
		const before = await rss();
		let peak = before;
		async function* pieces(): AsyncGenerator<Buffer> {
			const piece = randomBytes(MIB);
			for (let index = 0; index < 400; index++) {
				piece.writeUInt32BE(index);
				hash.update(piece);
				yield Buffer.from(piece);
				if (index % 20 === 19) peak = Math.max(peak, await rss());
			}
		}
		const done = await request(started.headers['location'] as string, {
			method: 'PUT',
			headers: { authorization: `Bearer ${token}`, 'content-length': String(sizeBytes) },
			body: Readable.from(pieces()),
		});
		expect(done.statusCode).toBe(200);
		await done.body.dump();
		const [post] = (await wire.send(`${youtube.baseUrl}/_sandbox/journal`)).body.posts;
		expect([post.mediaSizeBytes, post.mediaSha256]).toEqual([sizeBytes, hash.digest('hex')]);
		// V8 lets some 40 MB of finished pieces lie before it looks; whoever kept the upload would need all of it.
		expect(peak - before).toBeLessThan(sizeBytes / 4);
		const exited = once(child, 'exit');
		child.kill('SIGTERM');
		expect(await exited).toEqual([0, null]);
		expect(existsSync(join(folder, 'state.ndjson'))).toBe(true);
	}, 300_000);

	it('keeps every post that it answered when it is killed', async () => {
		const { x } = await spawnSandbox();
		const { accessToken } = (await wire.send(`${x.baseUrl}/_sandbox/tokens`, { json: { account: 'demo' } }))
			.body;
		const done = await wire.send(`${x.baseUrl}/2/tweets`, { json: { text: 'kept' }, token: accessToken });
		const exited = once(child, 'exit');
		child.kill('SIGKILL');
		await exited;
		expect((await restart()).journal.posts.map((post) => post.platformPostId)).toEqual([done.body.data.id]);
	}, 120_000);
});
