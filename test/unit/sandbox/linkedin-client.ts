import type { Reply, useSandbox } from './support';

export const VERSIONED = { 'linkedin-version': '202608', 'x-restli-protocol-version': '2.0.0' };

type Held = ReturnType<typeof useSandbox>;

/** Speaks LinkedIn's REST API for one account. */
export class LinkedInClient {
	readonly token: string;
	readonly person: string;

	constructor(
		private readonly held: Held,
		account = 'demo',
		scopes?: string[],
	) {
		const issued = held.sandbox.linkedin.issueTokens({ account, ...(scopes ? { scopes } : {}) });
		this.token = issued.accessToken;
		this.person = `urn:li:person:${issued.accountId}`;
	}

	get(path: string, headers: Record<string, string> = VERSIONED): Promise<Reply> {
		return this.held.wire.send(this.held.sandbox.linkedin.baseUrl + path, { token: this.token, headers });
	}

	post(path: string, json: unknown, headers: Record<string, string> = VERSIONED): Promise<Reply> {
		return this.held.wire.send(this.held.sandbox.linkedin.baseUrl + path, {
			token: this.token,
			headers,
			json,
		});
	}

	initialize(fileSizeBytes: number, owner = this.person): Promise<Reply> {
		const request = { owner, fileSizeBytes, uploadCaptions: false, uploadThumbnail: false };
		return this.post('/rest/videos?action=initializeUpload', { initializeUploadRequest: request });
	}

	finalize(video: string, uploadedPartIds: unknown[], uploadToken = ''): Promise<Reply> {
		const request = { video, uploadToken, uploadedPartIds };
		return this.post('/rest/videos?action=finalizeUpload', { finalizeUploadRequest: request });
	}

	status(urn: string): Promise<Reply> {
		const kind = urn.split(':')[2];
		return this.get(`/rest/${kind}s/${encodeURIComponent(urn)}`);
	}

	create(change: Record<string, unknown> = {}): Promise<Reply> {
		return this.post('/rest/posts', {
			author: this.person,
			commentary: 'Hello',
			visibility: 'PUBLIC',
			distribution: { feedDistribution: 'MAIN_FEED', targetEntities: [], thirdPartyDistributionChannels: [] },
			lifecycleState: 'PUBLISHED',
			isReshareDisabledByAuthor: false,
			...change,
		});
	}

	/** A finished upload; the urn of the video. */
	async video(file: Buffer): Promise<string> {
		const { value } = (await this.initialize(file.length)).body;
		const etags: unknown[] = [];
		for (const { uploadUrl, firstByte, lastByte } of value.uploadInstructions) {
			etags.push((await putTo(this.held, uploadUrl, file.subarray(firstByte, lastByte + 1))).headers['etag']);
		}
		expect((await this.finalize(value.video, etags)).status).toBe(200);
		return value.video as string;
	}
}

function putTo(held: Held, url: string, body: Buffer, type = 'application/octet-stream'): Promise<Reply> {
	return held.wire.send(url, { method: 'PUT', body, headers: { 'content-type': type } });
}

/** A client class and a PUT for the sandbox of one test file. */
export function linkedInClients(held: Held) {
	return {
		Client: class extends LinkedInClient {
			constructor(account?: string, scopes?: string[]) {
				super(held, account, scopes);
			}
		},
		put: (url: string, body: Buffer, type?: string): Promise<Reply> => putTo(held, url, body, type),
	};
}
