import { createHash, randomBytes } from 'node:crypto';
import { Agent, FormData, request, type Dispatcher } from 'undici';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../../sandbox';

export const KIB = 1024;
export const BLOCK = 256 * KIB;

export interface Reply {
	readonly status: number;
	readonly headers: Record<string, string | undefined>;
	// The shape under test differs from answer to answer, and a wrong one must show as a failed expectation.
	// eslint-disable-next-line @typescript-eslint/no-explicit-any
	readonly body: any;
}

export interface Call {
	readonly method?: Dispatcher.HttpMethod;
	readonly headers?: Record<string, string>;
	readonly body?: Buffer | string | FormData;
	readonly json?: unknown;
	readonly form?: Record<string, string>;
	readonly token?: string;
}

/** Raw HTTP without any retry, so that what is seen is what was answered. */
export class Wire {
	private readonly agent = new Agent({ pipelining: 0 });

	async send(url: string, call: Call = {}): Promise<Reply> {
		const body =
			call.json !== undefined
				? JSON.stringify(call.json)
				: call.form !== undefined
					? new URLSearchParams(call.form).toString()
					: (call.body ?? null);
		const type =
			call.json !== undefined
				? { 'content-type': 'application/json' }
				: call.form !== undefined
					? { 'content-type': 'application/x-www-form-urlencoded' }
					: {};
		const response = await request(url, {
			method: call.method ?? (body === null ? 'GET' : 'POST'),
			headers: { ...type, ...(call.token ? { authorization: `Bearer ${call.token}` } : {}), ...call.headers },
			body: body as never,
			dispatcher: this.agent,
		});
		const text = await response.body.text();
		const isJson = String(response.headers['content-type'] ?? '').includes('json');
		return {
			status: response.statusCode,
			headers: response.headers as Record<string, string | undefined>,
			body: isJson ? JSON.parse(text) : text,
		};
	}

	close(): Promise<void> {
		return this.agent.destroy();
	}
}

/**
 * A sandbox and a wire for each test of the calling file; leaves nothing running. Ids and time are always the same
 * ones, and a post grows no older because the machine is slow.
 */
export function useSandbox(options: SandboxOptions = {}): { readonly sandbox: Sandbox; readonly wire: Wire } {
	const held: { sandbox?: Sandbox; wire?: Wire } = {};
	beforeEach(async () => {
		held.sandbox = await startSandbox({ seed: 'unit', ...options });
		held.sandbox.clock.holdAt('2026-11-20T12:00:00Z');
		held.wire = new Wire();
	});
	afterEach(async () => {
		await held.wire?.close();
		await held.sandbox?.stop();
	});
	return {
		get sandbox() {
			return held.sandbox as Sandbox;
		},
		get wire() {
			return held.wire as Wire;
		},
	};
}

export function sha256(bytes: Buffer): string {
	return createHash('sha256').update(bytes).digest('hex');
}

export function someBytes(sizeBytes: number): Buffer {
	return randomBytes(sizeBytes);
}

export const VIDEO = {
	snippet: { title: 'A talk', description: 'About things', tags: ['one', 'two words'], categoryId: '22' },
	status: { privacyStatus: 'unlisted', selfDeclaredMadeForKids: false },
};

/** Speaks the resumable protocol of facts 1.2 for one account. */
export class YouTubeClient {
	readonly token: string;
	/** Another one after a restart. */
	baseUrl: string;

	constructor(
		sandbox: Sandbox,
		private readonly wire: Wire,
		options: { readonly account?: string; readonly scopes?: string[] } = {},
	) {
		const { account = 'demo', scopes } = options;
		this.token = sandbox.youtube.issueTokens({ account, ...(scopes ? { scopes } : {}) }).accessToken;
		this.baseUrl = sandbox.youtube.baseUrl;
	}

	get(path: string): Promise<Reply> {
		return this.wire.send(this.baseUrl + path, { token: this.token });
	}

	call(method: Dispatcher.HttpMethod, path: string, json?: unknown): Promise<Reply> {
		return this.wire.send(this.baseUrl + path, {
			method,
			token: this.token,
			...(json === undefined ? {} : { json }),
		});
	}

