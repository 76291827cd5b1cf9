// A network's sandbox with everything that publishing needs around it, and a way to die at any point: after
// death no port answers any more, exactly as when the process is gone.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { UndiciClient } from '../../../lib/http';
import type { AdapterContext, DraftMedia, MediaFacts } from '../../../lib/publishing/adapter';
import { MemoryJournal } from '../../../lib/publishing/memory-journal';
import type {
	Authorizer,
	Clock,
	HttpClient,
	PublishJournal,
	RangedSource,
} from '../../../lib/publishing/ports';
import type { PublishJob } from '../../../lib/publishing/publish';
import { startSandbox, type JournalPost, type Sandbox } from '../../../sandbox';
import { startMediaServer } from '../../../scripts/stack/media-server/media-server';
import type { NetworkUnderTest } from './networks';

export class Died extends Error {
	constructor() {
		super('the process died');
	}
}

/** Counts every edge (before and after each call to a port) and dies at the chosen one. */
export class Fate {
	edges = 0;
	isDead = false;

	constructor(private readonly dieAt = Number.POSITIVE_INFINITY) {}

	async step<T>(work: () => Promise<T>): Promise<T> {
		this.pass();
		const result = await work();
		this.pass();
		return result;
	}

	private pass(): void {
		this.edges++;
		if (this.edges >= this.dieAt) this.isDead = true;
		if (this.isDead) throw new Died();
	}
}

function mortal<Port extends object>(port: Port, fate: Fate): Port {
	return new Proxy(port, {
		get(target, name) {
			const member: unknown = Reflect.get(target, name);
			if (typeof member !== 'function') return member;
			return async (...args: unknown[]) => fate.step(async () => member.apply(target, args) as unknown);
		},
	});
}

/** Sleeping moves the sandbox's time instead of passing ours. */
class SandboxClock implements Clock {
	constructor(private readonly sandbox: Sandbox) {}

	now(): Date {
		return new Date(this.sandbox.clock.nowMs());
	}

	async sleep(delayMs: number, signal: AbortSignal): Promise<void> {
		signal.throwIfAborted();
		this.sandbox.clock.advance(delayMs);
	}
}

class SandboxAuthorizer implements Authorizer {
	refreshes = 0;

	constructor(
		private readonly issue: () => string,
		private token: string,
	) {}

	async getToken(): Promise<string> {
		return this.token;
	}

	async refreshToken(staleToken: string): Promise<string> {
		if (staleToken !== this.token) return this.token;
		this.refreshes++;
		this.token = this.issue();
		return this.token;
	}
}

class BufferSource implements RangedSource {
	readonly mimeType = 'video/mp4';
	readonly fileName = 'clip.mp4';
	openedBytes = 0;

	constructor(private readonly bytes: Buffer) {}

	get sizeBytes(): number {
		return this.bytes.length;
	}

	read(startByte: number, endByte: number): AsyncIterable<Uint8Array> {
		this.openedBytes += endByte - startByte;
		return slices(this.bytes.subarray(startByte, endByte));
	}
}

async function* slices(bytes: Buffer): AsyncGenerator<Uint8Array> {
	const sliceBytes = 64 * 1024;
	for (let at = 0; at < bytes.length; at += sliceBytes) yield bytes.subarray(at, at + sliceBytes);
}

export interface Attempt {
	readonly words?: string;
	readonly journal?: PublishJournal;
	readonly fate?: Fate;
	readonly withoutMedia?: boolean;
}

/** The media where a network that takes no bytes can fetch it. */
interface PublicMedia {
	readonly url: string;
	remove(): Promise<void>;
}

async function serve(bytes: Buffer): Promise<PublicMedia> {
	const folder = await mkdtemp(path.join(tmpdir(), 'stackkraft-contract-'));
	await writeFile(path.join(folder, 'clip.mp4'), bytes);
	const server = await startMediaServer({ folder });
	return {
		url: `${server.url}/clip.mp4`,
		async remove() {
			await server.close();
			await rm(folder, { recursive: true });
		},
	};
}

