// A small client of n8n's public API: only what the import needs, every answer checked.
import { setTimeout as delay } from 'node:timers/promises';
import { request } from 'undici';
import { z } from 'zod';
import { parseRetryAfter } from '../../lib/http/retry-after';
import { n8nConnections } from '../stack/n8n/connection';
import type { Workflow } from './workflow-file';

const callDeadlineMs = 30_000;
const maxAttempts = 6;
const maxWaitMs = 60_000;
const pageSize = 100;
/** A server that never stops paging must not keep us for ever. */
const maxPages = 200;

const tagSchema = z.looseObject({ id: z.string(), name: z.string() });
const credentialSchema = z.looseObject({ id: z.string(), name: z.string(), type: z.string() });

const nodesSchema = z.array(z.looseObject({ id: z.string().optional(), name: z.string() }));

const remoteWorkflowSchema = z.looseObject({
	id: z.string(),
	name: z.string(),
	active: z.boolean(),
	isArchived: z.boolean().optional(),
	versionId: z.string().nullish(),
	activeVersionId: z.string().nullish(),
	nodes: nodesSchema,
	connections: z.record(z.string(), z.unknown()),
	settings: z.record(z.string(), z.unknown()).nullish(),
	tags: z.array(tagSchema).optional(),
	activeVersion: z
		.looseObject({ nodes: nodesSchema, connections: z.record(z.string(), z.unknown()) })
		.nullish(),
});

export type RemoteWorkflow = z.infer<typeof remoteWorkflowSchema>;
export type RemoteCredential = z.infer<typeof credentialSchema>;
export type RemoteTag = z.infer<typeof tagSchema>;

/** n8n said no, or said nothing. The message is for the person at the terminal. */
export class N8nApiError extends Error {
	override readonly name = 'N8nApiError';

	constructor(
		message: string,
		/** 0 when there was no answer. */
		readonly status: number,
	) {
		super(message);
	}
}

export interface N8nApiOptions {
	readonly n8nUrl: string;
	readonly apiKey: string;
	readonly signal?: AbortSignal | undefined;
	readonly log?: ((line: string) => void) | undefined;
}

interface Call {
	readonly method: 'GET' | 'POST' | 'PUT';
	readonly path: string;
	readonly body?: unknown;
}

export class N8nApi {
	constructor(private readonly options: N8nApiOptions) {}

	async listWorkflows(name: string): Promise<RemoteWorkflow[]> {
		// n8n's filter is a search; whoever asks for a name wants exactly that one.
		const found = await this.listAll(
			`/workflows?name=${encodeURIComponent(name)}&excludePinnedData=true&`,
			remoteWorkflowSchema,
		);
		return found.filter((workflow) => workflow.name === name && workflow.isArchived !== true);
	}

	async getWorkflow(id: string): Promise<RemoteWorkflow> {
		return await this.call(
			{ method: 'GET', path: `/workflows/${encodeURIComponent(id)}` },
			remoteWorkflowSchema,
		);
	}

	async createWorkflow(workflow: Workflow): Promise<RemoteWorkflow> {
		return await this.call({ method: 'POST', path: '/workflows', body: workflow }, remoteWorkflowSchema);
	}

	async updateWorkflow(id: string, workflow: Workflow): Promise<RemoteWorkflow> {
		const path = `/workflows/${encodeURIComponent(id)}`;
		return await this.call({ method: 'PUT', path, body: workflow }, remoteWorkflowSchema);
	}

	async activateWorkflow(id: string): Promise<void> {
		const path = `/workflows/${encodeURIComponent(id)}/activate`;
		await this.call({ method: 'POST', path, body: {} }, z.unknown());
	}

	async setTags(workflowId: string, tagIds: readonly string[]): Promise<void> {
		const path = `/workflows/${encodeURIComponent(workflowId)}/tags`;
		await this.call({ method: 'PUT', path, body: tagIds.map((id) => ({ id })) }, z.unknown());
	}

	async listTags(): Promise<RemoteTag[]> {
		return await this.listAll('/tags?', tagSchema);
	}

	async createTag(name: string): Promise<RemoteTag> {
		return await this.call({ method: 'POST', path: '/tags', body: { name } }, tagSchema);
	}

	/** Undefined where this n8n or this key cannot list credentials (before 2.x, or no owner's key). */
	async listCredentials(): Promise<RemoteCredential[] | undefined> {
		try {
			return await this.listAll('/credentials?', credentialSchema);
		} catch (error) {
			if (error instanceof N8nApiError && [403, 404, 405].includes(error.status)) return undefined;
			throw error;
		}
	}

