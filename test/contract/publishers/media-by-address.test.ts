// Media that is named by a web address, and media that becomes one in a bucket, as people use them in a node.
import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	IDataObject,
	INodeExecutionData,
	INodeType,
} from 'n8n-workflow';
import { ThreadsPublisher } from '../../../nodes/ThreadsPublisher/ThreadsPublisher.node';
import { XPublisher } from '../../../nodes/XPublisher/XPublisher.node';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { startMediaServer } from '../../../scripts/stack/media-server/media-server';
import { startFileHost, type FileHost } from '../../support/file-host';
import { startS3Server, type S3Server } from '../../support/s3-server';
import { useTempFolder } from '../../support/own-temp-folder';
import { ConsentedAccount } from './consented-account';
import { connectedAccount, executionContext, type Account } from './fake-execution';

// Hosts that only this package's guard sees as public, while the nodes know of no exception.
let seenAsPublic = '';

jest.mock('../../../lib/media', () => {
	const actual = jest.requireActual<typeof import('../../../lib/media')>('../../../lib/media');
	const missing = new actual.ClipError('ffmpeg-missing', 'ffprobe is not there.', 'Install it.');
	return {
		...actual,
		probe: async () => Promise.reject(missing),
		fetchRemoteFile: async (...[address, options]: Parameters<typeof actual.fetchRemoteFile>) =>
			await actual.fetchRemoteFile(address, {
				...options,
				...(seenAsPublic && { allowedHosts: seenAsPublic }),
			}),
	};
});

const video = Buffer.concat([Buffer.from('\0\0\0\x18ftypmp42', 'latin1'), Buffer.alloc(300_000, 7)]);
const secret = 'signature=planted-secret';
const setting = 'STACKKRAFT_ALLOWED_MEDIA_HOSTS';

let sandbox: Sandbox;
let host: FileHost;
let storage: S3Server;
let folder: string;
let threads: ConsentedAccount;
let restoreTempFolder: () => void;
const before = process.env[setting];

beforeEach(async () => {
	folder = await realpath(await mkdtemp(path.join(tmpdir(), 'stackkraft-address-')));
	await mkdir(path.join(folder, 'public'));
	restoreTempFolder = await useTempFolder(path.join(folder, 'tmp'));
	sandbox = await startSandbox({ networks: ['threads', 'x'], seed: 'addresses' });
	sandbox.threads.configure({ processingMs: 0 });
	host = await startFileHost((_request, response) => {
		response
			.writeHead(200, { 'content-type': 'video/mp4', 'content-length': String(video.length) })
			.end(video);
	});
	storage = await startS3Server();
	threads = await ConsentedAccount.connect(sandbox, 'threads');
	process.env[setting] = host.host;
	seenAsPublic = '';
});

afterEach(async () => {
	restoreTempFolder();
	expect(sandbox.journal.unexpected).toEqual([]);
	await Promise.all([sandbox.stop(), host.close(), storage.close()]);
	if (before === undefined) delete process.env[setting];
	else process.env[setting] = before;
	expect(await readdir(path.join(folder, 'tmp'))).toEqual([]);
	await rm(folder, { recursive: true });
});

interface Run {
	readonly node?: INodeType;
	readonly account?: Account;
	readonly parameters?: IDataObject;
	readonly bucket?: Record<string, unknown>;
	readonly helpers?: object;
}

async function run({
	node = new ThreadsPublisher(),
	account = threads,
	...more
}: Run): Promise<INodeExecutionData[]> {
	const mediaUrl = `http://${host.host}/deep/clip.mp4?${secret}`;
	const context = executionContext({
		node,
		account,
		items: [{}],
		parameters: { text: 'By address', mediaSource: 'url', mediaUrl, ...more.parameters },
		allowedFolder: folder,
		...(more.bucket && { otherCredentials: { stackKraftS3Api: more.bucket as IDataObject } }),
	});
	const plain = context.getNode();
	const credentials = {
		...plain.credentials,
		...(more.bucket && { stackKraftS3Api: { id: 's3', name: 'S3' } }),
	};
	context.getNode = () => ({ ...plain, credentials });
	Object.assign(context.helpers, more.helpers);
	const [output] = (await node.execute?.call(context)) as INodeExecutionData[][];
	return output ?? [];
}

const graphCalls = (): string[] =>
	sandbox.journal.requests.map(({ path: asked }) => asked).filter((asked) => !asked.startsWith('/oauth/'));

async function expectRefusal(work: Promise<unknown>, said: string): Promise<void> {
	const error = (await work.then(
		() => new Error('was not refused'),
		(thrown: unknown) => thrown,
	)) as Error & { description?: string };
	expect(`${error.message} ${error.description}`).toContain(said);
	expect(`${error.message} ${error.description} ${JSON.stringify(error)}`).not.toContain('planted');
	expect(sandbox.journal.posts).toEqual([]);
}