	start(sizeBytes: number, video: unknown = VIDEO, part = 'snippet,status'): Promise<Reply> {
		return this.wire.send(`${this.baseUrl}/upload/youtube/v3/videos?uploadType=resumable&part=${part}`, {
			json: video,
			token: this.token,
			headers: { 'x-upload-content-type': 'video/mp4', 'x-upload-content-length': String(sizeBytes) },
		});
	}

	async session(sizeBytes: number, video: unknown = VIDEO): Promise<string> {
		const started = await this.start(sizeBytes, video);
		expect(started.status).toBe(200);
		return started.headers['location'] as string;
	}

	put(session: string, file: Buffer, firstByte: number, endByte: number): Promise<Reply> {
		return this.wire.send(session, {
			method: 'PUT',
			token: this.token,
			body: file.subarray(firstByte, endByte),
			headers: { 'content-range': `bytes ${firstByte}-${endByte - 1}/${file.length}` },
		});
	}

	probe(session: string, totalBytes: number): Promise<Reply> {
		return this.wire.send(session, {
			method: 'PUT',
			token: this.token,
			body: Buffer.alloc(0),
			headers: { 'content-range': `bytes */${totalBytes}`, 'content-length': '0' },
		});
	}

	/** A finished upload; the id of its video. */
	async upload(video: unknown = VIDEO): Promise<string> {
		const file = someBytes(1000);
		const done = await this.put(await this.session(file.length, video), file, 0, file.length);
		expect(done.status).toBe(200);
		return done.body.id as string;
	}
}

/** Speaks X API v2 for one account. */
export class XClient {
	readonly token: string;
	readonly refreshToken: string;
	readonly userId: string;
	/** Another one after a restart. */
	baseUrl: string;

	constructor(
		sandbox: Sandbox,
		private readonly wire: Wire,
		options: { readonly account?: string; readonly scopes?: string[] } = {},
	) {
		const { account = 'demo', scopes } = options;
		const issued = sandbox.x.issueTokens({ account, ...(scopes ? { scopes } : {}) });
		this.token = issued.accessToken;
		this.refreshToken = issued.refreshToken;
		this.userId = issued.accountId;
		this.baseUrl = sandbox.x.baseUrl;
	}

	get(path: string): Promise<Reply> {
		return this.wire.send(this.baseUrl + path, { token: this.token });
	}

	call(method: Dispatcher.HttpMethod, path: string, json?: unknown): Promise<Reply> {
		return this.wire.send(this.baseUrl + path, {
			method,
			token: this.token,
			...(json === undefined ? {} : { json }),
		});
	}

	tweet(body: unknown): Promise<Reply> {
		return this.call('POST', '/2/tweets', body);
	}

	async initialize(totalBytes: number, mediaType = 'video/mp4', category = 'tweet_video'): Promise<string> {
		const started = await this.call('POST', '/2/media/upload/initialize', {
			media_type: mediaType,
			total_bytes: totalBytes,
			media_category: category,
		});
		expect(started.status).toBe(200);
		return started.body.data.id as string;
	}

	append(mediaId: string, index: number, bytes: Buffer): Promise<Reply> {
		const form = new FormData();
		form.set('media', new Blob([new Uint8Array(bytes)]), 'blob');
		form.set('segment_index', String(index));
		return this.wire.send(`${this.baseUrl}/2/media/upload/${mediaId}/append`, {
			token: this.token,
			body: form,
		});
	}

	finalize(mediaId: string): Promise<Reply> {
		return this.call('POST', `/2/media/upload/${mediaId}/finalize`);
	}

	status(mediaId: string): Promise<Reply> {
		return this.get(`/2/media/upload?command=STATUS&media_id=${mediaId}`);
	}

	/** A finished upload in one segment; the media id. */
	async media(bytes: Buffer, mediaType = 'image/png', category = 'tweet_image'): Promise<string> {
		const mediaId = await this.initialize(bytes.length, mediaType, category);
		expect((await this.append(mediaId, 0, bytes)).status).toBe(200);
		expect((await this.finalize(mediaId)).status).toBe(200);
		return mediaId;
	}
}