	private async listAll<T>(pathWithQuery: string, itemSchema: z.ZodType<T>): Promise<T[]> {
		const pageSchema = z.looseObject({ data: z.array(itemSchema), nextCursor: z.string().nullish() });
		const all: T[] = [];
		let cursor = '';
		for (let page = 0; page < maxPages; page++) {
			const path = `${pathWithQuery}limit=${pageSize}${cursor}`;
			const { data, nextCursor } = await this.call({ method: 'GET', path }, pageSchema);
			all.push(...data);
			if (!nextCursor) return all;
			cursor = `&cursor=${encodeURIComponent(nextCursor)}`;
		}
		throw new N8nApiError(`n8n never came to the last page of ${pathWithQuery}`, 200);
	}

	private async call<T>(call: Call, schema: z.ZodType<T>): Promise<T> {
		for (let attempt = 1; ; attempt++) {
			const answer = await this.send(call);
			if (answer.status === 429 && attempt < maxAttempts) {
				await this.waitAsAsked(answer.retryAfter, attempt);
				continue;
			}
			if (answer.status < 200 || answer.status > 299) throw refusal(call, answer.status, answer.text);
			return readAnswer(call, answer, schema);
		}
	}

	private async waitAsAsked(retryAfter: string | undefined, attempt: number): Promise<void> {
		const now = new Date();
		const at = parseRetryAfter(retryAfter, now);
		const askedMs = at ? at.getTime() - now.getTime() : 1000 * 2 ** (attempt - 1);
		const delayMs = Math.min(askedMs, maxWaitMs);
		this.options.log?.(`n8n asks to wait ${Math.ceil(delayMs / 1000)} s (too many requests)`);
		await delay(delayMs, undefined, { signal: this.options.signal });
	}

	private async send(call: Call): Promise<{ status: number; text: string; retryAfter: string | undefined }> {
		const { n8nUrl, apiKey, signal } = this.options;
		const deadline = AbortSignal.timeout(callDeadlineMs);
		try {
			const answer = await request(`${n8nUrl.replace(/\/+$/, '')}/api/v1${call.path}`, {
				method: call.method,
				headers: {
					'X-N8N-API-KEY': apiKey,
					accept: 'application/json',
					...(call.body !== undefined && { 'content-type': 'application/json' }),
				},
				...(call.body !== undefined && { body: JSON.stringify(call.body) }),
				dispatcher: n8nConnections,
				signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
			});
			const retryAfter = [answer.headers['retry-after'] ?? []].flat()[0];
			return { status: answer.statusCode, text: await answer.body.text(), retryAfter };
		} catch (cause) {
			if (signal?.aborted) throw cause;
			const reason = deadline.aborted ? `no answer within ${callDeadlineMs / 1000} s` : codeOf(cause);
			throw new N8nApiError(`n8n does not answer at ${n8nUrl} (${reason}). Is it running?`, 0);
		}
	}
}

const messageSchema = z.looseObject({ message: z.string() });

function refusal(call: Call, status: number, text: string): N8nApiError {
	const parsed = messageSchema.safeParse(parseOrUndefined(text));
	const said = parsed.success ? parsed.data.message : 'no reason given';
	if (status === 401) {
		return new N8nApiError(
			'n8n refused the API key. Make one under Settings → n8n API and pass it in N8N_API_KEY.',
			status,
		);
	}
	const hint = status === 403 ? ' The API key lacks a scope for this.' : '';
	return new N8nApiError(`n8n refused ${call.method} ${call.path} (HTTP ${status}): ${said}.${hint}`, status);
}

function readAnswer<T>(call: Call, answer: { status: number; text: string }, schema: z.ZodType<T>): T {
	const parsed = schema.safeParse(parseOrUndefined(answer.text));
	if (parsed.success) return parsed.data;
	const [issue] = parsed.error.issues;
	const place = issue ? `${issue.path.map(String).join('.')}: ${issue.message}` : 'unreadable';
	throw new N8nApiError(
		`n8n answered ${call.method} ${call.path} in an unknown form (${place})`,
		answer.status,
	);
}

function parseOrUndefined(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function codeOf(cause: unknown): string {
	const parsed = z.looseObject({ code: z.string() }).safeParse(cause);
	return parsed.success ? parsed.data.code : 'connection failed';
}