function someBytes(sizeBytes: number): Buffer {
	const bytes = Buffer.alloc(sizeBytes);
	for (let at = 0; at < bytes.length; at += 997) bytes[at] = at % 251;
	return bytes;
}

/** The same job with other pictures or videos. */
export function withMedia(job: PublishJob, media: readonly DraftMedia[]): PublishJob {
	return { ...job, draft: { ...job.draft, media } };
}

export class World {
	/** Everything that was logged, for the search for secrets. */
	readonly logged: string[] = [];
	readonly tokens: string[] = [];
	readonly media: BufferSource;
	readonly authorizer: SandboxAuthorizer;
	readonly clock: SandboxClock;
	private readonly http = new UndiciClient();

	private constructor(
		readonly sandbox: Sandbox,
		readonly network: NetworkUnderTest,
		bytes: Buffer,
		private readonly publicMedia: PublicMedia | null,
	) {
		this.media = new BufferSource(bytes);
		this.clock = new SandboxClock(sandbox);
		this.authorizer = new SandboxAuthorizer(() => this.issueToken(), this.issueToken());
	}

	static async start(network: NetworkUnderTest): Promise<World> {
		const sandbox = await startSandbox({ networks: [network.name], seed: 'contract' });
		// Neither the day nor a machine that stalls between two requests may decide what a test sees.
		sandbox.clock.holdAt('2026-11-20T12:00:00Z');
		if (network.sandboxSettings) sandbox[network.name].configure(network.sandboxSettings);
		if (network.sandboxAccount) sandbox[network.name].account('tester', network.sandboxAccount);
		const bytes = someBytes(network.mediaBytes);
		const isFetched = network.adapter.description.mediaByAddress === 'required';
		return new World(sandbox, network, bytes, isFetched ? await serve(bytes) : null);
	}

	async stop(): Promise<void> {
		await this.http.close();
		await this.sandbox.stop();
		await this.publicMedia?.remove();
	}

	private issueToken(): string {
		const { accessToken } = this.sandbox[this.network.name].issueTokens({ account: 'tester' });
		this.tokens.push(accessToken);
		return accessToken;
	}

	context(fate = new Fate()): AdapterContext {
		const log = (message: string, fields?: unknown): void => {
			this.logged.push(`${message} ${JSON.stringify(fields)}`);
		};
		return {
			http: mortal<HttpClient>(this.http, fate),
			authorizer: this.authorizer,
			clock: this.clock,
			log: { info: log, warn: log },
			signal: new AbortController().signal,
			apiBaseUrl: this.sandbox[this.network.name].baseUrl,
		};
	}

	job({
		words = 'Hello from the clip',
		journal = new MemoryJournal(),
		fate = new Fate(),
		withoutMedia,
	}: Attempt = {}): PublishJob {
		const { publicMedia } = this;
		const facts: MediaFacts = {
			kind: 'video',
			mimeType: this.media.mimeType,
			sizeBytes: this.media.sizeBytes,
			durationSec: 30,
			widthPx: 1080,
			heightPx: 1920,
		};
		return {
			adapter: this.network.adapter,
			context: this.context(fate),
			draft: {
				content: this.network.contentOf(words),
				media: withoutMedia
					? []
					: [
							{
								source: this.media,
								facts,
								...(publicMedia && { publicUrl: async () => publicMedia.url }),
							},
						],
			},
			journal: mortal(journal, fate),
		};
	}

	/** What the public sees with these words. */
	posts(words = 'Hello from the clip'): readonly JournalPost[] {
		return this.sandbox.journal.posts.filter((post) => this.network.wordsOf(post) === words);
	}

	requests(method: string, pathPattern: RegExp): number {
		return this.sandbox.journal.requests.filter(
			(request) => request.method === method && pathPattern.test(request.path),
		).length;
	}
}