it('uploads the file behind the address to a network that takes bytes', async () => {
	await run({ node: new XPublisher(), account: connectedAccount(sandbox, 'x') });
	expect(sandbox.journal.posts).toMatchObject([{ text: 'By address', mediaSizeBytes: video.length }]);
	expect(host.requests).toHaveLength(1);
});

it('gives the address itself to a network that fetches, when nothing else is set up', async () => {
	process.env[setting] = '';
	seenAsPublic = host.host;
	await run({});
	expect(sandbox.journal.posts).toMatchObject([{ mediaSizeBytes: video.length }]);
	expect(host.requests.length).toBeGreaterThan(1);
});

it('never gives an address of the own network to a network that fetches', async () => {
	await expectRefusal(run({}), 'choose an S3 credential');
	expect(host.requests).toHaveLength(1);
});

it('puts the file into the bucket that was chosen, and gives its signed address', async () => {
	const [item] = await run({ bucket: storage.credential() });
	expect(item?.json).toMatchObject({ outcome: 'posted' });
	expect(sandbox.journal.posts).toMatchObject([{ mediaSizeBytes: video.length }]);
	expect(host.requests).toHaveLength(1);
	expect(storage.requests.filter((line) => line.startsWith('PUT '))).toHaveLength(1);
	expect(JSON.stringify(item)).not.toContain('X-Amz');
});

it('prefers the bucket to a folder, also for a file of this machine', async () => {
	const filePath = path.join(folder, 'own.mp4');
	await writeFile(filePath, video.subarray(0, 1_000));
	threads.more = { publicBaseUrl: 'https://nobody.invalid', mediaFolder: folder };
	await run({ bucket: storage.credential(), parameters: { mediaSource: 'filePath', filePath } });
	expect(sandbox.journal.posts).toMatchObject([{ mediaSizeBytes: 1_000 }]);
	expect(storage.contentTypes).toContain('video/mp4');
});

it('copies the remote file into the public folder for as long as it is published', async () => {
	const media = await startMediaServer({ folder: path.join(folder, 'public') });
	try {
		threads.more = { publicBaseUrl: media.url, mediaFolder: path.join(folder, 'public') };
		await run({});
		expect(sandbox.journal.posts).toMatchObject([{ mediaSizeBytes: video.length }]);
		expect(host.requests).toHaveLength(1);
		expect(await readdir(path.join(folder, 'public'))).toEqual([]);
	} finally {
		await media.close();
	}
});

it('refuses a private address and says who may allow it', async () => {
	process.env[setting] = '';
	await expectRefusal(run({ bucket: storage.credential() }), 'STACKKRAFT_ALLOWED_MEDIA_HOSTS');
	expect(host.requests).toEqual([]);
	expect(graphCalls()).toEqual([]);
});

it('obeys the SSRF protection of n8n where there is one', async () => {
	const asked: string[] = [];
	const getSecureEgressFilter = (): object => ({
		createSecureLookup: () => () => undefined,
		validateUrl: async (url: URL) => {
			asked.push(url.host);
			return { ok: false, error: new Error(`no ${secret}`) };
		},
	});
	await expectRefusal(run({ helpers: { getSecureEgressFilter } }), 'SSRF protection');
	expect(asked).toEqual([host.host]);
	expect(host.requests).toEqual([]);
});

it('says what is wrong with the bucket before it asks the network for anything', async () => {
	const bucket = storage.credential({ secretAccessKey: 'planted-key' });
	await expectRefusal(run({ bucket }), 'Secret Access Key');
	await expectRefusal(
		run({ bucket: storage.credential({ bucket: '' }) }),
		'bucket is not the name of a bucket',
	);
	expect(graphCalls()).toEqual([]);
});

it('tests the S3 credential by using it', async () => {
	const test = new ThreadsPublisher().methods.credentialTest.testS3Credential;
	const outcome = async (fields?: Record<string, unknown>): Promise<unknown> => {
		const decrypted = { data: storage.credential(fields) } as unknown as ICredentialsDecrypted;
		return await test.call({} as ICredentialTestFunctions, decrypted);
	};
	expect(await outcome()).toMatchObject({ status: 'OK' });
	expect(storage.requests.map((line) => line.split(' ')[0])).toEqual(['PUT', 'GET', 'GET', 'DELETE']);
	const wrong = await outcome({ secretAccessKey: 'planted-key' });
	expect(wrong).toMatchObject({ status: 'Error', message: expect.stringContaining('Secret Access Key') });
	expect(await outcome({ endpoint: 'nowhere' })).toMatchObject({ status: 'Error' });
});
